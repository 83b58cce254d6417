import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useWords } from '@/lib/i18n';
import { hotkey } from './hotkey';
import { once, useKeys } from './useKeys';
import styles from './UndoBar.module.css';

const UNDO = 'u';
const STAYS_MS = 10_000;

interface Props {
  /** What was done and can be undone; null where there is nothing. */
  what: string | null;
  onUndo: () => void;
  onPast: () => void;
}

/** What was just done, with the way back, for ten seconds; nothing is asked before. */
export function UndoBar({ what, onUndo, onPast }: Props) {
  const t = useWords();
  const latest = useRef(onPast);
  useEffect(() => {
    latest.current = onPast;
  });
  useEffect(() => {
    if (!what) return undefined;
    const timer = setTimeout(() => latest.current(), STAYS_MS);
    return () => clearTimeout(timer);
  }, [what]);
  useKeys(what ? { [UNDO]: once(onUndo) } : {});
  return (
    <div className={styles.bar} role="status">
      {what && (
        <>
          {what}
          <Button variant="default" size="compact-sm" {...hotkey(t('act.undo'), UNDO)} onClick={onUndo}>
            {t('act.undo')}
          </Button>
        </>
      )}
    </div>
  );
}
