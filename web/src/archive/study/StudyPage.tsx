import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPhotoOff, IconStack2 } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Problem } from '@/lib/api/problem';
import { shownDate } from '@/lib/dicomweb/dates';
import { imagesQuery, seriesQuery, studyQuery } from '@/lib/dicomweb/queries';
import type { Series, Study } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import { useStudyChanges } from '@/lib/live/events';
import { EmptyState } from '@/ui/EmptyState';
import { KeysHelp } from '@/ui/KeysHelp';
import { type BannerPatient, PatientBanner } from '@/ui/PatientBanner';
import { useTitle } from '@/ui/useTitle';
import { Wait } from '@/ui/Wait';
import { Stage } from '@/viewer/lean/Stage';
import { ProblemNotice } from '../ProblemNotice';
import { Attributes } from './Attributes';
import { SeriesList, seriesTitle } from './SeriesList';
import { StudyLine } from './StudyLine';
import styles from './StudyPage.module.css';
import { studyKeyLines, useStudyKeys } from './useStudyKeys';

interface Props {
  uid: string;
  onBack: () => void;
}

interface AttributesProps {
  withAttributes: boolean;
  onAttributes: () => void;
}

function patientOf(t: TFunction, study: Study): BannerPatient {
  return {
    name: study.name.main,
    otherName: study.name.other,
    sex: sexWords(t, study.sex),
    age: ageWords(t, study.birthDate, study.date),
    birthDate: shownDate(study.birthDate),
    patientId: study.patientId,
    hospital: study.hospital,
  };
}

/** Reads the study again when the server says that it changed. */
function useFreshStudy(uid: string): void {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: studyQuery(uid).queryKey });
  useStudyChanges((change) => change.study_instance_uid === uid && refresh(), refresh);
}

export function StudyPage({ uid, onBack }: Props) {
  const t = useWords();
  useTitle(t('study.title'));
  useFreshStudy(uid);
  const query = useQuery(studyQuery(uid));
  const [withAttributes, setWithAttributes] = useState(false);
  const toggle = () => setWithAttributes(!withAttributes);
  if (query.isPending) return <Centre><Wait what={t('wait.loading')} /></Centre>;
  const error = query.error ?? (query.data ? null : new Problem('not_found', 404));
  if (error || !query.data) {
    return <ProblemNotice error={error ?? new Problem('unexpected', 0)} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className={styles.page}>
      <PatientBanner patient={patientOf(t, query.data)} />
      <StudyLine study={query.data} withAttributes={withAttributes} onAttributes={toggle} onBack={onBack} />
      <Pictures uid={uid} withAttributes={withAttributes} onAttributes={toggle} onBack={onBack} />
    </div>
  );
}

function Pictures({ uid, withAttributes, onAttributes, onBack }: Props & AttributesProps) {
  const t = useWords();
  const { data: series = [], isPending, error, refetch } = useQuery(seriesQuery(uid));
  const [chosen, setChosen] = useState<string | null>(null);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const current = series.find((one) => one.uid === chosen) ?? series[0];
  const acts = { onChoose: setChosen, onAttributes, onBack, onHelp: () => setIsHelpOpen(true) };
  useStudyKeys(series, current?.uid ?? null, acts);
  if (isPending) return <Centre><Wait what={t('wait.loading')} /></Centre>;
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!current) return <EmptyState icon={IconStack2} title={t('study.noSeries.title')} line={t('study.noSeries.line')} />;
  return (
    <div className={styles.body}>
      <SeriesList studyUid={uid} series={series} current={current.uid} onChoose={setChosen} />
      <div className={styles.main}>
        <SeriesStage key={current.uid} studyUid={uid} series={current} withAttributes={withAttributes} />
      </div>
      <KeysHelp lines={studyKeyLines(t)} isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </div>
  );
}

interface StageProps {
  studyUid: string;
  series: Series;
  withAttributes: boolean;
}

function SeriesStage({ studyUid, series, withAttributes }: StageProps) {
  const t = useWords();
  const [index, setIndex] = useState(0);
  const { data: images, error, refetch } = useQuery(imagesQuery(studyUid, series.uid));
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!images) return <Centre><Wait what={t('wait.loading')} /></Centre>;
  if (!images.length) {
    return <EmptyState icon={IconPhotoOff} title={t('study.noImages.title')} line={t('study.noImages.line')} />;
  }
  const image = images[index] ?? images[0];
  return (
    <div className={styles.pictures}>
      <div className={styles.stage}>
        <Stage
          studyUid={studyUid}
          seriesUid={series.uid}
          seriesTitle={seriesTitle(t, series)}
          images={images}
          index={index}
          onIndex={setIndex}
        />
      </div>
      {withAttributes && image && (
        <Attributes studyUid={studyUid} seriesUid={series.uid} instanceUid={image.sopInstanceUid} />
      )}
    </div>
  );
}

function Centre({ children }: { children: ReactNode }) {
  return <div className={styles.centre}>{children}</div>;
}
