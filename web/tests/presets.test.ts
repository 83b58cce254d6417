import { describe, expect, it } from 'vitest';
import { moved, replaced, without } from '../src/settings/lists';
import { presetsOf } from '../src/viewer/lean/presets';
import { exchanged, isWhole } from '../src/settings/presets';

const A = { name: 'a', center: 0, width: 1 };
const B = { name: 'b', center: 1, width: 2 };
const C = { name: 'c', center: 2, width: 3 };

describe('window presets', () => {
  it('move by one place, and not past an end', () => {
    expect(moved([A, B, C], 0, 1)).toEqual([B, A, C]);
    expect(moved([A, B, C], 2, -1)).toEqual([A, C, B]);
    expect(moved([A, B, C], 2, 1)).toEqual([A, B, C]);
    expect(moved([A, B], 5, 1)).toEqual([A, B]);
    expect(moved([A, B], 0, -1)).toEqual([A, B]);
  });

  it('are exchanged and taken out by their place', () => {
    expect(replaced([A, B], 1, C)).toEqual([A, C]);
    expect(without([A, B, C], 1)).toEqual([A, C]);
  });

  it('of one modality leave those of others alone', () => {
    expect(exchanged({ CT: [A], MR: [B] }, 'CT', [C])).toEqual({ CT: [C], MR: [B] });
    expect(exchanged({ CT: [A], MR: [B] }, 'CT', null)).toEqual({ MR: [B] });
  });

  it('need a name, a level and a width of at least 1', () => {
    expect(isWhole(A)).toBe(true);
    expect(isWhole({ ...A, name: ' ' })).toBe(false);
    expect(isWhole({ ...A, width: 0.5 })).toBe(false);
    expect(isWhole({ ...A, width: '' })).toBe(false);
    expect(isWhole({ ...A, center: '' })).toBe(false);
  });
});

describe('the usual presets of a CT', () => {
  const first = (bodyPart: string, description = '', count = 2) => presetsOf('CT', { bodyPart, description }).slice(0, count).map(({ name }) => name);

  it.each([
    ['HEAD', '', ['brain', 'bone']],
    ['', '头颅平扫', ['brain', 'bone']],
    ['CHEST', 'Head first', ['lung', 'mediastinum']],
    ['', '胸部平扫', ['lung', 'mediastinum']],
    ['ABDOMENPELVIS', '', ['abdomen', 'liver']],
    ['', '上腹部增强', ['abdomen', 'liver']],
    ['LSPINE', '', ['bone', 'abdomen']],
    ['', '胸椎平扫', ['bone', 'abdomen']],
    ['KNEE', '', ['bone', 'abdomen']],
    ['WHOLEBODY', '', ['abdomen', 'lung']],
    ['', 'Chemo follow-up', ['abdomen', 'lung']],
  ])('begin with those of the part: %s, %s', (bodyPart, description, expected) => {
    expect(first(bodyPart, description)).toEqual(expected);
  });

  it('are all there in any order, and in their own in the settings', () => {
    const names = presetsOf('CT').map(({ name }) => name);
    expect(names).toEqual(['abdomen', 'lung', 'bone', 'brain', 'mediastinum', 'liver', 'angio']);
    expect(first('CHEST', '', 9)).toEqual(['lung', 'mediastinum', 'abdomen', 'bone', 'brain', 'liver', 'angio']);
    expect(presetsOf('MR', { bodyPart: 'HEAD', description: '' })).toEqual([]);
  });
});
