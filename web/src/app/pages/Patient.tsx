import { useCanGoBack, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { PatientPage } from '@/clinical/patients/PatientPage';
import { addressOfPatient } from '../addresses';
import { useHospitalsWith } from '../session/useSession';

export function Patient() {
  const { id } = useParams({ from: '/patients/$id' });
  const { hospital = '' } = useSearch({ from: '/patients/$id' });
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  return (
    <PatientPage
      key={`${id} ${hospital}`}
      at={{ id, hospital }}
      hospitals={useHospitalsWith('record.read')}
      resolving={useHospitalsWith('record.resolve')}
      onHospital={(code) => void navigate({ ...addressOfPatient({ id, hospital: code }), replace: true })}
      onBack={() => (canGoBack ? router.history.back() : void navigate({ to: '/patients' }))}
      onStudy={(uid, at) => void navigate({ to: '/studies/$uid', params: { uid }, search: at ? { hospital: at } : {} })}
      onPatient={(heir) => void navigate({ ...addressOfPatient(heir), replace: true })}
    />
  );
}
