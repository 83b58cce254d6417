import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '@/lib/api/problem';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Organisation } from '@/lib/api/types';
import { shownDate } from '@/lib/dicomweb/dates';
import { copiesQuery } from '@/lib/dicomweb/queries';
import type { Study } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import { useStudyChanges } from '@/lib/live/events';
import { type BannerPatient, PatientBanner } from '@/ui/PatientBanner';
import { useTitle } from '@/ui/useTitle';
import { Wait } from '@/ui/Wait';
import { ProblemNotice } from '../ProblemNotice';
import styles from './StudyPage.module.css';
import { StudyPictures } from './StudyPictures';
import { usePrefetchedStudy } from './useWarmStudy';
import { WhichCopy } from './WhichCopy';

interface Props {
  at: StudyAt;
  /** The series to begin with; empty where the address names none. */
  seriesUid: string;
  /** Those where the person may look at images. */
  hospitals: Organisation[];
  onHospital: (code: string) => void;
  onBack: () => void;
  /** What leads from here to the rest of the patient's record. */
  record?: ReactNode;
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

/** Reads the study again when the server says that it changed, or when it may have while the connection was lost. */
function useFreshStudy(uid: string): void {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ['study', uid] });
  useStudyChanges((change) => change.study_instance_uid === uid && refresh(), (isAgain) => isAgain && refresh());
}

/** The copies that can be meant: one's own hospitals' before one that another hospital granted. */
function meant(copies: Study[], hospitals: Organisation[]): Study[] {
  const own = copies.filter((study) => hospitals.some((hospital) => hospital.code === study.hospitalCode));
  return own.length ? own : copies.slice(0, 1);
}

export function StudyPage({ at, seriesUid, hospitals, onHospital, onBack, record }: Props) {
  const t = useWords();
  useTitle(t('study.title'));
  useFreshStudy(at.uid);
  usePrefetchedStudy(at);
  const query = useQuery(copiesQuery(at));
  if (query.isPending) return <Centre><Wait what={t('wait.loading')} /></Centre>;
  const [study, ...others] = meant(query.data ?? [], hospitals);
  if (query.error || !study) {
    return <ProblemNotice error={query.error ?? new Problem('not_found', 404)} onRetry={() => void query.refetch()} />;
  }
  if (others.length) return <WhichCopy copies={[study, ...others]} onChoose={onHospital} onBack={onBack} />;
  return (
    <div className={styles.page}>
      <PatientBanner patient={patientOf(t, study)} acts={record} />
      <StudyPictures at={at} seriesUid={seriesUid} study={study} onBack={onBack} />
    </div>
  );
}

function Centre({ children }: { children: ReactNode }) {
  return <div className={styles.centre}>{children}</div>;
}
