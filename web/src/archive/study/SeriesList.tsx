import type { StudyAt } from '@/lib/api/studyAddress';
import { thumbnailPath } from '@/lib/dicomweb/addresses';
import type { Series } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import styles from './SeriesList.module.css';
import { Thumbnail } from './Thumbnail';

interface Props {
  at: StudyAt;
  series: Series[];
  current: string | null;
  onChoose: (uid: string) => void;
}

export function seriesTitle(t: TFunction, series: Series): string {
  return series.description || series.bodyPart || t('study.seriesNumber', { number: series.number ?? '–' });
}

export function SeriesList({ at, series, current, onChoose }: Props) {
  const t = useWords();
  return (
    <nav aria-label={t('study.series')}>
      <h2 className={styles.head}>
        {t('study.series')}
        <span>{series.length}</span>
      </h2>
      <ol>
        {series.map((one) => (
          <li key={one.uid}>
            <button type="button" aria-current={one.uid === current} onClick={() => onChoose(one.uid)}>
              <Thumbnail path={thumbnailPath(at, one.uid)} />
              <span className={styles.title}>{seriesTitle(t, one)}</span>
              <span className={styles.facts}>
                <span>{one.number ?? '–'}</span>
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
