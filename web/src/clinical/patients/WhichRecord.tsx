import { useQuery } from '@tanstack/react-query';
import { type PatientAt, patientQuery } from '@/lib/api/record';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import { Unknown } from '@/ui/Unknown';
import { CopyFacts, WhichHospital } from '@/ui/WhichHospital';
import { bannerOf } from './said';

interface Props {
  id: string;
  hospitals: Organisation[];
  onChoose: (code: string) => void;
  onBack: () => void;
}

/** Asks whose patient is meant: two hospitals gave the same ID, perhaps to two people. */
export function WhichRecord({ id, hospitals, onChoose, onBack }: Props) {
  const t = useWords();
  const nameOf = useHospitalName();
  return (
    <WhichHospital
      title={t('patients.which.title', { count: hospitals.length })}
      line={t('patients.which.line')}
      back={t('patients.title')}
      copies={hospitals.map((hospital) => ({
        code: hospital.code,
        hospital: nameOf(hospital),
        facts: <Facts at={{ id, hospital: hospital.code }} />,
      }))}
      onChoose={onChoose}
      onBack={onBack}
    />
  );
}

function Facts({ at }: { at: PatientAt }) {
  const t = useWords();
  const { data } = useQuery(patientQuery(at));
  if (!data) return null;
  const { name, otherName, patientId, sex, birthDate } = bannerOf(t, data, '');
  const missing = <Unknown reason={t('studies.reason.missing')} />;
  return (
    <CopyFacts name={name || t('banner.nameMissing')} otherName={otherName} numberLabel={t('banner.patientId')} number={patientId || missing}>
      <span>{sex || t('banner.sexUnknown')}</span>
      <span>
        {t('banner.born')} {birthDate || missing}
      </span>
    </CopyFacts>
  );
}
