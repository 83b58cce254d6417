import type { Association } from '@/lib/api/associations';
import type { Unsettled } from '@/lib/api/archive';
import type { News } from '@/lib/notices';

/** How an association ends when something is wrong with the machine, or the way to it. */
const BROKEN: Association['outcome'][] = ['aborted_by_peer', 'timed_out', 'lost', 'unreachable'];

/** What is newly unsettled; fewer than before is no news. */
export function unsettledNews(before: Unsettled | undefined, now: Unsettled): News[] {
  if (!before) return [];
  return (['quarantine', 'conflicts'] as const)
    .map((kind): News => ({ kind, name: '', count: now[kind] - before[kind] }))
    .filter(({ count }) => count > 0);
}

/** The machines whose associations broke since the last look, each once. */
export function deviceNews(lastId: number, associations: Association[], nameOf: (peerId: number) => string): News[] {
  const broken = associations.filter((one) => one.id > lastId && one.peer_id !== null && BROKEN.includes(one.outcome));
  const byPeer = new Map<number, number>();
  for (const { peer_id: peer, times } of broken) byPeer.set(peer ?? 0, (byPeer.get(peer ?? 0) ?? 0) + times);
  return [...byPeer].map(([peer, count]) => ({ kind: 'device', name: nameOf(peer), count }));
}
