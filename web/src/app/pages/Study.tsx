import { useCanGoBack, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { StudyPage } from '@/archive/study/StudyPage';
import { RecordButton } from '@/clinical/patients/RecordButton';
import { addressOfPatient } from '../addresses';
import { useHospitalsWith } from '../session/useSession';

export function Study() {
  const { uid } = useParams({ from: '/studies/$uid' });
  const { hospital = '', series = '' } = useSearch({ from: '/studies/$uid' });
  const at = useMemo(() => ({ uid, hospital }), [uid, hospital]);
  const hospitals = useHospitalsWith('archive.read');
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  const back = () => (canGoBack ? router.history.back() : void navigate({ to: '/studies' }));
  const choose = (code: string) =>
    void navigate({ to: '/studies/$uid', params: { uid }, search: { hospital: code, ...(series && { series }) }, replace: true });
  const mayReadRecord = useHospitalsWith('record.read').length > 0;
  const open = (id: string) => void navigate(addressOfPatient({ id, hospital }));
  return (
    <StudyPage
      key={`${uid} ${hospital}`}
      at={at}
      seriesUid={series}
      hospitals={hospitals}
      onHospital={choose}
      onBack={back}
      record={mayReadRecord && <RecordButton at={at} onOpen={open} />}
    />
  );
}
