import { shownDateTime } from '@/lib/dicomweb/dates';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '@/viewer/desk/keys';
import styles from './SeriesList.module.css';
import type { Priors } from './usePriors';

/** The earlier examinations of the patient; choosing one hangs it beside what is read. */
export function PriorList({ priors: { list, chosen, choose } }: { priors: Priors }) {
  const t = useWords();
  const compareNext = () => {
    const next = nextOf(list, chosen ?? undefined);
    if (next) choose(next.uid);
  };
  useKeys(list.length ? { [KEYS.prior]: compareNext } : {});
  if (!list.length) return null;
  return (
    <nav aria-label={t('priors.title')}>
      <h2 className={styles.head}>
        {t('priors.title')}
        <span>{list.length}</span>
      </h2>
      <ol>
        {list.map((one) => (
          <li key={one.uid}>
            <button type="button" className={styles.prior} aria-pressed={one.uid === chosen?.uid} {...hotkey(t('priors.compare'), KEYS.prior)} onClick={() => choose(one.uid)}>
              <span className={styles.title}>{one.description || one.modalities.join(' ')}</span>
              <span className={styles.facts}>
                {one.modalities.join(' ')}
                <span>{shownDateTime(one.date, one.time)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
