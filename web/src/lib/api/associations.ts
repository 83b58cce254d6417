import { queryOptions } from '@tanstack/react-query';
import { getJson } from './http';

export const OUTCOMES = ['released', 'rejected', 'aborted_by_peer', 'aborted_by_us', 'timed_out', 'lost', 'unreachable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** An association that is over, or `times` of the same kind. */
export interface Association {
  id: number;
  organisation_id: number | null;
  peer_id: number | null;
  /** We called. */
  is_ours: boolean;
  calling_ae: string;
  called_ae: string;
  address: string;
  is_tls: boolean;
  began_at: string;
  ended_at: string;
  outcome: Outcome;
  /** Result, source and reason of PS3.8 table 9-21: 1/1/3. */
  rejection: string | null;
  /** By service: how often it went well, with a warning, and failed. */
  done: Record<string, [number, number, number]>;
  times: number;
}

const REFRESH_MS = 10_000;

/** The last associations of every machine, each machine's newest first. */
export const associationsQuery = queryOptions({
  queryKey: ['associations'],
  queryFn: ({ signal }) => getJson<Association[]>('/api/associations', signal),
  refetchInterval: REFRESH_MS,
});

/** Who called lately and is no machine of ours. */
export const strangersQuery = queryOptions({
  queryKey: ['associations', 'strangers'],
  queryFn: ({ signal }) => getJson<Association[]>('/api/associations/strangers', signal),
  refetchInterval: REFRESH_MS,
});
