import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ActNotice } from '@/archive/ActNotice';
import { unlinkPatients } from '@/lib/api/identity';
import type { Patient, PatientAt } from '@/lib/api/record';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import styles from './Patients.module.css';

interface Props {
  at: PatientAt;
  patient: Patient;
  /** Whether the person may say who is whom here. */
  mayResolve: boolean;
  onPatient: (at: PatientAt) => void;
}

const idsOf = ({ link = [] }: Patient) =>
  link.flatMap(({ type, other }) => (type === 'seealso' ? (other.reference?.split('/').slice(-1) ?? []) : []));

/** The other records of the same person, each of which stays what it is. */
export function OtherRecords({ at, patient, mayResolve, onPatient }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const { isBusy, error, run } = useAct();
  const unlink = (other: string) =>
    void run(async () => {
      await unlinkPatients({ one: patient.id, other, reason: t('identity.tookBack') }, at.hospital);
      await client.invalidateQueries({ queryKey: ['record'] });
    });
  return (
    <>
      {idsOf(patient).map((id) => (
        <p key={id} className={styles.givenUp}>
          {t('identity.alsoHere')}{' '}
          <Button variant="default" size="compact-sm" onClick={() => onPatient({ ...at, id })}>
            {t('identity.openOther')}
          </Button>{' '}
          {mayResolve && (
            <Button variant="subtle" size="compact-sm" loading={isBusy} onClick={() => unlink(id)}>
              {t('identity.unlink')}
            </Button>
          )}
        </p>
      ))}
      <ActNotice error={error} />
    </>
  );
}
