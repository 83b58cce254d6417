import { IdentityPage } from '@/clinical/identity/IdentityPage';
import { useHospitalsWith } from '../session/useSession';

export function Identity() {
  return <IdentityPage hospitals={useHospitalsWith('record.resolve')} />;
}
