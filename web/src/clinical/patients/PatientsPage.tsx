import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconUserQuestion, IconUserSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { type Patient, type PatientAt, patientsQuery } from '@/lib/api/record';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { SearchField } from '@/ui/SearchField';
import { useKeys } from '@/ui/useKeys';
import { useRow } from '@/ui/useRowsInHand';
import { Wait } from '@/ui/Wait';
import worklist from '@/ui/worklist.module.css';
import styles from './Patients.module.css';
import { patientsKeyParts } from './keys';
import { bannerOf, isGivenUp, isProvisional, namesOf, numbersOf } from './said';
import { useWhose } from './useWhose';

interface Props {
  /** Those whose records the person may read. */
  hospitals: Organisation[];
  text: string;
  onSearch: (text: string) => void;
  onOpen: (at: PatientAt) => void;
}

/** Finds a patient by name, pinyin, number or day of birth. */
export function PatientsPage({ hospitals, text, onSearch, onOpen }: Props) {
  const t = useWords();
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  return (
    <Page title={t('patients.title')} keys={patientsKeyParts(t)} acts={<SearchField field={field} label={t('patients.search')} value={text} onChange={onSearch} />}>
      {text ? (
        <Found key={text} hospitals={hospitals} text={text} onOpen={onOpen} />
      ) : (
        <EmptyState icon={IconUserSearch} title={t('patients.begin.title')} line={t('patients.begin.line')} />
      )}
    </Page>
  );
}

function Found({ hospitals, text, onOpen }: Omit<Props, 'onSearch'>) {
  const t = useWords();
  const query = useInfiniteQuery(patientsQuery(text));
  const [place, setPlace] = useState(0);
  const found = query.data ?? [];
  const nameOfHospital = useHospitalName();
  const whose = useWhose(found.map(({ id }) => id), hospitals);
  const isOneOfMany = hospitals.length > 1;
  const step = (by: number) => setPlace(Math.max(0, Math.min(found.length - 1, place + by)));
  /** Where several hospitals gave the same ID, the next page asks whose is meant. */
  const openOne = ({ id }: Patient) => {
    const [only, another] = isOneOfMany ? (whose.of(id) ?? []) : [];
    onOpen({ id, hospital: only && !another ? only.code : '' });
  };
  const open = () => found[place] && openOne(found[place]);
  useKeys({ j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), Enter: open });
  if (query.error && !query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Wait what={t('wait.loading')} />;
  if (!found.length) return <EmptyState icon={IconUserQuestion} title={t('patients.none.title', { text })} line={t('patients.none.line')} />;
  return (
    <>
      {whose.error && <ProblemNotice error={whose.error} onRetry={whose.retry} />}
      <ul className={`${worklist.rows} ${styles.found}`} aria-label={t('patients.found')}>
        {found.map((patient, index) => (
          <li key={`${index} ${patient.id}`} aria-current={index === place}>
            <Row
              patient={patient}
              isInHand={index === place}
              hospital={isOneOfMany ? (whose.of(patient.id) ?? []).map(nameOfHospital).join(' · ') : ''}
              onOpen={() => openOne(patient)}
            />
          </li>
        ))}
      </ul>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())} />}
      {query.hasNextPage && (
        <Button variant="default" m="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('patients.more')}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  patient: Patient;
  hospital: string;
  isInHand: boolean;
  onOpen: () => void;
}

function Row({ patient, hospital, isInHand, onOpen }: RowProps) {
  const t = useWords();
  const row = useRow(isInHand);
  const { name, sex, age, birthDate } = bannerOf(t, patient, hospital);
  return (
    <button type="button" {...row} onClick={onOpen}>
      <strong>{name || t('banner.nameMissing')}</strong>
      <span className={styles.other}>{namesOf(patient).slice(1).join(' · ')}</span>
      <span>{sex || t('banner.sexUnknown')}</span>
      <span>{age}</span>
      <span>{birthDate}</span>
      <span className={styles.numbers}>{numbersOf(patient).join(' · ')}</span>
      <span className={styles.other}>{hospital}</span>
      <span className={styles.mark}>{isProvisional(patient) ? t('patients.provisional') : isGivenUp(patient) ? t('patients.givenUp') : ''}</span>
    </button>
  );
}
