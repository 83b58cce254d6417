import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Grey } from '../src/lib/pixels/picture';
import { PictureCache } from '../src/lib/stream/cache';
import { Link } from '../src/lib/stream/link';
import { nextWanted } from '../src/lib/stream/order';
import { PackReader, type Preview } from '../src/lib/stream/pack';

function packOf(contents: { instance: string; lengths: number[] }[], previews: number[]): Uint8Array {
  const table = new TextEncoder().encode(JSON.stringify(contents));
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, table.length, true);
  return Uint8Array.of(...head, ...table, ...previews);
}

describe('a preview pack', () => {
  const pack = packOf([{ instance: '1.1', lengths: [2, 0] }, { instance: '1.2', lengths: [3] }], [1, 2, 3, 4, 5]);
  const whole = [
    { sopInstanceUid: '1.1', frame: 1, bytes: Uint8Array.of(1, 2) },
    { sopInstanceUid: '1.2', frame: 1, bytes: Uint8Array.of(3, 4, 5) },
  ];

  it.each([1, 2, 3, 7, 1000])('gives the same previews in pieces of %d bytes', (size) => {
    const reader = new PackReader();
    const found: Preview[] = [];
    for (let at = 0; at < pack.length; at += size) found.push(...reader.take(pack.subarray(at, at + size)));
    expect(found).toEqual(whole);
  });

  it('that claims an impossible table of contents is none', () => {
    expect(() => new PackReader().take(Uint8Array.of(255, 255, 255, 255))).toThrow('no preview pack');
  });
});

describe('the order of loading', () => {
  function order(eye: number, direction: 1 | -1, total: number): number[] {
    const done = new Set<number>();
    for (;;) {
      const next = nextWanted(eye, direction, total, (index) => !done.has(index));
      if (next === null) return [...done];
      done.add(next);
    }
  }

  it('begins at the eye and goes where it looks', () => {
    expect(order(5, 1, 10).slice(0, 6)).toEqual([5, 6, 7, 8, 4, 9]);
    expect(order(5, -1, 10).slice(0, 6)).toEqual([5, 4, 3, 2, 6, 1]);
  });

  it.each([0, 3, 9])('reaches every image from %d', (eye) => {
    expect(order(eye, 1, 10).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(order(eye, -1, 10)).toHaveLength(10);
  });
});

describe('the line', () => {
  it('counts what came while something was on its way, and nothing twice', () => {
    let now = 0;
    const link = new Link(() => now);
    expect([link.isThin, link.lanes]).toEqual([true, 4]);
    const first = link.begin();
    const second = link.begin();
    link.take(500_000);
    now = 1000;
    first();
    first();
    second();
    now = 9000;
    expect(link.megabits).toBe(4);
    const third = link.begin();
    link.take(3_400_000);
    now = 9_200;
    third();
    expect([link.megabits, link.isThin, link.lanes]).toEqual([26, false, 5]);
  });
});

describe('a line of which nothing is known yet', () => {
  const answer = { name: 'https://node/api/session', transferSize: 300, requestStart: 10, responseStart: 15 };
  const linkAfter = (told: object) => {
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([told as PerformanceEntry]);
    return new Link();
  };
  afterEach(() => vi.restoreAllMocks());

  it('is no thin one where the server has answered at once', () => {
    expect([linkAfter(answer).isThin, linkAfter(answer).pieceBytes(null)]).toEqual([false, Number.POSITIVE_INFINITY]);
  });

  it.each([
    ['that took longer', { ...answer, responseStart: 210 }],
    ['of the cache', { ...answer, transferSize: 0 }],
    ['with a program, which may lie nearer', { ...answer, name: 'https://node/assets/index.js' }],
    ['that has not come', { ...answer, responseStart: 0 }],
  ])('is taken for a thin one after an answer %s', (_which, told) => {
    expect(linkAfter(told).isThin).toBe(true);
  });
});

describe('a line that changes', () => {
  it('is known as it was lately', () => {
    let now = 0;
    const link = new Link(() => now);
    const transfer = (megabytes: number, ms: number) => {
      const over = link.begin();
      for (let piece = 0; piece < megabytes; piece += 1) {
        now += ms / megabytes;
        link.take(1_000_000);
      }
      over();
    };
    transfer(100, 8_000);
    expect(link.megabits).toBeCloseTo(100, 0);
    transfer(12, 24_000);
    expect(link.megabits).toBeLessThan(5);
    expect(link.isThin).toBe(true);
  });
});

describe('pictures in memory', () => {
  const picture = (size: number): Grey => ({ kind: 'grey', width: size, height: 1, samples: new Uint8Array(size), range: [0, 0] });

  it('go when there are too many, the one looked at longest ago first', () => {
    const cache = new PictureCache(10);
    cache.put('a', picture(4));
    cache.put('b', picture(4));
    expect(cache.get('a')).not.toBeNull();
    cache.put('c', picture(4));
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
  });

  it('stay when one alone is over the ceiling', () => {
    const cache = new PictureCache(10);
    cache.put('large', picture(40));
    expect([cache.has('large'), cache.isFull(1)]).toEqual([true, true]);
    cache.put('large', picture(2));
    expect(cache.isFull(8)).toBe(false);
  });
});

describe('a picture that several ask for', () => {
  const picture: Grey = { kind: 'grey', width: 1, height: 1, samples: new Uint8Array(1), range: [0, 0] };

  it('is fetched once', async () => {
    const cache = new PictureCache(1000);
    let fetched = 0;
    const fetch = () => Promise.resolve().then(() => ((fetched += 1), picture));
    await Promise.all([cache.bring('a', fetch), cache.bring('a', fetch)]);
    await cache.bring('a', fetch);
    expect([fetched, cache.has('a')]).toEqual([1, true]);
  });

  it('is fetched by the second where the first gave up', async () => {
    const cache = new PictureCache(1000);
    const first = cache.bring('a', () => Promise.reject(new Error('left')));
    const second = cache.bring('a', () => Promise.resolve(picture));
    await expect(first).rejects.toThrow('left');
    await second;
    expect(cache.has('a')).toBe(true);
  });
});
