import { describe, expect, it } from 'vitest';
import type { PaneView } from '@/lib/hanging';
import { isServed } from '@/viewer/desk/served';
import { modeOf } from '@/viewer/desk/useStages';

const panes = (...shown: [PaneView, string | null][]) => shown.map(([view, seriesUid]) => ({ view, seriesUid }));

describe('a stage', () => {
  it('of one series in planes is looked at with crosshairs', () => {
    expect(modeOf(panes(['axial', '1'], ['coronal', '1'], ['sagittal', '1']))).toBe('planes');
    expect(modeOf(panes(['coronal', '1'], ['axial', null]))).toBe('planes');
    expect(modeOf(panes(['mip', '1']))).toBe('planes');
  });

  it('of one body fills the desk with it', () => {
    expect(modeOf(panes(['volume', '1']))).toBe('body');
  });

  it.each([
    ['a plane beside images', panes(['stack', '1'], ['coronal', '1'])],
    ['planes of two series', panes(['coronal', '1'], ['coronal', '2'])],
    ['a slab beside a plane', panes(['axial', '1'], ['mip', '1'])],
    ['a body beside planes', panes(['axial', '1'], ['volume', '1'])],
    ['images only', panes(['stack', '1'], ['stack', '2'])],
    ['nothing that fits', panes(['coronal', null], ['axial', null])],
  ])('of %s is a grid', (_, shown) => {
    expect(modeOf(shown)).toBe('stack');
  });
});

it('has the server draw what a machine cannot', () => {
  const served = (drawnBy: Parameters<typeof isServed>[1]) => (['stack', 'axial', 'mip', 'volume'] as const).filter((view) => isServed(view, drawnBy));
  expect([served('card'), served('software'), served('none')]).toEqual([[], ['volume'], ['axial', 'mip', 'volume']]);
});
