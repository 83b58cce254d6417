import { useQuery } from '@tanstack/react-query';
import { hospitalsOfQuery } from '@/lib/api/record';
import type { Organisation } from '@/lib/api/types';

/** Whose patients are, of the hospitals whose records somebody may read; null as long as it is not known. */
export function useWhose(ids: string[], hospitals: Organisation[]): (id: string) => Organisation[] | null {
  const { data: found } = useQuery(hospitalsOfQuery(hospitals.length > 1 ? ids : []));
  if (hospitals.length <= 1) return () => hospitals;
  return (id) => found && hospitals.filter((hospital) => found[id]?.includes(hospital.id)) || null;
}
