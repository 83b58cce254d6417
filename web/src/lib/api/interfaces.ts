import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';

export type Way = 'in' | 'out';

/** What goes over a line: in the last minute, hour and day, and in each two minutes of the last hour. */
export interface Flow {
  minute: number;
  hour: number;
  day: number;
  series: number[];
  last_at: string | null;
  last_kind: string;
  waiting: number;
  waiting_since: string | null;
  failed: number;
  /** Why the first message that waits was not taken yet. */
  trouble: string;
}

export interface SourceTerms {
  organisation_id: number;
  label: string;
  sending_application: string;
  sending_facility: string;
  network: string;
  certificate_sha256: string;
  issuer: string;
  charset: string;
  utc_offset: string;
  is_enhanced: boolean;
}

export interface DestinationTerms {
  organisation_id: number;
  label: string;
  host: string;
  port: number;
  is_tls: boolean;
  charset: string;
  sending_application: string;
  sending_facility: string;
  receiving_application: string;
  receiving_facility: string;
  kinds: string[];
}

export type Source = SourceTerms & { id: number };
export type Destination = DestinationTerms & { id: number };

export interface Interfaces {
  port: number;
  tls_port: number;
  sources: { source: Source; flow: Flow }[];
  destinations: { destination: Destination; flow: Flow }[];
}

/**
 * A message that waits for a person; `line` is the number of its source or destination. One that goes out and is
 * `waiting` was not taken yet and keeps those behind it; of one that is superseded a newer version was sent already.
 */
export interface Troubled {
  id: number;
  organisation_id: number;
  line: number;
  at: string;
  control_id: string;
  kind: string;
  state: string;
  reason: string;
  tries: number;
  is_superseded: boolean;
}

/** A message in characters; `fault` says why some of them cannot be told. */
export interface Shown {
  text: string;
  charset: string;
  fault: string;
}

export interface Message {
  about: Troubled;
  text: Shown;
  answer: Shown | null;
}

const ROOT = ['interfaces'];
const PAGE = 100;
const LINES_MS = 5_000;
const FAILED_MS = 10_000;
export const interfacesKey = { queryKey: ROOT };

export const interfacesQuery = queryOptions({
  queryKey: [...ROOT, 'lines'],
  queryFn: ({ signal }) => getJson<Interfaces>('/api/interfaces', signal),
  refetchInterval: LINES_MS,
});

export function failedQuery(way: Way, line: number | null) {
  return infiniteQueryOptions({
    queryKey: [...ROOT, 'failed', way, line],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ limit: String(PAGE), ...(line !== null && { line: String(line) }) });
      if (pageParam !== null) asked.set('before', String(pageParam));
      return getJson<Troubled[]>(`/api/interfaces/messages/${way}?${asked}`, signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last: Troubled[]) => (last.length === PAGE ? last[PAGE - 1]?.id : undefined),
    refetchInterval: FAILED_MS,
  });
}

export function messageQuery(way: Way, id: number) {
  return queryOptions({
    queryKey: [...ROOT, 'message', way, id],
    queryFn: ({ signal }) => getJson<Message>(`/api/interfaces/messages/${way}/${id}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const numbered = (id: number | null) => (id === null ? '' : `/${id}`);

export const replayMessages = (way: Way, numbers: number[]) => change('POST', `/api/interfaces/messages/${way}/replay`, { numbers });
export const dismissMessages = (way: Way, numbers: number[]) => change('POST', `/api/interfaces/messages/${way}/dismiss`, { numbers });
export const correctMessage = (way: Way, id: number, text: string) =>
  change('POST', `/api/interfaces/messages/${way}/${id}/correct`, { text });

/** Adds a source, or changes the one of that number. */
export const keepSource = (id: number | null, terms: SourceTerms) =>
  change(id === null ? 'POST' : 'PUT', `/api/interfaces/sources${numbered(id)}`, terms);
export const removeSource = (id: number) => change('DELETE', `/api/interfaces/sources/${id}`);

/** Adds a destination, or changes the one of that number. */
export const keepDestination = (id: number | null, terms: DestinationTerms) =>
  change(id === null ? 'POST' : 'PUT', `/api/interfaces/destinations${numbered(id)}`, terms);
export const removeDestination = (id: number) => change('DELETE', `/api/interfaces/destinations/${id}`);
