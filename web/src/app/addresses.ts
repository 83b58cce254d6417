import type { PatientAt } from '@/lib/api/record';

/** Where a patient's record is; says whose it is where that was said. */
export const addressOfPatient = ({ id, hospital }: PatientAt) =>
  ({ to: '/patients/$id', params: { id }, search: hospital ? { hospital } : {} }) as const;
