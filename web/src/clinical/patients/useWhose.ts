import { useQueries } from '@tanstack/react-query';
import { hospitalsOfQuery } from '@/lib/api/record';
import type { Organisation } from '@/lib/api/types';

/** As many patients as come at a time: what is known of them is not asked for again when more come. */
const AT_A_TIME = 50;

interface Whose {
  /** Null as long as it is not known. */
  of: (id: string) => Organisation[] | null;
  error: Error | null;
  retry: () => void;
}

/** Whose patients are, of the hospitals whose records somebody may read. */
export function useWhose(ids: string[], hospitals: Organisation[]): Whose {
  const isClear = hospitals.length <= 1;
  const asked = isClear ? [] : Array.from({ length: Math.ceil(ids.length / AT_A_TIME) }, (_, at) => ids.slice(at * AT_A_TIME, (at + 1) * AT_A_TIME));
  const answers = useQueries({ queries: asked.map(hospitalsOfQuery) });
  const of = (id: string) => {
    const found = answers[asked.findIndex((some) => some.includes(id))]?.data;
    return found ? hospitals.filter((hospital) => found[id]?.includes(hospital.id)) : null; // nobody's, where no one is named
  };
  return {
    of: isClear ? () => hospitals : of,
    error: answers.find(({ error }) => error)?.error ?? null,
    retry: () => answers.forEach(({ error, refetch }) => error && void refetch()),
  };
}
