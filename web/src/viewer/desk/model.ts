import type { MeasurementKind } from '@/lib/api/measurements';
import type { Links } from '@/lib/hanging/types';
import type { Drag } from '../lean/gestures';

/** What the left button, or one finger, does. */
export type Tool = Drag | MeasurementKind | 'crosshairs' | 'rotate';

/** How a series is looked at: image by image, in planes through its volume, as a body, or each image beside itself enhanced. */
export type Mode = 'stack' | 'planes' | 'body' | 'enhance';

export interface Grid {
  rows: number;
  columns: number;
  areas?: Area[];
}

export const countOf = ({ rows, columns, areas }: Grid) => areas?.length ?? rows * columns;

/** Where in the grid a pane is, from 0 on; each pane one cell, row by row, where there are none. */
export interface Area {
  row: number;
  column: number;
  rowSpan?: number;
  columnSpan?: number;
}

export const ONE: Grid = { rows: 1, columns: 1 };
/** The grids that one key goes through. */
export const GRIDS: readonly Grid[] = [ONE, { rows: 1, columns: 2 }, { rows: 2, columns: 2 }, { rows: 2, columns: 3 }];

export const DRAGS: readonly Drag[] = ['window', 'pan', 'zoom', 'scroll'];

export const MEASURES: readonly MeasurementKind[] = [
  'length',
  'bidirectional',
  'angle',
  'cobb',
  'ellipse',
  'rectangle',
  'freehand',
  'probe',
  'arrow',
];

export const TOOL_KEYS: Record<Tool, string> = {
  window: 'W',
  scroll: 'S',
  pan: 'P',
  zoom: 'Z',
  length: 'l',
  bidirectional: 'b',
  angle: 'a',
  cobb: 'c',
  ellipse: 'e',
  rectangle: 'q',
  freehand: 'f',
  probe: 'p',
  arrow: 'w',
  crosshairs: 'x',
  rotate: 'R',
};

/** Keys that have panes do something together, or each for itself. */
export const LINK_KEYS: Record<keyof Links, string> = { scroll: 'u', window: ';', zoom: "'" };
export const LINKS = Object.keys(LINK_KEYS) as (keyof Links)[];

export const isMeasure = (tool: Tool): tool is MeasurementKind => (MEASURES as readonly Tool[]).includes(tool);
