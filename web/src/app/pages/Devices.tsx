import { DevicesPage } from '@/archive/devices/DevicesPage';
import { useSession } from '../session/useSession';

export function Devices() {
  const { organisations, permissions } = useSession();
  return <DevicesPage hospitals={organisations} mayChange={permissions.includes('archive.resolve')} />;
}
