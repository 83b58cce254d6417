import { useMemo } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Series, Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { Desk } from '@/viewer/desk/Desk';
import { Attributes } from './Attributes';
import { KeyMarkLine } from './KeyMarkLine';
import { seriesTitle } from './SeriesList';
import styles from './StudyPage.module.css';
import type { KeyMark } from './useKeyImages';
import { TwoPatients } from './TwoPatients';
import { hangingStudy, type Priors } from './usePriors';
import type { ShownImages } from './useShownImages';

interface Props {
  at: StudyAt;
  series: Series;
  /** All series of the study that can be looked at. */
  every: Series[];
  study: Study;
  priors: Priors;
  wanted: Place | null;
  images: ShownImages;
  mark: KeyMark;
  withAttributes: boolean;
  onGo: (place: Place) => void;
}

/** A series on the desk, with what is said of the image beside it. */
export function SeriesStage({ at, study, series, every, priors, wanted, images, mark, withAttributes, onGo }: Props) {
  const t = useWords();
  const studies = useMemo(() => {
    const current = hangingStudy(t, study, at, every, false);
    return priors.hanging ? [current, priors.hanging] : [current];
  }, [t, study, at, every, priors.hanging]);
  const lead = useMemo(
    () => ({ at, seriesUid: series.uid, modality: series.modality, title: seriesTitle(t, series), place: wanted }),
    [at, series, t, wanted],
  );
  return (
    <div className={styles.pictures}>
      <div className={styles.stage}>
        <Desk lead={lead} studies={studies} beside={priors.beside} shown={images} onGo={onGo}>
          {priors.other && <TwoPatients names={[study.name.main, priors.other.name.main]} />}
          <KeyMarkLine mark={mark} />
        </Desk>
      </div>
      {withAttributes && images.place && (
        <Attributes at={at} seriesUid={series.uid} instanceUid={images.place.sopInstanceUid} />
      )}
    </div>
  );
}
