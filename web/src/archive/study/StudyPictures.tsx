import { IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Series, Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { KeysHelp } from '@/ui/KeysHelp';
import { Wait } from '@/ui/Wait';
import { studyKeyParts } from '@/viewer/desk/sheet';
import { useWindows } from '@/viewer/desk/useWindows';
import { ProblemNotice } from '../ProblemNotice';
import { KeyImageList } from './KeyImageList';
import { KeyMarkButton } from './KeyMarkButton';
import { PriorList } from './PriorList';
import { SeriesList } from './SeriesList';
import listStyles from './SeriesList.module.css';
import { SeriesStage } from './SeriesStage';
import { StudyLine } from './StudyLine';
import styles from './StudyPage.module.css';
import { useKeyImages } from './useKeyImages';
import { useStudyKeys } from './useStudyKeys';
import { usePlace } from './usePlace';
import { usePriors } from './usePriors';
import { useShownImages } from './useShownImages';

interface Props {
  at: StudyAt;
  /** The series to begin with, or empty. */
  seriesUid: string;
  study: Study;
  onBack: () => void;
}

/** The series of a study, its key images first, and the one image that is looked at. */
export function StudyPictures({ at, seriesUid, study, onBack }: Props) {
  const t = useWords();
  const [withAttributes, setWithAttributes] = useState(false);
  const keys = useKeyImages(at, study.hospitalCode);
  const place = usePlace(at, seriesUid, keys.found, keys.isPending);
  const images = useShownImages(at, place.current, place.wanted);
  const priors = usePriors(study, place.current);
  const mark = keys.markOf(images.place, images.hasFrames);
  const toggle = () => setWithAttributes(!withAttributes);
  useStudyKeys(place.series, place.current?.uid ?? null, {
    onChoose: place.goToSeries,
    onMark: mark.toggle,
    onNextKey: () => place.goToNextKey(images.place),
    onAttributes: toggle,
    onBack,
  });

  function content() {
    if (place.isPending) return <div className={styles.centre}><Wait what={t('wait.loading')} /></div>;
    if (place.error) return <ProblemNotice error={place.error} onRetry={place.retry} />;
    if (!place.current) return <EmptyState icon={IconStack2} title={t('study.noSeries.title')} line={t('study.noSeries.line')} />;
    return (
      <div className={styles.body}>
        <div className={listStyles.list}>
          <KeyImageList at={at} found={keys.found} isFailed={keys.error !== null} current={images.place} onGo={place.goTo} />
          <SeriesList at={at} series={place.series} current={place.current.uid} onChoose={place.goToSeries} />
          <PriorList priors={priors} />
        </div>
        <div className={styles.main}>
          <SeriesStage
            at={at}
            study={study}
            priors={priors}
            series={place.current}
            every={place.series}
            wanted={place.wanted}
            images={images}
            mark={mark}
            withAttributes={withAttributes}
            onGo={place.goTo}
          />
        </div>
      </div>
    );
  }

  return (
    <>
      <StudyLine at={at} study={study} withAttributes={withAttributes} onAttributes={toggle} onBack={onBack}>
        <KeyMarkButton mark={mark} />
      </StudyLine>
      {content()}
      <StudyKeys series={place.current} />
    </>
  );
}

/** The sheet of keys, with the windows that the digits bring for the series in hand. */
function StudyKeys({ series }: { series: Series | null }) {
  const t = useWords();
  const windows = useWindows(series?.modality ?? '', series);
  return <KeysHelp parts={studyKeyParts(t, windows)} />;
}
