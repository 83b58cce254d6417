import { type Graphics, graphics } from '../stills/graphics';
import type { Mode } from './model';

/** What the server makes or draws, and the page only shows. */
export type Served = 'enhance' | 'planes' | 'body';

/** Whether the server draws what is looked at: enhanced images always, volumes where this machine has no card for them. */
export function servedBy(mode: Mode, drawnBy: Graphics): Served | null {
  if (mode === 'enhance') return 'enhance';
  if (mode === 'body' && drawnBy !== 'card') return 'body';
  return mode === 'planes' && drawnBy === 'none' ? 'planes' : null;
}

/** The same, on this machine. */
export function servedHere(mode: Mode): Served | null {
  return servedBy(mode, graphics());
}

/** Whether what is looked at can be measured: neither a body nor anything that the server made. */
export function mayMeasureIn(mode: Mode): boolean {
  return mode !== 'body' && servedHere(mode) === null;
}
