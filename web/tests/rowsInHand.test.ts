import { describe, expect, it } from 'vitest';
import { placeOf } from '@/ui/useRowsInHand';

describe('the row in hand', () => {
  it('stays the same one when another comes in before it', () => expect(placeOf([9, 5, 4], { key: 5, place: 0 })).toBe(1));
  it('is the next one when it is decided on', () => expect(placeOf([9, 4, 3], { key: 5, place: 1 })).toBe(1));
  it('is the last one when the last is decided on', () => expect(placeOf([9, 5], { key: 4, place: 2 })).toBe(1));
  it('is the first of a list that has just come', () => expect(placeOf([9, 5], null)).toBe(0));
  it('is none where there are none', () => expect(placeOf([], { key: 4, place: 2 })).toBe(-1));
});
