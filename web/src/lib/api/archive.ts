import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';

/** A machine that may send, and where it listens if it takes images itself. */
export interface Peer {
  id: number;
  organisation_id: number;
  label: string;
  called_ae: string;
  calling_ae: string;
  network: string;
  is_trusted: boolean;
  host: string | null;
  port: number | null;
  is_tls: boolean;
}

export interface Address {
  host: string;
  port: number;
  is_tls: boolean;
}

export interface NewPeer {
  organisation_id: number;
  label: string;
  calling_ae: string;
  called_ae?: string;
  network?: string;
  address?: Address;
}

export interface Echoed {
  milliseconds: number | null;
  reason: string;
}

export const peersQuery = queryOptions({
  queryKey: ['peers'],
  queryFn: ({ signal }) => getJson<Peer[]>('/api/peers', signal),
});

export async function addPeer(peer: NewPeer): Promise<void> {
  await change('POST', '/api/peers', peer);
}

export async function setAddress(peer: number, address: Address): Promise<void> {
  await change('PUT', `/api/peers/${peer}/address`, address);
}

export async function removePeer(peer: number): Promise<void> {
  await change('DELETE', `/api/peers/${peer}`);
}

/** Asks a machine whether it is there (C-ECHO). */
export async function echo(peer: number): Promise<Echoed> {
  return (await (await change('POST', `/api/peers/${peer}/echo`)).json()) as Echoed;
}

export interface Unsettled {
  conflicts: number;
  quarantine: number;
}

export const unsettledQuery = queryOptions({
  queryKey: ['unsettled', 'count'],
  queryFn: ({ signal }) => getJson<Unsettled>('/api/unsettled', signal),
  refetchInterval: 60_000,
});

/** What a file says of its patient, study and image. */
export type Said = Record<string, string | number | null>;

export interface Side {
  length: number;
  source: string;
  received_at: string;
  says: Said;
}

export interface Comparison {
  standing: Side;
  arrived: Side;
}

export interface FileOf {
  length: number;
  source: string;
  received_at: string;
}

/** Two files under one UID: the image as it stands, and the one that came later. */
export interface Conflict {
  id: number;
  organisation_id: number;
  sop_instance_uid: string;
  study_instance_uid: string;
  patient_id: string;
  patient_name: string;
  arrived: FileOf;
  standing: FileOf;
}

/** A file that something is wrong with. */
export interface Quarantined extends FileOf {
  id: number;
  organisation_id: number;
  reason: string;
  reason_code: string;
  reason_numbers: Record<string, number>;
}

export const conflictsQuery = queryOptions({
  queryKey: ['unsettled', 'conflicts'],
  queryFn: ({ signal }) => getJson<Conflict[]>('/api/conflicts', signal),
});

export const quarantineQuery = queryOptions({
  queryKey: ['unsettled', 'quarantine'],
  queryFn: ({ signal }) => getJson<Quarantined[]>('/api/quarantine', signal),
});

export function comparisonQuery(number: number) {
  return queryOptions({
    queryKey: ['unsettled', 'conflicts', number],
    queryFn: ({ signal }) => getJson<Comparison>(`/api/conflicts/${number}`, signal),
  });
}

export function quarantinedQuery(number: number) {
  return queryOptions({
    queryKey: ['unsettled', 'quarantine', number],
    queryFn: ({ signal }) => getJson<{ says: Said | null }>(`/api/quarantine/${number}`, signal),
  });
}

export async function settleConflicts(numbers: number[], keep: 'standing' | 'arrived', note: string): Promise<void> {
  await change('POST', '/api/conflicts/settle', { numbers, keep, note });
}

export async function settleQuarantine(
  numbers: number[],
  act: 'accept' | 'reject',
  note: string,
  repair: Record<string, string> = {},
): Promise<void> {
  await change('POST', '/api/quarantine/settle', { numbers, act, note, repair });
}
