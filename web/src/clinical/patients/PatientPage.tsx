import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconTimeline } from '@tabler/icons-react';
import { useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { type Entry, momentOf, nameOf, type PatientAt, patientQuery, type Timeline, timelineQuery, whenOf } from '@/lib/api/record';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { Segments } from '@/ui/choices/Segments';
import { EmptyState } from '@/ui/EmptyState';
import { PatientBanner } from '@/ui/PatientBanner';
import { useKeys } from '@/ui/useKeys';
import { useTitle } from '@/ui/useTitle';
import { Wait } from '@/ui/Wait';
import { Event } from './Event';
import { OtherRecords } from './OtherRecords';
import styles from './Patients.module.css';
import { bannerOf, dayOf, type Group, GROUPS, isGivenUp } from './said';
import { useWhose } from './useWhose';
import { WhichRecord } from './WhichRecord';

interface Props {
  at: PatientAt;
  /** Those whose records the person may read. */
  hospitals: Organisation[];
  /** Those in which they may say who is whom. */
  resolving: Organisation[];
  onHospital: (code: string) => void;
  onBack: () => void;
  onStudy: (uid: string, hospital: string) => void;
  onPatient: (at: PatientAt) => void;
}

/** One patient: who it is, and what happened, the newest first. */
export function PatientPage({ at, hospitals, onHospital, onBack, ...acts }: Props) {
  const t = useWords();
  useTitle(t('patients.one'));
  useKeys({ Escape: onBack });
  const { of, error, retry } = useWhose([at.id], hospitals);
  const whose = of(at.id);
  if (error && !whose) return <ProblemNotice error={error} onRetry={retry} />;
  if (!whose) return <Wait what={t('wait.loading')} />;
  const meant = at.hospital ? whose.filter(({ code }) => code === at.hospital) : whose;
  if (meant.length > 1) return <WhichRecord id={at.id} hospitals={meant} onChoose={onHospital} onBack={onBack} />;
  const code = hospitals.length > 1 ? (meant[0]?.code ?? '') : '';
  return <PatientRecord at={{ id: at.id, hospital: at.hospital || code }} hospital={meant[0]} {...acts} />;
}

interface RecordProps extends Pick<Props, 'at' | 'resolving' | 'onStudy' | 'onPatient'> {
  /** Unknown where nobody has such a patient. */
  hospital: Organisation | undefined;
}

function PatientRecord({ at, hospital, resolving, onStudy, onPatient }: RecordProps) {
  const t = useWords();
  const nameOfHospital = useHospitalName();
  const query = useQuery(patientQuery(at));
  if (query.error && !query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Wait what={t('wait.loading')} />;
  const heir = query.data.link?.find(({ type }) => type === 'replaced-by')?.other.reference?.split('/')[1];
  return (
    <div className={styles.page}>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <PatientBanner patient={bannerOf(t, query.data, hospital ? nameOfHospital(hospital) : '')} />
      {isGivenUp(query.data) && heir && (
        <p className={styles.givenUp} role="status">
          {t('patients.wasGivenUp')}{' '}
          <Button variant="default" size="compact-sm" onClick={() => onPatient({ ...at, id: heir })}>
            {t('patients.openHeir')}
          </Button>
        </p>
      )}
      <OtherRecords at={at} patient={query.data} mayResolve={resolving.some(({ id }) => id === hospital?.id)} onPatient={onPatient} />
      <Happened at={at} onStudy={onStudy} />
    </div>
  );
}

type Shown = Group | 'all';

function Happened({ at, onStudy }: Pick<Props, 'at' | 'onStudy'>) {
  const t = useWords();
  const query = useInfiniteQuery(timelineQuery(at));
  const [shown, setShown] = useState<Shown>('all');
  if (query.error && !query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Wait what={t('wait.loading')} />;
  const events = standing(query.data);
  const count = (group: Group) => events.filter(({ resourceType }) => GROUPS[group].includes(resourceType)).length;
  const options = (Object.keys(GROUPS) as Group[]).filter(count).map((value) => ({ value, label: `${t(`patients.group.${value}`)} ${count(value)}` }));
  const chosen = events.filter(({ resourceType }) => shown === 'all' || GROUPS[shown].includes(resourceType));
  if (!events.length && !query.hasNextPage) return <EmptyState icon={IconTimeline} title={t('patients.nothing.title')} line={t('patients.nothing.line')} />;
  return (
    <div className={styles.timeline}>
      <Segments<Shown> label={t('patients.show')} options={[{ value: 'all', label: t('patients.all') }, ...options]} value={shown} onChange={setShown} />
      {days(chosen).map(([day, ofDay]) => (
        <section key={day} className={styles.day}>
          <h2>{day || t('patients.undated')}</h2>
          <ol>
            {ofDay.map((entry) => (
              <Event key={nameOf(entry)} entry={entry} results={resultsOf(entry, query.data)} hospital={at.hospital} onStudy={(uid) => onStudy(uid, at.hospital)} />
            ))}
          </ol>
        </section>
      ))}
      {query.error && <ProblemNotice error={query.error} onRetry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())} />}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('patients.earlier')}
        </Button>
      )}
    </div>
  );
}

/** The names of what a report is made of. */
const referred = ({ result = [] }: Entry) => result.map(({ reference = '' }) => reference.split('/').slice(-2).join('/'));

const resultsOf = (entry: Entry, { byName }: Timeline) => referred(entry).flatMap((name) => byName.get(name) ?? []);

/** What stands for itself; what a report names stands in the report. */
function standing({ entries }: Timeline): Entry[] {
  const named = new Set(entries.flatMap(referred));
  return entries.filter((entry) => !named.has(nameOf(entry)));
}

/** The events of each day, newest first. */
function days(entries: Entry[]): [string, Entry[]][] {
  const sorted = [...entries].sort((a, b) => momentOf(b) - momentOf(a));
  const found = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const day = dayOf(whenOf(entry));
    found.set(day, [...(found.get(day) ?? []), entry]);
  }
  return [...found];
}
