import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { findNewest } from '@/lib/dicomweb/queries';
import type { Study } from '@/lib/dicomweb/studies';

const SHORTEST = 2;
const SETTLE_MS = 150;
const MOST = 8;

/** The newest studies of whoever, or whatever number, is typed. */
export function usePaletteStudies(typed: string, isAllowed: boolean): { studies: Study[]; isLooking: boolean } {
  const [settled] = useDebouncedValue(typed.trim(), SETTLE_MS);
  const isAsked = isAllowed && typed.trim().length >= SHORTEST;
  const { data, isFetching } = useQuery({
    queryKey: ['studies', 'palette', settled],
    queryFn: () => findNewest({ search: settled, studyDate: '', modality: '', organisation: '', isOldestFirst: false }),
    enabled: isAsked && settled.length >= SHORTEST,
    placeholderData: keepPreviousData,
  });
  return { studies: isAsked ? (data ?? []).slice(0, MOST) : [], isLooking: isAsked && (isFetching || settled !== typed.trim()) };
}
