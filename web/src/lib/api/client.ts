import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem, type ProblemCode } from './problem';
import { sessionQuery } from './session';

const PASSING: ProblemCode[] = ['unreachable', 'unexpected', 'database_unavailable'];
const RETRIES = 2;

function shouldRetry(failures: number, error: Error): boolean {
  return error instanceof Problem && PASSING.includes(error.code) && failures < RETRIES;
}

/** A locked or ended session shows itself on whichever request meets it first. */
function noteSession(client: QueryClient, error: Error): void {
  if (!(error instanceof Problem)) return;
  if (error.code === 'session_locked') {
    client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, is_locked: true });
    void client.invalidateQueries(sessionQuery); // the answer may be of before it was unlocked
  }
  if (error.code === 'not_signed_in') client.setQueryData(sessionQuery.queryKey, null);
}

export function createClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => noteSession(client, error) }),
    defaultOptions: { queries: { retry: shouldRetry, staleTime: 30_000, refetchOnWindowFocus: false, networkMode: 'always' } },
  });
  return client;
}
