import type { Window } from '@/lib/dicomweb/images';

/** How fine a drag moves the window: across a stage of so many pixels it moves by its own width. */
const DRAG_RANGE = 600;

/** A window after a drag, in pixels of the page: across makes it wider, down moves it up. */
export function draggedWindow({ center, width }: Window, across: number, down: number): Window {
  const gain = Math.max(1, width / DRAG_RANGE);
  return { width: Math.max(1, Math.round(width + across * gain)), center: Math.round(center + down * gain) };
}
