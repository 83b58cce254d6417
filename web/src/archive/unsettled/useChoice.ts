import { useState } from 'react';
import { useKeys } from '@/ui/useKeys';
import { useRowsInHand } from '@/ui/useRowsInHand';
import { UNSETTLED_KEYS } from './keys';

interface Row {
  id: number;
}

export type Choice = ReturnType<typeof useChoice>;

/** Which rows are chosen, and which one is looked at; the keys of lists go from one to the next. */
export function useChoice<T extends Row>(rows: T[]) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { current, show } = useRowsInHand(rows, ({ id }) => id);
  const here = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);

  function toggle(id: number): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  function toggleAll(): void {
    setChosen(here.length === rows.length ? new Set() : new Set(rows.map((row) => row.id)));
  }

  useKeys({ [UNSETTLED_KEYS.choose]: () => current && toggle(current.id), [UNSETTLED_KEYS.chooseAll]: toggleAll });

  /** What an act is for: the chosen rows, or the one that is looked at. */
  const numbers = here.length ? here : current ? [current.id] : [];
  return { current, numbers, chosen: here, toggle, toggleAll, show };
}
