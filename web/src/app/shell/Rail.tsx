import { Link } from '@tanstack/react-router';
import { IconListDetails } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { Mark } from '@/ui/brand/Mark';
import { AccountMenu } from './AccountMenu';
import styles from './Rail.module.css';

/** The way around: a slim rail, so that the picture keeps the page. */
export function Rail() {
  const t = useWords();
  return (
    <nav className={styles.rail} aria-label={t('shell.rail')}>
      <Link to="/studies" className={styles.mark} aria-label={t('brand.latin')}>
        <Mark size={28} />
      </Link>
      <Link to="/studies" className={styles.item} activeProps={{ 'aria-current': 'page' }}>
        <IconListDetails size={22} stroke={1.5} aria-hidden />
        {t('shell.studies')}
      </Link>
      <div className={styles.end}>
        <AccountMenu />
      </div>
    </nav>
  );
}
