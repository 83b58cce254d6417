import type { HangingProtocol, Name, Pane, Stage } from '@/lib/hanging/types';

export const MOST_ROWS = 6;
export const MOST_COLUMNS = 8;

/** The cells of a grid from one corner to the other, in whichever direction it was drawn. */
export interface Box {
  row: number;
  column: number;
  rowSpan: number;
  columnSpan: number;
}

export interface Cell {
  row: number;
  column: number;
}

export function boxBetween(one: Cell, other: Cell): Box {
  const row = Math.min(one.row, other.row);
  const column = Math.min(one.column, other.column);
  return {
    row,
    column,
    rowSpan: Math.abs(one.row - other.row) + 1,
    columnSpan: Math.abs(one.column - other.column) + 1,
  };
}

export const boxOf = ({ row, column, rowSpan = 1, columnSpan = 1 }: Pane): Box => ({ row, column, rowSpan, columnSpan });

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.row < other.row + other.rowSpan &&
    other.row < one.row + one.rowSpan &&
    one.column < other.column + other.columnSpan &&
    other.column < one.column + one.columnSpan
  );
}

const isInside = (box: Box, { rows, columns }: Stage): boolean =>
  box.row >= 0 && box.column >= 0 && box.row + box.rowSpan <= rows && box.column + box.columnSpan <= columns;

/** Whether a box has room in a stage, apart from one of its panes. */
export function hasRoom(stage: Stage, box: Box, except = -1): boolean {
  return isInside(box, stage) && stage.panes.every((pane, place) => place === except || !overlaps(boxOf(pane), box));
}

export function emptyCells({ rows, columns, panes }: Stage): Cell[] {
  const cells = Array.from({ length: rows * columns }, (_, at) => ({ row: Math.floor(at / columns), column: at % columns }));
  return cells.filter((cell) => !panes.some((pane) => overlaps(boxOf(pane), { ...cell, rowSpan: 1, columnSpan: 1 })));
}

/** A pane that shows whatever comes next. */
export function newPane({ row, column, rowSpan, columnSpan }: Box): Pane {
  const spans = { ...(rowSpan > 1 && { rowSpan }), ...(columnSpan > 1 && { columnSpan }) };
  return { row, column, ...spans, picks: [{}], view: 'stack' };
}

/** Another grid for the same panes: those that reach out of it fall away. */
export function regridded(stage: Stage, rows: number, columns: number): Stage {
  const grid = { ...stage, rows, columns };
  return { ...grid, panes: stage.panes.filter((pane) => isInside(boxOf(pane), grid)) };
}

export const newStage = (name: Name): Stage => ({ name, rows: 1, columns: 1, panes: [newPane({ row: 0, column: 0, rowSpan: 1, columnSpan: 1 })], links: {} });

export function newProtocol(id: string, name: Name, stage: Name): HangingProtocol {
  return { id, name, owner: 'mine', matches: { modalities: [], body_parts: [] }, stages: [newStage(stage)] };
}

/** An id that nobody else has, as the server takes it. */
export const newId = (): string => `p-${Date.now().toString(36)}-${Math.floor(Math.random() * 36 ** 4).toString(36)}`;

/** The object with a key set, or without it where nothing is chosen. */
export function having<Whole extends object, Key extends keyof Whole>(whole: Whole, key: Key, value: Whole[Key] | undefined): Whole {
  const { [key]: _before, ...others } = whole;
  const isNothing = value === undefined || value === '' || (Array.isArray(value) && !value.length);
  return (isNothing ? others : { ...others, [key]: value }) as Whole;
}

/** Words that somebody typed in one line, parted as in Chinese or in English. */
export const wordsOf = (line: string): string[] => [...new Set(line.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean))];

/** What the server keeps of a protocol. */
export type Written = Pick<HangingProtocol, 'name' | 'matches' | 'stages'>;
export const writtenOf = ({ name, matches, stages }: HangingProtocol): Written => ({ name, matches, stages });

/** What somebody wrote as JSON, or null where it is none or has not the parts of a protocol. */
export function parsed(text: string): Written | null {
  try {
    const said = JSON.parse(text) as Partial<Written>;
    const isWhole = said.name && Array.isArray(said.matches?.modalities) && Array.isArray(said.matches.body_parts) && said.stages?.length;
    const hasPanes = said.stages?.every((stage) => Array.isArray(stage.panes) && stage.panes.every((pane) => Array.isArray(pane.picks)));
    return isWhole && hasPanes ? writtenOf(said as HangingProtocol) : null;
  } catch {
    return null;
  }
}
