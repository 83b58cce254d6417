import { useState } from 'react';

const MOST = 100;

interface History<Value> {
  past: Value[];
  now: Value;
}

/** A value with the way back: nothing is asked before a change, every change can be undone. It may begin as a draft. */
export function useHistory<Value>(first: Value, draft: Value | null) {
  const [{ past, now }, setHistory] = useState<History<Value>>(draft === null ? { past: [], now: first } : { past: [first], now: draft });
  return {
    value: now,
    canUndo: past.length > 0,
    set: (value: Value) => setHistory((before) => ({ past: [...before.past, before.now].slice(-MOST), now: value })),
    undo: () =>
      setHistory((before) => {
        const last = before.past.at(-1);
        return last === undefined ? before : { past: before.past.slice(0, -1), now: last };
      }),
  };
}
