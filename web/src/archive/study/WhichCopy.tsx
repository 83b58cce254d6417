import { shownDate, shownDateTime } from '@/lib/dicomweb/dates';
import type { Study } from '@/lib/dicomweb/studies';
import { useWords } from '@/lib/i18n';
import { sexWords } from '@/lib/i18n/patients';
import { Unknown } from '@/ui/Unknown';
import { CopyFacts, WhichHospital } from '@/ui/WhichHospital';

interface Props {
  copies: Study[];
  onChoose: (code: string) => void;
  onBack: () => void;
}

/** Asks whose copy of a study is meant. */
export function WhichCopy({ copies, onChoose, onBack }: Props) {
  const t = useWords();
  return (
    <WhichHospital
      title={copies.length === 2 ? t('study.which.two') : t('study.which.more', { number: copies.length })}
      line={t('study.which.line')}
      back={t('study.back')}
      copies={copies.map((study) => ({ code: study.hospitalCode, hospital: study.hospital, facts: <Facts study={study} /> }))}
      onChoose={onChoose}
      onBack={onBack}
    />
  );
}

function Facts({ study }: { study: Study }) {
  const t = useWords();
  const missing = <Unknown reason={t('studies.reason.missing')} />;
  return (
    <CopyFacts
      name={study.name.main || t('banner.nameMissing')}
      otherName={study.name.other}
      numberLabel={t('banner.patientId')}
      number={study.patientId || missing}
    >
      <span>{sexWords(t, study.sex) || t('banner.sexUnknown')}</span>
      <span>
        {t('banner.born')} {shownDate(study.birthDate) || missing}
      </span>
      <span>{shownDateTime(study.date, study.time)}</span>
      {study.imageCount !== null && <span>{t('study.images', { count: study.imageCount })}</span>}
    </CopyFacts>
  );
}
