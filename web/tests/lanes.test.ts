import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../src/lib/api/problem';
import { EYE, type Wanted } from '../src/lib/stream/Download';
import { Lanes } from '../src/lib/stream/Lanes';
import { Link } from '../src/lib/stream/link';
import { withoutChannels } from './closedSocket';

const PIECE = 64 << 10;
const LATER = EYE + 1;
const bytesOf = (count: number) => Uint8Array.from({ length: count }, (_, place) => place % 251);

/** A question that waits for its answer. */
interface Question {
  path: string;
  range: string | null;
  answer: (response: Response) => Promise<void>;
}

let asked: Question[];
const settled = () => new Promise((done) => setTimeout(done, 0));

function fetching(path: string, { headers, signal }: RequestInit = {}): Promise<Response> {
  return new Promise((answer, fail) => {
    const range = (headers as Record<string, string>).Range ?? null;
    asked.push({ path, range, answer: async (response) => (answer(response), settled().then(() => undefined)) });
    signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')));
  });
}

/** The answer to a question for a piece of something. */
function pieceOf(body: Uint8Array<ArrayBuffer>, { range }: Question): Response {
  const [first = '', last = ''] = (range ?? '').replace('bytes=', '').split('-');
  const from = Number(first);
  const end = last ? Math.min(Number(last) + 1, body.length) : body.length;
  if (from >= body.length) return new Response(JSON.stringify({ code: 'range_not_satisfiable' }), { status: 416 });
  const headers = { 'Content-Type': 'image/jphc', 'Content-Range': `bytes ${from}-${end - 1}/${body.length}` };
  return new Response(body.slice(from, end), { status: 206, headers });
}

function question(lanes: Lanes, wanted: Partial<Wanted> = {}) {
  const got: number[] = [];
  const stop = new AbortController();
  const usual = { path: '/x', accept: '*/*', stop, rank: () => EYE, expected: null, onAnswer: () => {}, take: (bytes: Uint8Array) => bytes.forEach((one) => got.push(one)) };
  return { got, stop, done: lanes.fetch({ ...usual, ...wanted }) };
}

beforeEach(() => {
  asked = [];
  withoutChannels();
  vi.stubGlobal('fetch', fetching);
});
afterEach(() => vi.unstubAllGlobals());

describe('an answer in pieces', () => {
  it('is put together in order, whichever piece comes first', async () => {
    const body = bytesOf(3 * PIECE + 1);
    const { got, done } = question(new Lanes(new Link()), { expected: body.length, rank: () => LATER });
    expect(asked.map(({ range }) => range)).toEqual(['bytes=0-65535', 'bytes=65536-131071', 'bytes=131072-']);
    for (const one of [...asked].reverse()) await one.answer(pieceOf(body, one));
    expect(await done).toBe('image/jphc');
    expect(got).toEqual([...body]);
  });

  it('is asked for piece after piece where its length is not known before', async () => {
    const body = bytesOf(2 * PIECE);
    const { got, done } = question(new Lanes(new Link()), { rank: () => LATER });
    expect(asked).toHaveLength(1);
    await asked[0]?.answer(pieceOf(body, asked[0]));
    expect(asked.map(({ range }) => range)).toEqual(['bytes=0-65535', 'bytes=65536-']);
    await asked[1]?.answer(pieceOf(body, asked[1]));
    await done;
    expect(got).toEqual([...body]);
  });

  it('is shared by all lanes where somebody waits for it', () => {
    question(new Lanes(new Link()), { expected: 2 * PIECE });
    expect(asked.map(({ range }) => range)).toEqual(['bytes=0-32767', 'bytes=32768-65535', 'bytes=65536-98303', 'bytes=98304-']);
  });

  it('has an address for each piece, so that no cache lets them through one by one', () => {
    question(new Lanes(new Link()), { expected: 3 * PIECE });
    expect(new Set(asked.map(({ path }) => path)).size).toBe(4);
  });

  it('may be shorter than was expected', async () => {
    const body = bytesOf(PIECE - 1);
    const { got, done } = question(new Lanes(new Link()), { expected: 3 * PIECE });
    for (const one of asked) await one.answer(pieceOf(body, one));
    await done;
    expect(got).toEqual([...body]);
  });

  it('is taken whole from a server that gives no ranges of it', async () => {
    const body = bytesOf(5 * PIECE);
    const { got, done } = question(new Lanes(new Link()), { expected: 3 * PIECE });
    for (const one of [...asked].reverse()) await one.answer(new Response(body, { headers: { 'Content-Type': 'image/jphc' } }));
    await done;
    expect(asked).toHaveLength(4);
    expect(got).toEqual([...body]);
  });

  it('fails where a piece does not come, and is not given as if it were whole', async () => {
    const body = bytesOf(3 * PIECE);
    const { done } = question(new Lanes(new Link()), { expected: body.length, rank: () => LATER });
    const failed = expect(done).rejects.toBeInstanceOf(Problem);
    await asked[0]?.answer(pieceOf(body, asked[0]));
    await asked[1]?.answer(new Response(body));
    await asked[2]?.answer(pieceOf(body, asked[2]));
    await failed;
  });
});

describe('the lanes of a line', () => {
  it('let what somebody waits for go before what waits in front of it', async () => {
    const lanes = new Lanes(new Link());
    const body = bytesOf(10 * PIECE);
    question(lanes, { path: '/far', rank: () => 5, expected: body.length });
    question(lanes, { path: '/eye', expected: body.length });
    const paths = () => asked.map(({ path }) => path.replace(/\?.*/, ''));
    expect(paths()).toEqual(['/far', '/far', '/far', '/far', '/eye']);
    await asked[0]?.answer(pieceOf(body, asked[0]));
    expect(paths()).toEqual(['/far', '/far', '/far', '/far', '/eye', '/eye']);
  });

  it('tell when there is room, and not while something waits', async () => {
    const lanes = new Lanes(new Link());
    let told = 0;
    lanes.onRoom(() => (told += 1));
    const body = bytesOf(5 * PIECE);
    question(lanes, { expected: body.length, rank: () => LATER });
    expect([asked.length, told, lanes.hasRoom]).toEqual([4, 0, false]);
    await asked[0]?.answer(pieceOf(body, asked[0]));
    expect([asked.length, told, lanes.hasRoom]).toEqual([5, 0, false]);
    await asked[1]?.answer(pieceOf(body, asked[1]));
    expect([asked.length, told > 0, lanes.hasRoom]).toEqual([5, true, true]);
  });

  it('are free again when a download is stopped', async () => {
    const lanes = new Lanes(new Link());
    const { stop, done } = question(lanes, { expected: 4 * PIECE });
    const failed = expect(done).rejects.toThrow('aborted');
    stop.abort();
    await failed;
    await settled();
    expect(lanes.hasRoom).toBe(true);
  });
});
