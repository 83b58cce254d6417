import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unsettledQuery } from '@/lib/api/archive';
import { useWords } from '@/lib/i18n';
import { Boundary } from '@/ui/Boundary';
import { Mark } from '@/ui/brand/Mark';
import { NoticeCentre } from '../notices/NoticeCentre';
import { PaletteDoor } from '../palette/PaletteDoor';
import { useSession } from '../session/useSession';
import { AccountMenu } from './AccountMenu';
import { PLACES } from './places';
import styles from './Rail.module.css';

/** The way around: a slim rail, so that the picture keeps the page. */
export function Rail() {
  const t = useWords();
  const { permissions } = useSession();
  return (
    <nav className={styles.rail} aria-label={t('shell.rail')}>
      <Link to="/studies" className={styles.mark} aria-label={t('brand.latin')}>
        <Mark size={28} />
      </Link>
      {PLACES.filter((place) => permissions.includes(place.permission)).map(({ to, words, icon: Sign }) => (
        <Link key={to} to={to} className={styles.item} activeProps={{ 'aria-current': 'page' }}>
          <Sign size={22} stroke={1.5} aria-hidden />
          {t(`shell.${words}`)}
          {words === 'unsettled' && <Waiting />}
        </Link>
      ))}
      <div className={styles.end}>
        <Boundary>
          <NoticeCentre />
        </Boundary>
        <PaletteDoor />
        <AccountMenu />
      </div>
    </nav>
  );
}

/** How much waits for a decision. */
function Waiting() {
  const { data } = useQuery(unsettledQuery);
  const count = data ? data.conflicts + data.quarantine : 0;
  return count > 0 ? <span className={styles.count}>{count}</span> : null;
}
