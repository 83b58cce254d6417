import { useState } from 'react';
import { useKeys } from '@/ui/useKeys';

interface Row {
  id: number;
}

/** Where the row is that is looked at; where it is settled and gone, the next one has come to its place. */
export function placeOf(rows: readonly Row[], { id, at }: { id: number; at: number }): number {
  const place = rows.findIndex((row) => row.id === id);
  return place >= 0 ? place : Math.max(0, Math.min(at, rows.length - 1));
}

export type Choice = ReturnType<typeof useChoice>;

/** Which rows are chosen, and which one is looked at; the keys of lists go from one to the next. */
export function useChoice<T extends Row>(rows: T[]) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState({ id: -1, at: 0 });
  const at = placeOf(rows, shown);
  const current = rows[at];
  // What is looked at is held: another one may come in before it at any time.
  if (current && (current.id !== shown.id || at !== shown.at)) setShown({ id: current.id, at });
  const here = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);

  function toggle(id: number): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  function toggleAll(): void {
    setChosen(here.length === rows.length ? new Set() : new Set(rows.map((row) => row.id)));
  }

  const show = (id: number) => setShown({ id, at });

  function step(by: number): void {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) show(next.id);
  }

  useKeys({ j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1) });

  /** What an act is for: the chosen rows, or the one that is looked at. */
  const numbers = here.length ? here : current ? [current.id] : [];
  return { current, numbers, chosen: here, toggle, toggleAll, show };
}
