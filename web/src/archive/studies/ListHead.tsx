import { Select } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { SearchField } from '@/ui/SearchField';
import { Segments } from '@/ui/choices/Segments';
import { DateRange } from './DateRange';
import { changed, DATE_CHOICES, isRecent, type ListSearch, MODALITIES } from './filter';
import styles from './ListHead.module.css';
import { Views } from './Views';

interface Props {
  field: RefObject<HTMLInputElement | null>;
  search: ListSearch;
  hospitals: Organisation[];
  onSearch: (search: ListSearch) => void;
  children: ReactNode;
}

export function ListHead({ field, search, hospitals, onSearch, children }: Props) {
  const t = useWords();
  const narrow = (change: Parameters<typeof changed>[1]) => onSearch(changed(search, change));
  return (
    <header className={styles.head}>
      <h1 className={styles.title}>{t('studies.title')}</h1>
      <SearchField field={field} label={t('studies.search')} value={search.q ?? ''} onChange={(q) => narrow({ q })} />
      <Dates search={search} narrow={narrow} />
      <Select
        className={styles.modality ?? ''}
        aria-label={t('studies.modality')}
        placeholder={t('studies.allModalities')}
        data={MODALITIES}
        value={search.modality ?? null}
        onChange={(modality) => narrow({ modality: modality ?? undefined })}
        clearable
      />
      {hospitals.length > 1 && <Hospitals search={search} hospitals={hospitals} narrow={narrow} />}
      <Views search={search} onSearch={onSearch} />
      {children}
    </header>
  );
}

interface PartProps {
  search: ListSearch;
  narrow: (change: Parameters<typeof changed>[1]) => void;
}

function Dates({ search, narrow }: PartProps) {
  const t = useWords();
  const words = { today: t('studies.today'), threeDays: t('studies.threeDays'), week: t('studies.week'), all: t('studies.allDates') };
  return (
    <div className={styles.dates}>
      <Segments
        label={t('studies.date')}
        options={DATE_CHOICES.map((value) => ({ value, label: words[value] }))}
        value={search.date === 'range' ? '' : (search.date ?? 'all')}
        onChange={(date) => narrow({ date: isRecent(date) ? date : undefined, from: undefined, to: undefined })}
      />
      <DateRange from={search.from} to={search.to} onChange={(range) => narrow(range)} />
    </div>
  );
}

function Hospitals({ search, hospitals, narrow }: PartProps & { hospitals: Organisation[] }) {
  const t = useWords();
  const language = useLanguage();
  const nameOf = (hospital: Organisation) => (language === 'en' && hospital.name_en) || hospital.name;
  return (
    <Select
      className={styles.hospital ?? ''}
      aria-label={t('studies.hospital')}
      placeholder={t('studies.allHospitals')}
      data={hospitals.map((hospital) => ({ value: hospital.code, label: nameOf(hospital) }))}
      value={search.hospital ?? null}
      onChange={(hospital) => narrow({ hospital: hospital ?? undefined })}
      clearable
    />
  );
}
