import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { toListSearch, toStudyFilter } from '@/archive/studies/filter';
import { peersQuery, type Unsettled, unsettledQuery } from '@/lib/api/archive';
import { associationsQuery } from '@/lib/api/associations';
import { viewsQuery } from '@/lib/api/views';
import { toDicomDate } from '@/lib/dicomweb/dates';
import { findChanged } from '@/lib/dicomweb/queries';
import { studyKey } from '@/lib/dicomweb/studies';
import { useStudyChanges } from '@/lib/live/events';
import { notices } from '@/lib/notices';
import { deviceNews, unsettledNews } from './news';

const GATHER_MS = 2_000;
const LOOK_MS = 60_000;
/** Each view costs a search whenever studies arrive. */
const MOST_VIEWS = 10;

/** Studies that arrive for a view which somebody keeps; each copy of a study is news once. */
export function useArrivedNews(): void {
  const client = useQueryClient();
  useQuery(viewsQuery('studies')); // so that they are those of now
  const waiting = useRef(new Set<string>());
  const told = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function look(): Promise<void> {
    const uids = [...waiting.current];
    waiting.current.clear();
    const views = await client.ensureQueryData(viewsQuery('studies')).catch(() => []); // something may arrive before they do
    for (const { name, search } of views.slice(0, MOST_VIEWS)) {
      const found = await findChanged(toStudyFilter(toListSearch(search), toDicomDate(new Date())), uids).catch(() => []);
      const keys = found.map((study) => `${name}/${studyKey(study)}`).filter((key) => !told.current.has(key));
      for (const key of keys) told.current.add(key);
      if (keys.length) notices.add({ kind: 'arrived', name, count: keys.length, search });
    }
  }

  useStudyChanges(
    ({ study_instance_uid: uid }) => {
      waiting.current.add(uid);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void look(), GATHER_MS);
    },
    () => undefined,
  );
}

/** What newly waits for a decision, and machines whose associations broke: for those who settle such things. */
export function useEngineerNews(isWanted: boolean): void {
  const { data: unsettled } = useQuery({ ...unsettledQuery, enabled: isWanted });
  const { data: associations } = useQuery({ ...associationsQuery, enabled: isWanted, refetchInterval: LOOK_MS });
  const { data: peers = [] } = useQuery({ ...peersQuery, enabled: isWanted });
  const before = useRef<Unsettled>(undefined);
  const lastId = useRef<number>(undefined);

  useEffect(() => {
    if (!unsettled) return;
    for (const news of unsettledNews(before.current, unsettled)) notices.add(news);
    before.current = unsettled;
  }, [unsettled]);

  useEffect(() => {
    if (!associations) return;
    const nameOf = (id: number) => peers.find((peer) => peer.id === id)?.label ?? '';
    if (lastId.current !== undefined) for (const news of deviceNews(lastId.current, associations, nameOf)) notices.add(news);
    lastId.current = Math.max(lastId.current ?? 0, ...associations.map(({ id }) => id));
  }, [associations, peers]);
}
