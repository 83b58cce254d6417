import { type ReactNode, useEffect, useState } from 'react';
import styles from './states.module.css';

const QUIET_MS = 100;

/** Shows what stands for a wait only when it lasts longer than a blink. */
export function AfterBlink({ children }: { children: ReactNode }) {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLong ? children : null;
}

export function Wait({ what }: { what: string }) {
  return (
    <AfterBlink>
      <output className={styles.wait}>
        <span className={styles.pulse} aria-hidden />
        {what}
      </output>
    </AfterBlink>
  );
}
