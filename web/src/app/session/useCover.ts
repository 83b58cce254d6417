import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useIsShownToAll } from '@/lib/shownToAll';
import { hasOpenLayer } from '@/ui/useKeys';

const ASKED_MS = 30_000;

/**
 * Whether the lock covers the page: one that everybody may see it covers for a while, when somebody touches it.
 *
 * What is pressed to have it come is meant for the lock, and Escape, of which it knows nothing, closes no dialog beneath.
 */
export function useCover(isLocked: boolean): boolean {
  const isShownToAll = useIsShownToAll();
  const [was, setWas] = useState({ isLocked: false, isClear: false });
  // Looked at before the lock lies over it: a dialog that was open over the board is not for everybody's eyes.
  if (was.isLocked !== isLocked) setWas({ isLocked, isClear: !hasOpenLayer() });
  const isForAll = isShownToAll && isLocked && was.isClear;
  const [touches, setTouches] = useState(0);
  const isCovered = isLocked && (!isForAll || touches > 0);
  const latest = useRef({ isLocked, isCovered });
  useLayoutEffect(() => {
    latest.current = { isLocked, isCovered };
  });
  useEffect(() => {
    const touch = (event: Event) => {
      if (!latest.current.isLocked) return;
      setTouches((before) => before + 1);
      if (latest.current.isCovered && !(event instanceof KeyboardEvent && event.key === 'Escape')) return;
      event.stopImmediatePropagation();
      event.preventDefault();
    };
    window.addEventListener('pointerdown', touch, { capture: true });
    window.addEventListener('keydown', touch, { capture: true });
    return () => {
      window.removeEventListener('pointerdown', touch, { capture: true });
      window.removeEventListener('keydown', touch, { capture: true });
    };
  }, []);
  useEffect(() => {
    if (touches === 0) return undefined;
    const timer = setTimeout(() => setTouches(0), ASKED_MS);
    return () => clearTimeout(timer);
  }, [touches]);
  return isCovered;
}
