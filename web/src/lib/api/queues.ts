import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';

export interface Queue {
  id: number;
  organisation_id: number;
  name: string;
  prefix: string;
  code: string;
  waiting: number;
}

export type PlaceState = 'waiting' | 'called' | 'passed';
export type TicketAct = 'call' | 'pass' | 'return' | 'done' | 'leave';

/** Somebody in a queue, as those who call them see it. */
export interface Place {
  id: number;
  number: string;
  patient_id: string;
  name: string;
  sex: string;
  birth_date: string;
  state: PlaceState;
  room: string;
  calls: number;
  arrived_at: string;
  called_at: string | null;
}

/** A number on the board, with as much of the name as everybody may read. */
export interface Shown {
  number: string;
  name: string;
  room: string;
  called_at: string | null;
}

export interface Board {
  name: string;
  called: Shown[];
  waiting: Shown[];
}

export interface Given {
  number: string;
  is_new: boolean;
}

export interface NewQueue {
  organisation_id: number;
  name: string;
  prefix: string;
  code: string;
}

const ROOT = ['queues'];
const AGAIN_MS = 30_000;
/** Behind the lock nothing is heard of changes. */
const BOARD_AGAIN_MS = 3_000;
export const queuesKey = { queryKey: ROOT };

export const queuesQuery = queryOptions({
  queryKey: [...ROOT, 'all'],
  queryFn: ({ signal }) => getJson<Queue[]>('/api/queues', signal),
  refetchInterval: AGAIN_MS,
});

export function placesQuery(queue: number) {
  return queryOptions({
    queryKey: [...ROOT, 'places', queue],
    queryFn: ({ signal }) => getJson<{ queue: Queue; places: Place[] }>(`/api/queues/${queue}`, signal),
    refetchInterval: AGAIN_MS,
  });
}

export function boardQuery(queue: number) {
  return queryOptions({
    queryKey: [...ROOT, 'board', queue],
    queryFn: ({ signal }) => getJson<Board>(`/api/queues/${queue}/board`, signal),
    refetchInterval: BOARD_AGAIN_MS,
  });
}

export const openQueue = (queue: NewQueue) => change('POST', '/api/queues', queue);
export const callNext = (queue: number, room: string) => change('POST', `/api/queues/${queue}/next`, { room });

/** Gives somebody who has come a number, and returns it; whoever has one keeps it. */
export async function checkIn(queue: number, patient: string): Promise<Given> {
  const response = await change('POST', `/api/queues/${queue}/tickets`, { patient });
  return (await response.json()) as Given;
}

export const actOnTicket = (ticket: number, act: TicketAct, room: string) => change('POST', `/api/tickets/${ticket}/${act}`, { room });
