import { canvasPainter } from './canvasPainter';
import { displayTable } from './display';
import { glPainter } from './glPainter';
import type { Painter } from './scene';

/** A canvas, and what draws on it. */
export interface Glass {
  canvas: HTMLCanvasElement;
  painter: Painter | null;
  /** The table of the display that it was made for. */
  readonly table: Float32Array | null;
  /** Whether the graphics card has let go of it, e.g. since the machine slept. */
  isLost: boolean;
}

/** A graphics context takes a tenth of a second to make, and more without a card: one is kept for whoever comes next. */
let spare: Glass | null = null;

function made(): Glass {
  const canvas = document.createElement('canvas');
  const table = displayTable();
  const painter = glPainter(canvas, table) ?? canvasPainter(canvas);
  const glass: Glass = { canvas, painter, table, isLost: false };
  canvas.addEventListener('webglcontextlost', () => (glass.isLost = true));
  canvas.addEventListener('webglcontextrestored', () => (glass.isLost = false));
  return glass;
}

/** Has a glass ready before somebody needs it; returns who draws on it, as it names itself. */
export function warmGlass(): string | null {
  spare ??= made();
  return spare.painter?.renderer ?? null;
}

/** Returns an empty glass; whoever takes it gives it back. */
export function takeGlass(): Glass {
  const kept = spare;
  spare = null;
  return kept && !kept.isLost && kept.table === displayTable() ? kept : made();
}

/** Takes a glass back. Nothing of what was seen on it stays: the next to look through it may look at somebody else. */
export function giveBack(glass: Glass): void {
  glass.canvas.remove();
  glass.canvas.removeAttribute('aria-label');
  glass.painter?.clear();
  spare ??= glass;
}
