import { useQuery } from '@tanstack/react-query';
import type { StudyAt } from '@/lib/api/studyAddress';
import { thumbnailPath } from '@/lib/dicomweb/addresses';
import { contentOf } from '@/lib/dicomweb/documents';
import { documentsQuery } from '@/lib/dicomweb/queries';
import type { Series } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import { KEYS } from '@/viewer/desk/keys';
import { SeriesSign } from '@/viewer/documents/SeriesSign';
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
            <button type="button" {...saidKeys(KEYS.previousSeries, KEYS.nextSeries)} aria-current={one.uid === current} onClick={() => onChoose(one.uid)}>
              <Thumbnail path={thumbnailPath(at, one.uid)} sign={<SeriesSign at={at} seriesUid={one.uid} />} />
              <span className={styles.title}>{seriesTitle(t, one)}</span>
              <span className={styles.facts}>
                <span>{one.number ?? '–'}</span>
                {one.modality}
                {one.imageCount !== null && <Contents at={at} seriesUid={one.uid} count={one.imageCount} />}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface ContentsProps {
  at: StudyAt;
  seriesUid: string;
  count: number;
}

/** How many objects a series has, and of which kind; the sign of a series without a picture has asked for what they are. */
function Contents({ at, seriesUid, count }: ContentsProps) {
  const t = useWords();
  const { data } = useQuery({ ...documentsQuery(at, seriesUid), enabled: false });
  return <span>{t(`study.${contentOf(data ?? [], count)}`, { count })}</span>;
}
