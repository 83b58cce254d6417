import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from './useKeys';

interface InHand {
  key: number;
  place: number;
}

/** Where the row in hand is; where it is gone, the one that is there now. Another one may come in before it at any time. */
export function placeOf(keys: readonly number[], inHand: InHand | null): number {
  const found = keys.indexOf(inHand?.key ?? Number.NaN);
  return Math.min(found < 0 ? (inHand?.place ?? 0) : found, keys.length - 1);
}

/**
 * The row of a list that is in hand, and the keys of lists that go from one to the next. A row that goes, as where it
 * was decided on, leaves the hand at its place: the one that is there now is in hand.
 */
export function useRowsInHand<T>(rows: readonly T[], keyOf: (row: T) => number) {
  const [inHand, setInHand] = useState<InHand | null>(null);
  const at = placeOf(rows.map(keyOf), inHand);
  const current = rows[at];
  if (current !== undefined && (inHand?.key !== keyOf(current) || inHand.place !== at)) setInHand({ key: keyOf(current), place: at });
  const step = (by: number) => () => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next !== undefined) setInHand({ key: keyOf(next), place: at });
  };
  useKeys({ j: step(1), ArrowDown: step(1), k: step(-1), ArrowUp: step(-1) });
  return { current, show: (key: number) => setInHand({ key, place: at }) };
}

/** What the button of a row carries: Tab comes to the one in hand alone, and the focus goes along with the hand. */
export function useRow(isInHand: boolean): { ref: RefObject<HTMLButtonElement | null>; tabIndex: number; 'data-row': true } {
  const ref = useRef<HTMLButtonElement>(null);
  const was = useRef(isInHand);
  useLayoutEffect(() => {
    if (isInHand && !was.current && !document.activeElement?.matches('input,textarea,select,[role="dialog"] *,dialog *')) ref.current?.focus();
    was.current = isInHand;
  }, [isInHand]);
  return { ref, tabIndex: isInHand ? 0 : -1, 'data-row': true };
}

/** A row that nobody comes to by Tab: it comes in sight with the hand. */
export function useInSight<T extends Element>(isInHand: boolean): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    if (isInHand) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isInHand]);
  return ref;
}

const SEEN_MS = 1_000;

/**
 * Whether the hand has just fallen on another row, since the one that was in it has gone: by an act, or by somebody else.
 * What is pressed in that moment was meant for the one that has gone.
 */
export function useHasFallen(rows: readonly number[], current: number | undefined): boolean {
  const [last, setLast] = useState(current);
  const [fallenOn, setFallenOn] = useState<number>();
  if (current !== last) {
    setLast(current);
    setFallenOn(last !== undefined && !rows.includes(last) ? current : undefined);
  }
  useEffect(() => {
    if (fallenOn === undefined) return undefined;
    const timer = setTimeout(() => setFallenOn(undefined), SEEN_MS);
    return () => clearTimeout(timer);
  }, [fallenOn]);
  return fallenOn !== undefined;
}
