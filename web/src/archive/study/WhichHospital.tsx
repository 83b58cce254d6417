import { IconArrowLeft, IconBuildingHospital } from '@tabler/icons-react';
import type { Study } from '@/lib/dicomweb/studies';
import { shownDate, shownDateTime } from '@/lib/dicomweb/dates';
import { useWords } from '@/lib/i18n';
import { sexWords } from '@/lib/i18n/patients';
import { Unknown } from '@/ui/Unknown';
import { useKeys } from '@/ui/useKeys';
import lineStyles from './StudyLine.module.css';
import styles from './WhichHospital.module.css';

interface Props {
  copies: Study[];
  onChoose: (code: string) => void;
  onBack: () => void;
}

/** Asks whose copy of a study is meant: each has patient data of its own, and nobody may mix them up. */
export function WhichHospital({ copies, onChoose, onBack }: Props) {
  const t = useWords();
  const keys = copies.map((study, place) => [String(place + 1), () => onChoose(study.hospitalCode)] as const);
  useKeys({ ...Object.fromEntries(keys), Escape: onBack });
  return (
    <section className={styles.page}>
      <button type="button" className={lineStyles.act} onClick={onBack}>
        <IconArrowLeft size={16} stroke={1.5} aria-hidden />
        {t('study.back')}
      </button>
      <h1>{copies.length === 2 ? t('study.which.two') : t('study.which.more', { number: copies.length })}</h1>
      <p>{t('study.which.line')}</p>
      <ol>
        {copies.map((study, place) => (
          <li key={study.hospitalCode}>
            <Copy study={study} keyName={String(place + 1)} onChoose={() => onChoose(study.hospitalCode)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Copy({ study, keyName, onChoose }: { study: Study; keyName: string; onChoose: () => void }) {
  const t = useWords();
  const missing = <Unknown reason={t('studies.reason.missing')} />;
  return (
    <button type="button" className={styles.copy} aria-keyshortcuts={keyName} onClick={onChoose}>
      <span className={styles.hospital}>
        <IconBuildingHospital size={18} stroke={1.5} aria-hidden />
        {study.hospital || study.hospitalCode}
        <kbd aria-hidden>{keyName}</kbd>
      </span>
      <span className={styles.name}>
        {study.name.main || t('banner.nameMissing')} <small>{study.name.other}</small>
      </span>
      <span>
        {t('banner.patientId')} <strong>{study.patientId || missing}</strong>
      </span>
      <span className={styles.facts}>
        <span>{sexWords(t, study.sex) || t('banner.sexUnknown')}</span>
        <span>
          {t('banner.born')} {shownDate(study.birthDate) || missing}
        </span>
        <span>{shownDateTime(study.date, study.time)}</span>
        {study.imageCount !== null && <span>{t('study.images', { count: study.imageCount })}</span>}
      </span>
    </button>
  );
}
