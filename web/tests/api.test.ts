import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, getJson } from '../src/lib/api/http';
import { saveMeasurements } from '../src/lib/api/measurements';
import { asProblem } from '../src/lib/api/problem';
import { waitMs } from '../src/lib/live/events';

function answer(body: unknown, init: ResponseInit): void {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify(body), init)));
}

async function problemOf(promise: Promise<unknown>) {
  return asProblem(await promise.then(() => null, (error: unknown) => error));
}

afterEach(() => vi.unstubAllGlobals());

describe('an error answer', () => {
  it('keeps its code and the time to wait', async () => {
    answer({ code: 'too_many_attempts', retry_after_s: 29.2 }, { status: 429 });
    expect(await problemOf(getJson('/api/session'))).toMatchObject({ code: 'too_many_attempts', retryAfterS: 30 });
  });

  it('takes the code of its status when it has none of ours', async () => {
    answer({ code: 'what' }, { status: 423 });
    expect((await problemOf(getJson('/x'))).code).toBe('session_locked');
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    expect((await problemOf(getJson('/x'))).code).toBe('unexpected');
  });

  it('is "unreachable" when nobody answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect((await problemOf(getJson('/x'))).code).toBe('unreachable');
  });
});

describe('a server that stalls', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** Hears that it is not wanted any more, as fetch does. */
  const untilAborted = (signal: AbortSignal | null | undefined) =>
    new Promise<never>((_answer, fail) => signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError'))));

  /** Begins to answer, and then falls silent unless more is said. */
  function speaking(signal: AbortSignal | null | undefined) {
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({ start: (one) => void (body = one) });
    signal?.addEventListener('abort', () => body?.error(new DOMException('aborted', 'AbortError')));
    return { response: new Response(stream), say: (words: string) => body?.enqueue(new TextEncoder().encode(words)), end: () => body?.close() };
  }

  it('before it answers is unreachable', async () => {
    vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => untilAborted(signal));
    const asked = problemOf(getJson('/x'));
    await vi.advanceTimersByTimeAsync(20_001);
    expect((await asked).code).toBe('unreachable');
  });

  it('in the midst of its answer is unreachable, and one that is only slow is not', async () => {
    let server: ReturnType<typeof speaking> | undefined;
    vi.stubGlobal('fetch', async (_path: string, { signal }: RequestInit) => (server = speaking(signal)).response);
    const slow = getJson('/x');
    for (const words of ['[1', ',2', ',"肝']) {
      await vi.advanceTimersByTimeAsync(15_000);
      server?.say(words);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    server?.say('"]');
    server?.end();
    expect(await slow).toEqual([1, 2, '肝']);
    const stalled = problemOf(getJson('/x'));
    await vi.advanceTimersByTimeAsync(1_000);
    server?.say('[1');
    await vi.advanceTimersByTimeAsync(20_001);
    expect((await stalled).code).toBe('unreachable');
  });

  it('is given up by whoever asked, and that is no problem to be told', async () => {
    vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => untilAborted(signal));
    const stop = new AbortController();
    const asked = getJson('/x', stop.signal);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a request', () => {
  it('that saves measurements says which ones it began with', async () => {
    answer({ sop_instance_uid: '2.25.2' }, { status: 200 });
    await saveMeasurements({ uid: '1.2', hospital: '' }, [], '2.25.1');
    const [, init] = vi.mocked(fetch).mock.calls[0] ?? [];
    expect(init).toMatchObject({ method: 'POST', body: '{"measurements":[],"based_on":"2.25.1"}' });
  });

  it('that changes something carries the guard header', async () => {
    answer({}, { status: 200 });
    await change('POST', '/api/session', { username: 'li' });
    const [, init] = vi.mocked(fetch).mock.calls[0] ?? [];
    expect(init).toMatchObject({ method: 'POST', body: '{"username":"li"}', headers: { 'X-Lightwell': '1' } });
  });

  it('answered 204 is an empty list', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
    expect(await getJson('/dicom-web/studies')).toEqual([]);
  });
});

describe('a lost live connection', () => {
  it('is tried again after longer and longer waits', () => {
    expect([0, 1, 2, 3, 10].map(waitMs)).toEqual([1_000, 2_000, 4_000, 8_000, 30_000]);
  });
});
