import { useEffect, useLayoutEffect, useRef } from 'react';
import { type Bindings, type Gestures, listen } from '../lean/gestures';

/** What a hand does on a picture of the server. */
export function useHand(gestures: Gestures, bindings: Bindings) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef({ gestures, bindings });
  useLayoutEffect(() => {
    latest.current = { gestures, bindings };
  });
  useEffect(() => {
    if (!element.current) return undefined;
    const stop = new AbortController();
    const steady: Gestures = {
      onScroll: (steps) => latest.current.gestures.onScroll(steps),
      onWindow: (across, down) => latest.current.gestures.onWindow(across, down),
      onPan: (across, down) => latest.current.gestures.onPan(across, down),
      onZoom: (factor, x, y) => latest.current.gestures.onZoom(factor, x, y),
      onReset: () => latest.current.gestures.onReset(),
      onHover: (x, y) => latest.current.gestures.onHover(x, y),
    };
    listen(element.current, steady, () => latest.current.bindings, stop.signal);
    return () => stop.abort();
  }, []);
  return element;
}
