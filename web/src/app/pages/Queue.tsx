import { QueuePage } from '@/clinical/queue/QueuePage';
import { useHospitalsWith } from '../session/useSession';

export function Queue() {
  return <QueuePage opening={useHospitalsWith('record.resolve')} calling={useHospitalsWith('record.write')} />;
}
