import { InterfacesPage } from '@/clinical/interfaces/InterfacesPage';
import { useHospitalsWith } from '../session/useSession';

export function Interfaces() {
  return <InterfacesPage hospitals={useHospitalsWith('record.resolve')} />;
}
