import { useNavigate, useSearch } from '@tanstack/react-router';
import { PatientsPage } from '@/clinical/patients/PatientsPage';
import { addressOfPatient } from '../addresses';
import { useHospitalsWith } from '../session/useSession';

export function Patients() {
  const { text = '' } = useSearch({ from: '/patients' });
  const navigate = useNavigate();
  return (
    <PatientsPage
      hospitals={useHospitalsWith('record.read')}
      text={text}
      onSearch={(next) => void navigate({ to: '/patients', search: next ? { text: next } : {}, replace: true })}
      onOpen={(at) => void navigate(addressOfPatient(at))}
    />
  );
}
