import { IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { KeysHelp } from '@/ui/KeysHelp';
import { Wait } from '@/ui/Wait';
import { ProblemNotice } from '../ProblemNotice';
import { KeyImageList } from './KeyImageList';
import { KeyMarkButton } from './KeyMarkButton';
import { SeriesList } from './SeriesList';
import listStyles from './SeriesList.module.css';
import { SeriesStage } from './SeriesStage';
import { StudyLine } from './StudyLine';
import styles from './StudyPage.module.css';
import { useKeyImages } from './useKeyImages';
import { studyKeyLines, useStudyKeys } from './useStudyKeys';
import { usePlace } from './usePlace';
import { useShownImages } from './useShownImages';

interface Props {
  study: Study;
  onBack: () => void;
}

/** The series of a study, its key images first, and the one image that is looked at. */
export function StudyPictures({ study, onBack }: Props) {
  const t = useWords();
  const [withAttributes, setWithAttributes] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const keys = useKeyImages(study.uid);
  const at = usePlace(study.uid, keys.found, keys.isPending);
  const images = useShownImages(study.uid, at.current, at.wanted);
  const mark = keys.markOf(images.place, images.hasFrames);
  const toggle = () => setWithAttributes(!withAttributes);
  useStudyKeys(at.series, at.current?.uid ?? null, {
    onChoose: at.goToSeries,
    onMark: mark.toggle,
    onNextKey: () => at.goToNextKey(images.place),
    onAttributes: toggle,
    onBack,
    onHelp: () => setIsHelpOpen(true),
  });

  function content() {
    if (at.isPending) return <div className={styles.centre}><Wait what={t('wait.loading')} /></div>;
    if (at.error) return <ProblemNotice error={at.error} onRetry={at.retry} />;
    if (!at.current) return <EmptyState icon={IconStack2} title={t('study.noSeries.title')} line={t('study.noSeries.line')} />;
    return (
      <div className={styles.body}>
        <div className={listStyles.list}>
          <KeyImageList studyUid={study.uid} found={keys.found} isFailed={keys.error !== null} current={images.place} onGo={at.goTo} />
          <SeriesList studyUid={study.uid} series={at.series} current={at.current.uid} onChoose={at.goToSeries} />
        </div>
        <div className={styles.main}>
          <SeriesStage
            key={at.current.uid}
            studyUid={study.uid}
            series={at.current}
            images={images}
            mark={mark}
            withAttributes={withAttributes}
            onGo={at.goTo}
          />
        </div>
        <KeysHelp lines={studyKeyLines(t)} isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
      </div>
    );
  }

  return (
    <>
      <StudyLine study={study} withAttributes={withAttributes} onAttributes={toggle} onBack={onBack}>
        <KeyMarkButton mark={mark} />
      </StudyLine>
      {content()}
    </>
  );
}
