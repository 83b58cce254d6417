import { useQuery } from '@tanstack/react-query';
import type { SeriesDocument } from '@/lib/dicomweb/documents';
import type { Image } from '@/lib/dicomweb/images';
import { documentsQuery } from '@/lib/dicomweb/queries';
import type { PaneSeries } from '../full/series';

export interface Documents {
  found: SeriesDocument[];
  /** The document that the page is at, if it is at one of them. */
  current: SeriesDocument | null;
  /** The first image that is no film; null where there are documents alone. */
  still: Image | null;
  isPending: boolean;
  error: Error | null;
  retry: () => void;
}

/**
 * The documents of a series, where those are to be shown; null where its images are.
 *
 * Only a series without images, or with images of many frames, is asked about: films have frames, which are no images.
 */
export function useDocuments({ at, seriesUid }: PaneSeries, images: Image[] | null, index: number): Documents | null {
  const isAsked = images !== null && (!images.length || images.some(({ frame }) => frame > 1));
  const { data, error, refetch } = useQuery({ ...documentsQuery(at, seriesUid), enabled: isAsked });
  if (!isAsked) return null;
  const found = data ?? [];
  const isFilm = ({ sopInstanceUid }: Image) => found.some((one) => one.sopInstanceUid === sopInstanceUid);
  const still = images.find((image) => !isFilm(image)) ?? null;
  const current = found.find((one) => one.sopInstanceUid === images[index]?.sopInstanceUid) ?? null;
  const isPending = !data && !error;
  const isShown = data ? found.length > 0 && (current !== null || !still) : mayHold(images, error);
  return isShown ? { found, current, still: data ? still : null, isPending, error, retry: () => void refetch() } : null;
}

/** Loops that lost nothing when they were compressed are no films: these are not waited for. */
function mayHold(images: Image[], error: Error | null): boolean {
  return !images.length || (!error && images.every(({ isLossy }) => isLossy));
}
