import { useState } from 'react';

const MOST = 100;

interface History<Value> {
  past: Value[];
  now: Value;
}

/** A value with the way back: nothing is asked before a change, every change can be undone. */
export function useHistory<Value>(first: Value) {
  const [{ past, now }, setHistory] = useState<History<Value>>({ past: [], now: first });
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
