import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Image } from '../src/lib/dicomweb/images';
import type { Grey } from '../src/lib/pixels/picture';
import { PictureCache } from '../src/lib/stream/cache';
import type { Decoder } from '../src/lib/stream/decoding';
import { Lanes } from '../src/lib/stream/Lanes';
import { Link } from '../src/lib/stream/link';
import { type Machines, SeriesStream } from '../src/lib/stream/SeriesStream';
import { withoutChannels } from './closedSocket';

const SERIES = { at: { uid: '1', hospital: '' }, seriesUid: '1.1' };
const PICTURE: Grey = { kind: 'grey', width: 1, height: 1, samples: new Uint8Array(1), range: [0, 0] };

function image(number: number): Image {
  const format = { rows: 1, columns: 1, samplesPerPixel: 1, photometric: 'MONOCHROME2', isPlanar: false, bitsAllocated: 8, bitsStored: 8 };
  return {
    sopInstanceUid: `1.1.${number}`,
    frame: 1,
    isOneOfMany: false,
    format: { ...format, isSigned: false, slope: 1, intercept: 0, unit: '', window: null, voiFunction: 'LINEAR', hasTable: false, aspect: 1 },
    plane: null,
    spacing: null,
    orientation: null,
    frameOfReferenceUid: '',
    regions: [],
    isLossy: false,
    laterality: '',
    viewPosition: '',
    thicknessMm: null,
    acquiredAt: '',
    ratePerS: null,
  };
}

/** A server that answers when the test says so. */
class Server {
  readonly asked: string[] = [];
  readonly dropped: string[] = [];
  private readonly waiting = new Map<string, (response: Response) => void>();

  fetch = (path: string, { signal }: RequestInit = {}): Promise<Response> => {
    const name = /instances\/1\.1\.(\d+)\//.exec(path)?.[1] ?? 'previews';
    this.asked.push(name);
    return new Promise((answer, fail) => {
      this.waiting.set(name, answer);
      signal?.addEventListener('abort', () => {
        if (this.waiting.delete(name)) this.dropped.push(name);
        fail(new DOMException('aborted', 'AbortError'));
      });
    });
  };

  async answer(name: string, response = new Response('x', { headers: { 'Content-Type': 'image/jphc' } })): Promise<void> {
    this.waiting.get(name)?.(response);
    this.waiting.delete(name);
    await settled();
  }
}

const settled = () => vi.advanceTimersByTimeAsync(1);
const problem = (status: number, code: string) => new Response(JSON.stringify({ code }), { status });

function machines(): Machines {
  const decoder = { decode: () => Promise.resolve(PICTURE) } as unknown as Decoder;
  return { decoder, lanes: new Lanes(new Link()), cache: new PictureCache(1000) };
}

const images = Array.from({ length: 30 }, (_, place) => image(place));
let server: Server;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  withoutChannels();
  vi.stubGlobal('fetch', server.fetch);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a series on its way', () => {
  it('brings what is looked at, then the previews, then what is around it', async () => {
    const stream = new SeriesStream(machines(), SERIES, images, 10);
    expect(server.asked).toEqual(['10']);
    await server.answer('10');
    expect(server.asked).toEqual(['10', 'previews']);
    expect(stream.best(10)).toEqual({ picture: PICTURE, isPreview: false });
    await server.answer('previews', problem(404, 'not_found'));
    expect(server.asked).toEqual(['10', 'previews', '11', '12', '13', '9']);
    stream.close();
    expect(server.dropped).toEqual(['11', '12', '13', '9']);
  });

  it('brings the previews all the same when the first image keeps somebody waiting', async () => {
    const stream = new SeriesStream(machines(), SERIES, images, 10);
    await vi.advanceTimersByTimeAsync(700);
    expect(server.asked).toEqual(['10']);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.asked).toEqual(['10', 'previews']);
    await server.answer('10');
    expect(server.asked).toEqual(['10', 'previews']);
    stream.close();
  });

  it('brings the previews at once when no image is known yet', async () => {
    const stream = new SeriesStream(machines(), SERIES, [], 0);
    await settled();
    expect(server.asked).toEqual(['previews']);
    stream.close();
  });

  it('asks at once for what the eye jumps to over a thin line, and for nothing else until it is here', async () => {
    const stream = new SeriesStream(machines(), SERIES, images, 0);
    await server.answer('0');
    await server.answer('previews', problem(404, 'not_found'));
    stream.look(25);
    await settled();
    expect(server.asked.slice(-2)).toEqual(['4', '25']);
    for (const name of ['1', '2', '3', '4']) await server.answer(name);
    expect(server.asked.slice(-1)).toEqual(['25']);
    await server.answer('25');
    expect(server.asked.slice(-4)).toEqual(['26', '27', '28', '24']);
    expect(server.dropped).toEqual([]);
    stream.close();
  });

  it('asks for nothing that the eye only passes by', async () => {
    const stream = new SeriesStream(machines(), SERIES, images, 0);
    await server.answer('0');
    for (const index of [5, 6, 7, 8, 9]) stream.look(index);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.asked.filter((name) => ['5', '6', '7', '8', '9'].includes(name))).toEqual(['5', '9']);
    stream.close();
  });

  it('keeps the eye where it is when more images come', async () => {
    const stream = new SeriesStream(machines(), SERIES, [image(7)], 0);
    expect(stream.extend(images)).toBe(7);
    await server.answer('7');
    expect(stream.best(7)?.isPreview).toBe(false);
    expect(server.asked.filter((name) => name === '7')).toHaveLength(1);
    stream.close();
  });
});

describe('an image that does not come', () => {
  it('is tried again, and at once when somebody looks at it again', async () => {
    const stream = new SeriesStream(machines(), SERIES, [image(0)], 0);
    for (const waitMs of [1_500, 3_000, 0]) {
      expect(stream.errorOf(0)).toBeNull();
      await server.answer('0', problem(503, 'database_unavailable'));
      await vi.advanceTimersByTimeAsync(waitMs);
    }
    expect(stream.errorOf(0)).not.toBeNull();
    expect(server.asked.filter((name) => name === '0')).toHaveLength(3);
    stream.look(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.asked.filter((name) => name === '0')).toHaveLength(4);
    stream.close();
  });

  it('is not tried again when it is damaged', async () => {
    const stream = new SeriesStream(machines(), SERIES, [image(0)], 0);
    await server.answer('0', problem(500, 'undecodable'));
    expect(stream.errorOf(0)).not.toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.asked.filter((name) => name === '0')).toHaveLength(1);
    stream.close();
  });

  it('is given up when the line went silent', async () => {
    const stream = new SeriesStream(machines(), SERIES, [image(0)], 0);
    await vi.advanceTimersByTimeAsync(20_001);
    expect(server.dropped).toEqual(['0']);
    stream.close();
  });
});
