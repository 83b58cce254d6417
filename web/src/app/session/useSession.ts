import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { preferencesQuery } from '@/lib/api/preferences';
import { lock, sessionQuery, signOut } from '@/lib/api/session';
import type { Organisation, Session } from '@/lib/api/types';
import { drafts } from '@/lib/drafts/useDraft';
import { forgetPerson } from '@/lib/leaving';
import { notices } from '@/lib/notices';
import { dropLook } from './look';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside a session');
  return session;
}

/** The hospitals where the person holds a permission. */
export function useHospitalsWith(permission: string): Organisation[] {
  return useSession().organisations.filter((hospital) => hospital.permissions?.includes(permission));
}

export function useSessionQuery() {
  return useQuery(sessionQuery);
}

/** What a user does with the session; each act shows at once, whatever the network says. */
export function useSessionActs() {
  const client = useQueryClient();

  function hold(session: Session | null): void {
    client.setQueryData(sessionQuery.queryKey, session);
  }

  async function lockNow(): Promise<void> {
    client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, is_locked: true });
    await lock().catch(() => undefined);
  }

  /** Signs out. The texts that were begun go with whoever leaves by themselves, and stay for whoever is locked out. */
  async function leave({ keepsDrafts = false } = {}): Promise<void> {
    const session = client.getQueryData(sessionQuery.queryKey);
    await signOut().catch(() => undefined);
    notices.own('');
    forgetPerson();
    if (session && !keepsDrafts) drafts.forget(session.username);
    dropLook(client.getQueryData(preferencesQuery.queryKey));
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'server' });
    hold(null);
  }

  /** After unlocking, whatever failed behind the lock is asked for again. */
  async function goOn(session: Session): Promise<void> {
    await client.cancelQueries(sessionQuery); // what is on its way was asked behind the lock
    hold(session);
    void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
  }

  return { hold, lockNow, leave, goOn };
}
