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

/** Studies that arrived since the list was read (null until then): counted, not shown, so that no row moves under the reader. */
export function useArrivals(filter: StudyFilter, studies: Study[] | null, update: (fresh: Study[]) => void) {
  const [arrived, setArrived] = useState<Arrived>({ filter, keys: NONE });
  const waiting = useRef(new Set<string>());
  const mayHaveMissed = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const known = new Set(studies?.map(studyKey));
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

  /** What came before the connection opened: of a list that begins with the oldest, nobody can tell. */
  const catchUp = useRef<() => void>(() => {});
  useEffect(() => {
    catchUp.current = () => {
      if (!studies || !mayHaveMissed.current) return;
      mayHaveMissed.current = false;
      if (!filter.isOldestFirst) findNewest(filter).then(take, () => undefined);
    };
    catchUp.current();
  });

  useStudyChanges(
    ({ study_instance_uid }) => {
      waiting.current.add(study_instance_uid);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => look.current(), GATHER_MS);
    },
    () => {
      mayHaveMissed.current = true;
      catchUp.current();
    },
  );

  const count = [...keys].filter((key) => !known.has(key)).length;
  return { count, forget: () => setArrived({ filter, keys: NONE }) };
}
