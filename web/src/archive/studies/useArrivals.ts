import { useEffect, useRef, useState } from 'react';
import { findChanged, findNewest, type StudyFilter } from '@/lib/dicomweb/queries';
import { type Study, studyKey } from '@/lib/dicomweb/studies';
import { useStudyChanges } from '@/lib/live/events';

const GATHER_MS = 400;

/** What arrived counts only for the filter it was found with. */
interface Arrived {
  filter: StudyFilter;
  keys: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Studies that arrived since the list was read: counted, not shown, so that no row moves under the reader. */
export function useArrivals(filter: StudyFilter, studies: Study[], update: (fresh: Study[]) => void) {
  const [arrived, setArrived] = useState<Arrived>({ filter, keys: NONE });
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const known = new Set(studies.map(studyKey));
  const keys = arrived.filter === filter ? arrived.keys : NONE;

  function take(found: Study[]): void {
    const fresh = found.filter((study) => known.has(studyKey(study)));
    if (fresh.length) update(fresh);
    const others = found.map(studyKey).filter((key) => !known.has(key));
    if (others.length) setArrived({ filter, keys: new Set([...keys, ...others]) });
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

  const count = [...keys].filter((key) => !known.has(key)).length;
  return { count, forget: () => setArrived({ filter, keys: NONE }) };
}
