import type { Series } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import styles from './SeriesList.module.css';

interface Props {
  series: Series[];
  current: string | null;
  onChoose: (uid: string) => void;
}

export function seriesTitle(t: TFunction, series: Series): string {
  return series.description || series.bodyPart || t('study.seriesNumber', { number: series.number ?? '–' });
}

export function SeriesList({ series, current, onChoose }: Props) {
  const t = useWords();
  return (
    <nav className={styles.list} aria-label={t('study.series')}>
      <h2 className={styles.head}>
        {t('study.series')}
        <span>{series.length}</span>
      </h2>
      <ol>
        {series.map((one) => (
          <li key={one.uid}>
            <button type="button" aria-current={one.uid === current} onClick={() => onChoose(one.uid)}>
              <span className={styles.number}>{one.number ?? '–'}</span>
              <span className={styles.title}>{seriesTitle(t, one)}</span>
              <span className={styles.facts}>
                {one.modality}
                {one.imageCount !== null && <span>{t('study.images', { count: one.imageCount })}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
