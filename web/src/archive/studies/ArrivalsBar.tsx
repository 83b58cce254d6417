import { IconArrowBarToUp } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import styles from './ArrivalsBar.module.css';

/** New studies announce themselves at the edge; a click brings them in. */
export function ArrivalsBar({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useWords();
  return (
    <div className={styles.edge} aria-live="polite">
      {count > 0 && (
        <button type="button" className={styles.bar} onClick={onShow}>
          <IconArrowBarToUp size={16} stroke={1.5} aria-hidden />
          {t('studies.arrived', { count })}
          <span className={styles.show}>{t('studies.show')}</span>
        </button>
      )}
    </div>
  );
}
