import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { warm } from '@/lib/stream/warming';
import { prefetchStudy } from './prefetchStudy';

/** Somebody who goes through a list fast does not mean each study that they pass. */
const DWELL_MS = 150;

const quiet = () => {}; // what fails here is asked for again, and said, when the study is opened

async function warmStudy(client: QueryClient, at: StudyAt): Promise<void> {
  const first = await prefetchStudy(client, at);
  if (first) await warm(first.series, first.image);
}

/** Asks for all that the page of a study needs and for its first image, while the page is being put up. */
export function usePrefetchedStudy(at: StudyAt): void {
  const client = useQueryClient();
  useEffect(() => void warmStudy(client, at).catch(quiet), [at, client]);
}

/** Has a study ready, with the image that it begins with, that somebody is likely to open next. */
export function useWarmStudy(uid: string | null, hospital: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (uid === null) return undefined;
    const timer = setTimeout(() => void warmStudy(client, { uid, hospital }).catch(quiet), DWELL_MS);
    return () => clearTimeout(timer);
  }, [client, hospital, uid]);
}
