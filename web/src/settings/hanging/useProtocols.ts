import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { hangingProtocolsQuery, type Home, keepHangingProtocol, removeHangingProtocol } from '@/lib/api/hanging';
import type { HangingProtocol } from '@/lib/hanging/types';
import { inOrder, keyOf } from './ProtocolList';

interface Removed {
  protocol: HangingProtocol;
  isFresh: boolean;
}

const homeOf = ({ owner, organisation }: HangingProtocol): Home =>
  owner === 'hospital' ? { owner, organisation: organisation ?? '' } : { owner: 'mine' };

/**
 * The protocols that are kept and those that are new, which one is looked at, and what is done with them.
 *
 * Nothing is lost on the way: changes that are not saved stay by the protocol's key while another one is looked at, and
 * whatever was removed comes back, the last one first.
 */
export function useProtocols() {
  const client = useQueryClient();
  const { data: kept, error, refetch } = useQuery(hangingProtocolsQuery);
  const [fresh, setFresh] = useState<HangingProtocol[]>([]);
  const [drafts, setDrafts] = useState<ReadonlyMap<string, HangingProtocol>>(new Map());
  const [removed, setRemoved] = useState<Removed[]>([]);
  const [current, show] = useState<string | null>(null);
  const isKept = (protocol: HangingProtocol) => kept?.some((one) => keyOf(one) === keyOf(protocol)) ?? false;
  const all = inOrder([...fresh.filter((one) => !isKept(one)), ...(kept ?? [])]);
  const shown = all.find((one) => keyOf(one) === current) ?? all[0];
  const again = () => client.invalidateQueries(hangingProtocolsQuery);
  const forgetFresh = (protocol: HangingProtocol) => setFresh((before) => before.filter((one) => keyOf(one) !== keyOf(protocol)));

  function keepDraft(key: string, draft: HangingProtocol | null): void {
    setDrafts((before) => {
      if (before.get(key) === (draft ?? undefined)) return before;
      const next = new Map(before);
      if (draft) next.set(key, draft);
      else next.delete(key);
      return next;
    });
  }

  function begin(protocol: HangingProtocol): void {
    setFresh((before) => [protocol, ...before]);
    show(keyOf(protocol));
  }

  async function save(protocol: HangingProtocol): Promise<void> {
    await keepHangingProtocol(protocol, homeOf(protocol));
    await again();
    forgetFresh(protocol);
    // Whoever has gone on to another one meanwhile has nothing unsaved here, unless it was changed again.
    setDrafts((before) => (before.get(keyOf(protocol)) === protocol ? new Map([...before].filter(([, draft]) => draft !== protocol)) : before));
  }

  async function remove(protocol: HangingProtocol): Promise<void> {
    const isFresh = fresh.includes(protocol);
    if (!isFresh) await removeHangingProtocol(protocol.id, homeOf(protocol));
    forgetFresh(protocol);
    setRemoved((before) => [...before, { protocol, isFresh }]);
    await again();
  }

  async function bringBack(): Promise<void> {
    const last = removed.at(-1);
    if (!last) return;
    setRemoved(removed.slice(0, -1));
    if (last.isFresh) begin(last.protocol);
    else await save(last.protocol);
  }

  const isNew = (protocol: HangingProtocol) => fresh.includes(protocol);
  return { all, shown, drafts, lastRemoved: removed.at(-1), isPending: !kept, error, refetch, show, begin, isNew, keepDraft, save, remove, bringBack, forgetRemoved: () => setRemoved([]) };
}
