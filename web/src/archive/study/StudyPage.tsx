import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '@/lib/api/problem';
import { shownDate } from '@/lib/dicomweb/dates';
import { studyQuery } from '@/lib/dicomweb/queries';
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

interface Props {
  uid: string;
  onBack: () => void;
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
  if (query.isPending) return <Centre><Wait what={t('wait.loading')} /></Centre>;
  const error = query.error ?? (query.data ? null : new Problem('not_found', 404));
  if (error || !query.data) {
    return <ProblemNotice error={error ?? new Problem('unexpected', 0)} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className={styles.page}>
      <PatientBanner patient={patientOf(t, query.data)} />
      <StudyPictures study={query.data} onBack={onBack} />
    </div>
  );
}

function Centre({ children }: { children: ReactNode }) {
  return <div className={styles.centre}>{children}</div>;
}
