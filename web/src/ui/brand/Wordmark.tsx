import { useWords } from '@/lib/i18n';
import { Mark } from './Mark';
import styles from './Wordmark.module.css';

export function Wordmark() {
  const t = useWords();
  return (
    <span className={styles.wordmark}>
      <Mark size={36} />
      <span className={styles.latin}>{t('brand.latin')}</span>
      <span className={styles.hanzi} lang="zh-CN">
        {t('brand.hanzi')}
      </span>
    </span>
  );
}
