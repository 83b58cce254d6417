import { DevicesPage } from '@/archive/devices/DevicesPage';
import { useHospitalsWith } from '../session/useSession';

export function Devices() {
  return <DevicesPage hospitals={useHospitalsWith('archive.resolve')} />;
}
