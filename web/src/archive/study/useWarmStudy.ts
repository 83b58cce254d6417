import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { warmStudy } from './warmStudy';

/** Somebody who goes through a list fast does not mean each study that they pass. */
const DWELL_MS = 300;

/** Has a study ready that somebody is likely to open next. */
export function useWarmStudy(uid: string | null, hospital: string, dwellMs = DWELL_MS): void {
  const client = useQueryClient();
  useEffect(() => {
    if (uid === null) return undefined;
    const at: StudyAt = { uid, hospital };
    const stop = new AbortController();
    const quiet = () => {}; // what fails here is asked for again, and said, when the study is opened
    const timer = setTimeout(() => void warmStudy(client, at, stop.signal).catch(quiet), dwellMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, dwellMs, hospital, uid]);
}
