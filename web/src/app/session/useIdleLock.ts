import { useEffect, useRef } from 'react';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_MS = 5_000;

/** Locks when nobody has touched the page for the time the hospital allows. */
export function useIdleLock(idleS: number, isWatching: boolean, onIdle: () => void): void {
  const latest = useRef(onIdle);
  useEffect(() => {
    latest.current = onIdle;
  });
  useEffect(() => {
    if (!isWatching || idleS <= 0) return undefined;
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    const look = () => {
      if (Date.now() - touched >= idleS * 1_000) latest.current();
    };
    const timer = setInterval(look, Math.min(LOOK_MS, idleS * 250));
    for (const sign of SIGNS) window.addEventListener(sign, touch, { passive: true });
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, touch);
    };
  }, [idleS, isWatching]);
}
