import type { ReactNode } from 'react';
import { useWords } from '@/lib/i18n';
import styles from './PatientBanner.module.css';
import { Unknown } from './Unknown';

export interface BannerPatient {
  name: string;
  otherName: string;
  sex: string;
  age: string;
  birthDate: string;
  patientId: string;
  hospital: string;
}

function Item({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.item}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Who this is: in the same place on every page that shows a patient; it never scrolls away. */
export function PatientBanner({ patient, acts }: { patient: BannerPatient; acts?: ReactNode }) {
  const t = useWords();
  const missing = <Unknown reason={t('studies.reason.missing')} isFocusable />;
  const notRecorded = <Unknown reason={t('banner.notRecorded')} isFocusable />;
  return (
    <section className={styles.banner} aria-label={t('banner.label')}>
      <div className={styles.who}>
        <h1 className={styles.name}>{patient.name || t('banner.nameMissing')}</h1>
        <span className={styles.other}>{patient.otherName}</span>
      </div>
      <div className={styles.basics}>
        <span className={styles.basic}>
          {patient.sex || t('banner.sexUnknown')}
        </span>
        <span className={styles.basic}>{patient.age || missing}</span>
      </div>
      <dl className={styles.items}>
        <Item label={t('banner.born')}>{patient.birthDate || missing}</Item>
        <Item label={t('banner.patientId')}>{patient.patientId || missing}</Item>
        <Item label={t('banner.hospital')}>{patient.hospital || missing}</Item>
        <Item label={t('banner.allergies')}>{notRecorded}</Item>
        <Item label={t('banner.warnings')}>{notRecorded}</Item>
      </dl>
      {acts && <div className={styles.acts}>{acts}</div>}
    </section>
  );
}
