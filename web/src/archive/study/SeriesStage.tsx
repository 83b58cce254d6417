import { IconPhotoOff } from '@tabler/icons-react';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Series } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Wait } from '@/ui/Wait';
import { Stage } from '@/viewer/lean/Stage';
import { ProblemNotice } from '../ProblemNotice';
import { Attributes } from './Attributes';
import { KeyMarkLine } from './KeyMarkLine';
import { seriesTitle } from './SeriesList';
import styles from './StudyPage.module.css';
import type { KeyMark } from './useKeyImages';
import type { ShownImages } from './useShownImages';

interface Props {
  at: StudyAt;
  series: Series;
  images: ShownImages;
  mark: KeyMark;
  withAttributes: boolean;
  onGo: (place: Place) => void;
}

/** A series on its stage, with what is said of the image beside it. */
export function SeriesStage({ at, series, images: shown, mark, withAttributes, onGo }: Props) {
  const t = useWords();
  const { images, index, place } = shown;
  if (shown.error) return <ProblemNotice error={shown.error} onRetry={shown.retry} />;
  if (!images) return <div className={styles.centre}><Wait what={t('wait.loading')} /></div>;
  if (!images.length) {
    return <EmptyState icon={IconPhotoOff} title={t('study.noImages.title')} line={t('study.noImages.line')} />;
  }
  const goTo = (next: number) => {
    const image = images[next];
    if (image) onGo({ seriesUid: series.uid, sopInstanceUid: image.sopInstanceUid, frame: image.frame });
  };
  return (
    <div className={styles.pictures}>
      <div className={styles.stage}>
        <Stage
          at={at}
          seriesUid={series.uid}
          seriesTitle={seriesTitle(t, series)}
          modality={series.modality}
          images={images}
          index={index}
          onIndex={goTo}
        />
        <KeyMarkLine mark={mark} />
      </div>
      {withAttributes && place && (
        <Attributes at={at} seriesUid={series.uid} instanceUid={place.sopInstanceUid} />
      )}
    </div>
  );
}
