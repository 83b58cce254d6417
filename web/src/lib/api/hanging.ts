import { queryOptions } from '@tanstack/react-query';
import type { HangingProtocol, Owner } from '@/lib/hanging/types';
import { change, getJson } from './http';

const PATH = '/api/hanging-protocols';

/** All hanging protocols that one may use: one's own first, then the hospitals', then those built in. */
export const hangingProtocolsQuery = queryOptions({
  queryKey: ['hangingProtocols'],
  queryFn: ({ signal }) => getJson<HangingProtocol[]>(PATH, signal),
  staleTime: 5 * 60_000,
});

/** Where a protocol lives: of one's own, or of the hospital with a code. */
export interface Home {
  owner: Exclude<Owner, 'built-in'>;
  organisation?: string;
}

function addressOf(id: string, { owner, organisation }: Home): string {
  const query = new URLSearchParams({ owner, ...(organisation && { organisation }) });
  return `${PATH}/${encodeURIComponent(id)}?${query}`;
}

/** Keeps a protocol; one of the same id in the same place is replaced. */
export async function keepHangingProtocol(protocol: HangingProtocol, home: Home): Promise<void> {
  const { id, name, matches, stages } = protocol;
  await change('PUT', addressOf(id, home), { name, matches, stages });
}

export async function removeHangingProtocol(id: string, home: Home): Promise<void> {
  await change('DELETE', addressOf(id, home));
}
