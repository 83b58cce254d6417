import { HangingPage } from '@/settings/hanging/HangingPage';
import { useHospitalsWith } from '../session/useSession';

export function Hanging() {
  return <HangingPage hospitals={useHospitalsWith('archive.resolve')} />;
}
