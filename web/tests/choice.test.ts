import { describe, expect, it } from 'vitest';
import { placeOf } from '@/archive/unsettled/useChoice';

const rows = (...ids: number[]) => ids.map((id) => ({ id }));

describe('the row that is looked at', () => {
  it('stays the same one when another comes in before it', () => expect(placeOf(rows(9, 5, 4), { id: 5, at: 0 })).toBe(1));
  it('is the next one when it is settled', () => expect(placeOf(rows(9, 4, 3), { id: 5, at: 1 })).toBe(1));
  it('is the last one when the last is settled', () => expect(placeOf(rows(9, 5), { id: 4, at: 2 })).toBe(1));
  it('is the first of a list that has just come', () => expect(placeOf(rows(9, 5), { id: -1, at: 0 })).toBe(0));
});
