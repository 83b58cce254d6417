import { beforeEach, describe, expect, it } from 'vitest';
import { Drafts, KEPT_MS } from '../src/lib/drafts/Drafts';

class Place {
  readonly kept = new Map<string, string>();
  isFull = false;
  get length(): number {
    return this.kept.size;
  }
  key = (at: number): string | null => [...this.kept.keys()][at] ?? null;
  getItem = (name: string): string | null => this.kept.get(name) ?? null;
  removeItem = (name: string): void => void this.kept.delete(name);
  setItem(name: string, value: string): void {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    this.kept.set(name, value);
  }
}

let place: Place;
beforeEach(() => {
  place = new Place();
});

describe('a text that is being written', () => {
  it('outlives the page', () => {
    new Drafts(place).write('li', 'report/1', '肝右叶见低密度影');
    expect(new Drafts(place).read('li', 'report/1')).toBe('肝右叶见低密度影');
    expect(new Drafts(place).count('li')).toBe(1);
  });

  it('is seen by nobody else, whatever they are called', () => {
    const drafts = new Drafts(place);
    drafts.write('li', 'a/b', 'x');
    drafts.write('li/a', 'b', 'y');
    expect(drafts.read('wang', 'a/b')).toBe('');
    expect(drafts.read('li', 'a/b')).toBe('x');
    expect(drafts.count('li')).toBe(1);
    drafts.forget('li');
    expect(drafts.read('li', 'a/b')).toBe('');
    expect(drafts.read('li/a', 'b')).toBe('y');
  });

  it('is gone once it is saved or taken away', () => {
    const drafts = new Drafts(place);
    drafts.write('li', 'a', 'x');
    drafts.write('li', 'a', '');
    expect([drafts.count('li'), place.kept.size]).toEqual([0, 0]);
    drafts.write('li', 'a', 'x');
    drafts.forget('li');
    expect([new Drafts(place).read('li', 'a'), place.kept.size]).toEqual(['', 0]);
  });

  it('lives as long as the page where the browser keeps nothing', () => {
    place.isFull = true;
    const drafts = new Drafts(place);
    drafts.write('li', 'a', 'x');
    expect([drafts.read('li', 'a'), drafts.count('li')]).toEqual(['x', 1]);
    expect(new Drafts(place).read('li', 'a')).toBe('');
  });

  it('is not kept for ever', () => {
    new Drafts(place).write('li', 'old', 'x', 1000);
    new Drafts(place).write('li', 'new', 'x', 1000 + KEPT_MS);
    place.kept.set('lightwell.draft/li/broken', '{');
    place.kept.set('other', 'x');
    new Drafts(place).sweep(1001 + KEPT_MS);
    expect([...place.kept.keys()]).toEqual(['lightwell.draft/li/new', 'other']);
  });

  it('tells of every change', () => {
    const drafts = new Drafts(place);
    let told = 0;
    const stop = drafts.subscribe(() => {
      told += 1;
    });
    drafts.write('li', 'a', 'x');
    drafts.forget('li');
    stop();
    drafts.write('li', 'a', 'y');
    expect(told).toBe(2);
  });
});
