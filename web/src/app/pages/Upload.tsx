import { UploadPage } from '@/archive/upload/UploadPage';
import { useSession } from '../session/useSession';

export function Upload() {
  return <UploadPage hospitals={useSession().organisations} />;
}
