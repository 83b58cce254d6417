import { useEffect, useState } from 'react';
import { useLanguage } from '@/lib/i18n';
import { shownAgo, shownMoment } from '@/lib/moments';
import styles from './Moment.module.css';

const TICK_MS = 15_000;

/** When something happened, and how long ago that is, where freshness matters. */
export function Moment({ at }: { at: string }) {
  const language = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} className={styles.moment}>
      {shownMoment(at)} <span>{shownAgo(at, now, language)}</span>
    </time>
  );
}
