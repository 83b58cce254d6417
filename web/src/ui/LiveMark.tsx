import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import styles from './LiveMark.module.css';

/** Whether the page hears of changes as they happen: an icon and a word, quiet while all is well. */
export function LiveMark({ isLive }: { isLive: boolean }) {
  const t = useWords();
  if (isLive) {
    return (
      <span className={styles.mark} role="status">
        <IconPlugConnected size={14} stroke={1.5} aria-hidden />
        {t('live.live')}
      </span>
    );
  }
  return (
    <span className={`${styles.mark} ${styles.lost}`} role="status" title={t('live.reconnectingWhy')}>
      <IconPlugConnectedX size={14} stroke={1.5} aria-hidden />
      {t('live.reconnecting')}
    </span>
  );
}
