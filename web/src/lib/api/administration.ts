import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import type { Organisation } from './types';

export interface Role {
  organisation_id: number;
  role: string;
}

/** An account as an administrator sees it; `is_ours` says that all its roles are in one's own hospitals. */
export interface Person {
  username: string;
  display_name: string;
  locale: string;
  is_active: boolean;
  roles: Role[];
  is_ours: boolean;
}

/** A key for programs; its secret was shown once. */
export interface Token {
  id: number;
  username: string;
  label: string;
  created_at: string;
  expires_at: string | null;
}

export interface NewPerson {
  username: string;
  display_name: string;
  password: string;
  organisation_id: number;
  role: string;
  locale: 'zh-CN' | 'en';
}

const ROOT = ['administration'];
export const administrationKey = { queryKey: ROOT };

export const organisationsQuery = queryOptions({
  queryKey: [...ROOT, 'organisations'],
  queryFn: ({ signal }) => getJson<Organisation[]>('/api/organisations', signal),
});

export const rolesQuery = queryOptions({
  queryKey: [...ROOT, 'roles'],
  queryFn: ({ signal }) => getJson<Record<string, string[]>>('/api/roles', signal),
});

export const peopleQuery = queryOptions({
  queryKey: [...ROOT, 'people'],
  queryFn: ({ signal }) => getJson<Person[]>('/api/accounts', signal),
});

export const tokensQuery = queryOptions({
  queryKey: [...ROOT, 'tokens'],
  queryFn: ({ signal }) => getJson<Token[]>('/api/tokens', signal),
});

const account = (username: string) => `/api/accounts/${encodeURIComponent(username)}`;

export const createOrganisation = (hospital: Omit<Organisation, 'id'>) => change('POST', '/api/organisations', hospital);
export const createPerson = (person: NewPerson) => change('POST', '/api/accounts', person);
export const setActive = (username: string, isActive: boolean) =>
  change('PUT', `${account(username)}/active`, { is_active: isActive });
export const setPassword = (username: string, password: string) => change('PUT', `${account(username)}/password`, { password });
export const giveRole = (username: string, role: Role) => change('POST', `${account(username)}/roles`, role);
export const takeRole = (username: string, { organisation_id, role }: Role) =>
  change('DELETE', `${account(username)}/roles/${organisation_id}/${role}`);
export const revokeToken = (id: number) => change('DELETE', `/api/tokens/${id}`);

/** Makes a token and returns its secret, the only time that it is seen. */
export async function createToken(username: string, label: string, days: number): Promise<string> {
  const response = await change('POST', '/api/tokens', { username, label, days });
  return ((await response.json()) as { token: string }).token;
}
