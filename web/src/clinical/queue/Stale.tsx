import { useWords } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import styles from './Queue.module.css';

/** The server does not answer: what is shown may have changed since. */
export function Stale({ sinceMs }: { sinceMs: number }) {
  const t = useWords();
  return (
    <p className={styles.stale} role="alert">
      {t('queue.stale', { at: shownMoment(new Date(sinceMs).toISOString()) })}
    </p>
  );
}
