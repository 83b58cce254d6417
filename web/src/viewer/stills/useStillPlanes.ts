import { useCallback, useEffect, useRef, useState } from 'react';
import type { Image, Window } from '@/lib/dicomweb/images';
import { draggedWindow } from '../lean/windowing';
import type { PlaneName, Slab } from '../planes/slab';
import type { Steered } from '../steering';
import { followed } from './following';
import type { Pointed } from './PlaneStill';
import { useLooked } from './useLooked';

/** A plane in a pane of its own: others may follow it. */
interface Alone {
  plane: PlaneName;
  modality: string;
  images: readonly Image[];
}

/** How planes that the server cuts are seen, and what keys do to them: step and zoom to the one that is pointed at. */
export function useStillPlanes(window: Window | null, thick: Slab, onView: (view: Steered | null) => void, alone: Alone | null = null) {
  const [first] = useState(window);
  const [shown, setShown] = useState(first);
  const [slab, setSlab] = useState(thick);
  const [isInverted, setIsInverted] = useState(false);
  const pointed = useRef<Pointed | null>(null);
  const point = useCallback((pane: Pointed) => {
    pointed.current = pane;
  }, []);
  const { look, subscribe, tell } = useLooked(() => ({ pointed: pointed.current, images: alone?.images ?? [], chosen: shown === first ? null : shown }));
  const { plane, modality = '' } = alone ?? {};
  useEffect(() => {
    const leading = plane ? followed(plane, modality, look, subscribe) : {};
    const steered: Steered = {
      step: (steps) => pointed.current?.step(steps),
      next: () => pointed.current?.step(1),
      setWindow: (next) => setShown(next ?? first),
      invert: () => setIsInverted((now) => !now),
      turn: () => {},
      flip: () => {},
      zoom: (factor) => pointed.current?.zoom(factor),
      pan: (across, down) => pointed.current?.pan(across, down),
      reset: () => {
        setShown(first);
        setIsInverted(false);
        pointed.current?.reset();
      },
    };
    onView(Object.assign(leading, steered));
    return () => onView(null);
  }, [onView, first, plane, modality, look, subscribe]);
  const onWindow = (across: number, down: number) => setShown((now) => now && draggedWindow(now, across, down));
  return { window: shown, slab, setSlab, isInverted, onPointed: point, onShown: tell, onWindow };
}
