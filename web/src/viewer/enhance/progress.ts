import type { DerivedSeries, SeriesDerived } from '@/lib/api/enhancement';

/** How far a derived series is. */
export interface Progress {
  seriesUid: string;
  done: number;
  failed: number;
  total: number;
  isDone: boolean;
  /** Whether it is in the list of the study by now, so that it can be opened. */
  isListed: boolean;
}

/**
 * Puts together what the server answered, what the live line told since, and how many images the list has: the line may
 * have been lost while the last image came.
 */
export function progressOf(made: DerivedSeries, step: SeriesDerived | undefined, listedCount: number | null): Progress {
  const total = made.image_count;
  const isWhole = made.is_finished || (listedCount ?? 0) >= total;
  const failed = step?.failed_count ?? 0;
  const done = isWhole ? total - failed : Math.max(step?.done_count ?? 0, listedCount ?? 0);
  return { seriesUid: made.series_instance_uid, done, failed, total, isDone: isWhole || done + failed >= total, isListed: listedCount !== null };
}
