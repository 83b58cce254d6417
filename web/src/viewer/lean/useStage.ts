import { type PointerEvent, useEffect, useRef } from 'react';
import type { Window } from '@/lib/dicomweb/images';

const NOTCH = 40;
const DRAG_RANGE = 600;

/** Steps once per notch of a wheel, and by the distance of a touchpad. */
export function useWheelSteps(onStep: (steps: number) => void) {
  const stage = useRef<HTMLDivElement>(null);
  const latest = useRef(onStep);
  useEffect(() => {
    latest.current = onStep;
  });
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    let travelled = 0;
    const roll = (event: WheelEvent) => {
      event.preventDefault();
      travelled += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * NOTCH;
      const steps = Math.trunc(travelled / NOTCH);
      if (!steps) return;
      travelled = 0;
      latest.current(Math.sign(steps));
    };
    element.addEventListener('wheel', roll, { passive: false });
    return () => element.removeEventListener('wheel', roll);
  }, []);
  return stage;
}

/** Left drag: across for the width, down for the level, finer for narrow windows. */
export function useWindowDrag(window: Window | null, onWindow: (window: Window) => void) {
  const start = useRef<{ x: number; y: number; window: Window } | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0 || !window) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = { x: event.clientX, y: event.clientY, window };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!start.current) return;
      const { x, y, window: first } = start.current;
      const gain = Math.max(1, first.width / DRAG_RANGE);
      const width = Math.max(1, Math.round(first.width + (event.clientX - x) * gain));
      onWindow({ width, center: Math.round(first.center + (event.clientY - y) * gain) });
    },
    onPointerUp() {
      start.current = null;
    },
    onPointerCancel() {
      start.current = null;
    },
  };
}
