import { useWords } from '@/lib/i18n';
import styles from './Desk.module.css';
import { type Cine, RATES_PER_S } from './useCine';

/** How fast the images go by, while they do. */
export function Cinema({ cine }: { cine: Cine }) {
  const t = useWords();
  return (
    <div className={styles.bar} role="group" aria-label={t('desk.rate')}>
      {RATES_PER_S.map((rate) => (
        <button key={rate} type="button" aria-pressed={cine.ratePerS === rate} onClick={() => cine.setRatePerS(rate)}>
          {rate}
        </button>
      ))}
      {t('desk.perSecond')}
    </div>
  );
}
