import { useLayoutEffect, useRef, useState } from 'react';
import type { Looked } from './following';

/** What is looked at by now, for who follows it; they hear when they are told. */
export function useLooked(now: () => Looked) {
  const latest = useRef(now);
  useLayoutEffect(() => {
    latest.current = now;
  });
  const [steady] = useState(() => {
    const listeners = new Set<() => void>();
    return {
      look: () => latest.current(),
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      tell: () => listeners.forEach((listener) => listener()),
    };
  });
  return steady;
}
