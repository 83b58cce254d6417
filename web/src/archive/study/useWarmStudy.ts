import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { warm } from '@/lib/stream/warming';
import { prefetchStudy } from './prefetchStudy';

/** Somebody who goes through a list fast does not mean each study that they pass. */
const DWELL_MS = 300;

const quiet = () => {}; // what fails here is asked for again, and said, when the study is opened

/** Asks for all that the page of a study needs, as soon as it is there. */
export function usePrefetchedStudy(at: StudyAt): void {
  const client = useQueryClient();
  useEffect(() => void prefetchStudy(client, at).catch(quiet), [at, client]);
}

async function warmStudy(client: QueryClient, at: StudyAt, signal: AbortSignal): Promise<void> {
  const first = await prefetchStudy(client, at);
  if (first && !signal.aborted) await warm(first.series, first.image, signal);
}

/** Has a study ready, with the image that it begins with, that somebody is likely to open next. */
export function useWarmStudy(uid: string | null, hospital: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (uid === null) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => void warmStudy(client, { uid, hospital }, stop.signal).catch(quiet), DWELL_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, hospital, uid]);
}
