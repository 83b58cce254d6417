import { type Graphics, graphics } from '../stills/graphics';
import type { PaneView } from '@/lib/hanging/types';
import type { Mode } from './model';

/** What the server makes or draws, and the page only shows. */
export type Served = 'enhance' | 'planes' | 'body';

/** Whether the server draws what is looked at: enhanced images always, volumes where this machine has no card for them. */
export function servedBy(mode: Mode, drawnBy: Graphics): Served | null {
  if (mode === 'enhance') return 'enhance';
  if (mode === 'body' && drawnBy !== 'card') return 'body';
  return mode === 'planes' && drawnBy === 'none' ? 'planes' : null;
}

/** Whether the server draws a pane of a stage: bodies, and planes where this machine draws nothing in space. */
export function isServed(view: PaneView, drawnBy: Graphics): boolean {
  return view === 'volume' ? drawnBy !== 'card' : view !== 'stack' && drawnBy === 'none';
}

/** The same, on this machine. */
export function servedHere(mode: Mode): Served | null {
  return servedBy(mode, graphics());
}

/** Whether what is looked at can be measured: neither a body nor anything that the server made. */
export function mayMeasureIn(mode: Mode): boolean {
  return mode !== 'body' && servedHere(mode) === null;
}
