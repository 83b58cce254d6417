import { useIsLive } from '@/lib/live/events';
import { useWords } from '@/lib/i18n';
import { LiveMark } from '@/ui/LiveMark';
import styles from './ListFoot.module.css';

interface Props {
  /** How many rows there are; null while nobody knows. */
  count: number | null;
  hasMore: boolean;
  onKeys: () => void;
}

const HELP = '?';

export function ListFoot({ count, hasMore, onKeys }: Props) {
  const t = useWords();
  const isLive = useIsLive();
  return (
    <footer className={styles.foot}>
      {count !== null && (
        <span>
          {t('studies.count', { count })}
          {hasMore ? '+' : ''}
        </span>
      )}
      <LiveMark isLive={isLive} />
      <button type="button" onClick={onKeys}>
        <kbd aria-hidden>{HELP}</kbd>
        {t('keys.title')}
      </button>
    </footer>
  );
}
