import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import { asProblem } from './problem';
import type { Server, Session } from './types';

const PATH = '/api/session';

async function currentSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await getJson<Session>(PATH, signal);
  } catch (error) {
    if (asProblem(error).code === 'not_signed_in') return null;
    throw error;
  }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => currentSession(signal),
  staleTime: Infinity,
});

export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: ({ signal }) => getJson<Server>('/api/server', signal),
  staleTime: Infinity,
});

export async function signIn(username: string, password: string): Promise<Session> {
  const response = await change('POST', PATH, { username, password });
  return (await response.json()) as Session;
}

export async function signOut(): Promise<void> {
  await change('DELETE', PATH);
}

export async function lock(): Promise<void> {
  await change('POST', `${PATH}/lock`);
}

export async function unlock(password: string): Promise<Session> {
  const response = await change('POST', `${PATH}/unlock`, { password });
  return (await response.json()) as Session;
}
