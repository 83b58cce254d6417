import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import styles from './Desk.module.css';
import { KEYS } from './keys';
import type { Cine } from './useCine';

/** How fast the images go by, while they do. */
export function Cinema({ cine }: { cine: Cine }) {
  const t = useWords();
  return (
    <div className={styles.bar} role="group" aria-label={t('desk.rate')} title={hotkey(t('desk.rate'), KEYS.slower, KEYS.faster).title}>
      {cine.rates.map((rate) => (
        <button key={rate} type="button" {...saidKeys(KEYS.slower, KEYS.faster)} aria-pressed={cine.ratePerS === rate} onClick={() => cine.setRatePerS(rate)}>
          {Math.round(rate * 10) / 10}
        </button>
      ))}
      {t('desk.perSecond')}
    </div>
  );
}
