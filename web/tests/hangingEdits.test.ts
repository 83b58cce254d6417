import { describe, expect, it } from 'vitest';
import type { Pane, Stage } from '../src/lib/hanging/types';
import {
  boxBetween,
  emptyCells,
  hasRoom,
  having,
  newId,
  newPane,
  newProtocol,
  parsed,
  regridded,
  wordsOf,
  writtenOf,
} from '../src/settings/hanging/edits';

const pane = (row: number, column: number, more: Partial<Pane> = {}): Pane => ({ row, column, picks: [{}], view: 'stack', ...more });
const stage = (rows: number, columns: number, ...panes: Pane[]): Stage => ({ name: 's', rows, columns, panes, links: {} });

describe('drawing', () => {
  it('makes a box from any corner to the other', () => {
    const box = { row: 0, column: 1, rowSpan: 2, columnSpan: 2 };
    expect(boxBetween({ row: 0, column: 1 }, { row: 1, column: 2 })).toEqual(box);
    expect(boxBetween({ row: 1, column: 1 }, { row: 0, column: 2 })).toEqual(box);
    expect(newPane(box)).toEqual({ ...box, picks: [{}], view: 'stack' });
    expect(newPane({ row: 0, column: 0, rowSpan: 1, columnSpan: 1 })).toEqual(pane(0, 0));
  });

  it('finds the cells that are free', () => {
    expect(emptyCells(stage(2, 2, pane(0, 0, { rowSpan: 2 })))).toEqual([{ row: 0, column: 1 }, { row: 1, column: 1 }]);
    expect(emptyCells(stage(1, 1, pane(0, 0)))).toEqual([]);
  });

  it('keeps panes inside the grid and off one another', () => {
    const grid = stage(2, 2, pane(0, 0));
    expect(hasRoom(grid, { row: 0, column: 1, rowSpan: 2, columnSpan: 1 })).toBe(true);
    expect(hasRoom(grid, { row: 0, column: 0, rowSpan: 2, columnSpan: 1 })).toBe(false);
    expect(hasRoom(grid, { row: 0, column: 0, rowSpan: 2, columnSpan: 1 }, 0)).toBe(true);
    expect(hasRoom(grid, { row: 1, column: 1, rowSpan: 1, columnSpan: 2 })).toBe(false);
  });

  it('drops panes that a smaller grid has no room for', () => {
    const grid = stage(2, 2, pane(0, 0), pane(1, 1), pane(0, 1, { rowSpan: 1 }));
    expect(regridded(grid, 1, 2).panes).toHaveLength(2);
    expect(regridded(grid, 3, 3).panes).toHaveLength(3);
  });
});

describe('what is typed', () => {
  it('is parted into words as in Chinese or in English', () => {
    expect(wordsOf('CHEST, 胸，肺；lung 、 胸;')).toEqual(['CHEST', '胸', '肺', 'lung']);
    expect(wordsOf(' ')).toEqual([]);
  });

  it('leaves out what is empty', () => {
    expect(having({ a: 1, b: [1] } as { a?: number; b?: number[] }, 'b', [])).toEqual({ a: 1 });
    expect(having({ a: 'x' } as { a?: string }, 'a', '')).toEqual({});
    expect(having({ a: 1 } as { a?: number }, 'a', undefined)).toEqual({});
    expect(having({ a: 1 } as { a?: number }, 'a', 0)).toEqual({ a: 0 });
  });
});

describe('JSON', () => {
  const written = writtenOf(newProtocol('x', 'x', 's'));

  it('comes back as it was', () => {
    expect(parsed(JSON.stringify(written))).toEqual(written);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"name": "x"}',
    JSON.stringify({ ...written, stages: [] }),
    JSON.stringify({ ...written, matches: { modalities: 'CT', body_parts: [] } }),
    JSON.stringify({ ...written, stages: [{ name: 's' }] }),
    JSON.stringify({ ...written, stages: [{ panes: [{}] }] }),
  ])('%s is no protocol', (text) => {
    expect(parsed(text)).toBeNull();
  });
});

it('makes ids that the server takes', () => {
  const ids = Array.from({ length: 50 }, newId);
  expect(ids.every((id) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBeGreaterThan(40);
});
