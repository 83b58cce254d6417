import { UploadPage } from '@/archive/upload/UploadPage';
import { useHospitalsWith, useSession } from '../session/useSession';

export function Upload() {
  const { username } = useSession();
  return <UploadPage key={username} username={username} hospitals={useHospitalsWith('archive.write')} />;
}
