import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { unlinkPatients } from '@/lib/api/identity';
import type { Patient, PatientAt } from '@/lib/api/record';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import { ReasonForm } from '../identity/ReasonForm';
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
export function OtherRecords({ patient, ...rest }: Props) {
  return idsOf(patient).map((id) => <OtherRecord key={id} id={id} patient={patient} {...rest} />);
}

function OtherRecord({ id, at, patient, mayResolve, onPatient }: Props & { id: string }) {
  const t = useWords();
  const client = useQueryClient();
  const { isBusy, error, run } = useAct();
  const [isAsking, setIsAsking] = useState(false);
  const unlink = (reason: string) =>
    void run(async () => {
      await unlinkPatients({ one: patient.id, other: id, reason }, at.hospital);
      await client.invalidateQueries({ queryKey: ['record'] });
    });
  return (
    <div className={styles.givenUp}>
      {t('identity.alsoHere')}{' '}
      <Button variant="default" size="compact-sm" onClick={() => onPatient({ ...at, id })}>
        {t('identity.openOther')}
      </Button>{' '}
      {mayResolve && !isAsking && (
        <Button variant="subtle" size="compact-sm" onClick={() => setIsAsking(true)}>
          {t('identity.unlink')}
        </Button>
      )}
      {isAsking && (
        <ReasonForm
          why={t('identity.unlinkWhy')}
          means={t('identity.unlinkMeans')}
          act={t('identity.unlink')}
          isBusy={isBusy}
          onAct={unlink}
          onClose={() => setIsAsking(false)}
        />
      )}
      <ActNotice error={error} />
    </div>
  );
}
