import { useEffect, useRef, useState } from 'react';
import { findChanged, findNewest, type StudyFilter } from '@/lib/dicomweb/queries';
import type { Study } from '@/lib/dicomweb/studies';
import { useStudyChanges } from '@/lib/live/events';

const GATHER_MS = 400;

/** What arrived counts only for the filter it was found with. */
interface Arrived {
  filter: StudyFilter;
  uids: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Studies that arrived since the list was read: counted, not shown, so that no row moves under the reader. */
export function useArrivals(filter: StudyFilter, studies: Study[], update: (fresh: Study[]) => void) {
  const [arrived, setArrived] = useState<Arrived>({ filter, uids: NONE });
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const known = new Set(studies.map((study) => study.uid));
  const uids = arrived.filter === filter ? arrived.uids : NONE;

  function take(found: Study[]): void {
    const fresh = found.filter((study) => known.has(study.uid));
    if (fresh.length) update(fresh);
    const others = found.filter((study) => !known.has(study.uid)).map((study) => study.uid);
    if (others.length) setArrived({ filter, uids: new Set([...uids, ...others]) });
  }

  const look = useRef<() => void>(() => {});
  useEffect(() => {
    look.current = () => {
      const changed = [...waiting.current];
      waiting.current.clear();
      findChanged(filter, changed).then(take, () => undefined);
    };
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  useStudyChanges(
    ({ study_instance_uid }) => {
      waiting.current.add(study_instance_uid);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => look.current(), GATHER_MS);
    },
    () => void findNewest(filter).then(take, () => undefined),
  );

  const count = [...uids].filter((uid) => !known.has(uid)).length;
  return { count, forget: () => setArrived({ filter, uids: NONE }) };
}
