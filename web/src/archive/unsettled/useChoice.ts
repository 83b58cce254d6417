import { useState } from 'react';
import { useKeys } from '@/ui/useKeys';

interface Row {
  id: number;
}

export type Choice = ReturnType<typeof useChoice>;

/** Which rows are chosen, and which one is looked at; the keys of lists go from one to the next. */
export function useChoice<T extends Row>(rows: T[]) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState<number | null>(null);
  const current = rows.find((row) => row.id === shown) ?? rows[0];
  const here = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);

  function toggle(id: number): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  function toggleAll(): void {
    setChosen(here.length === rows.length ? new Set() : new Set(rows.map((row) => row.id)));
  }

  function step(by: number): void {
    const at = rows.findIndex((row) => row.id === current?.id) + by;
    const next = rows[Math.max(0, Math.min(rows.length - 1, at))];
    if (next) setShown(next.id);
  }

  useKeys({ j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1) });

  /** What an act is for: the chosen rows, or the one that is looked at. */
  const numbers = here.length ? here : current ? [current.id] : [];
  return { current, numbers, chosen: here, toggle, toggleAll, show: setShown };
}
