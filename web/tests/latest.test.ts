import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answered, Latest } from '../src/lib/latest';

/** A server that answers each question when the test says so. */
class Server {
  readonly asked: string[] = [];
  readonly dropped: string[] = [];
  private readonly waiting = new Map<string, { answer: (text: string) => void; fail: (error: Error) => void }>();

  fetch = (question: string, stop: AbortController): Promise<string> => {
    this.asked.push(question);
    return new Promise((answer, fail) => {
      this.waiting.set(question, { answer, fail });
      stop.signal.addEventListener('abort', () => {
        this.dropped.push(question);
        fail(new DOMException('aborted', 'AbortError'));
      });
    });
  };

  async answer(question: string): Promise<void> {
    this.waiting.get(question)?.answer(`of ${question}`);
    await vi.advanceTimersByTimeAsync(0);
  }

  async fail(question: string, error: Error): Promise<void> {
    this.waiting.get(question)?.fail(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

const REST_MS = 150;
let server: Server;
let seen: Answered<string>;
let latest: Latest<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  latest = new Latest(server.fetch, (now) => {
    seen = now;
  });
});
afterEach(() => vi.useRealTimers());

describe('the latest question', () => {
  it('is asked when the hand rests, and what it passed by is not', async () => {
    for (const strength of ['10', '20', '30']) {
      latest.ask(strength, REST_MS);
      await vi.advanceTimersByTimeAsync(REST_MS / 3);
    }
    expect(server.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(REST_MS);
    expect(server.asked).toEqual(['30']);
    expect(seen).toEqual({ answer: null, isWaiting: true, error: null });
  });

  it('wins over one that is on its way, whose answer is not shown', async () => {
    latest.ask('old');
    await vi.advanceTimersByTimeAsync(0);
    latest.ask('new');
    await vi.advanceTimersByTimeAsync(0);
    expect(server.dropped).toEqual(['old']);
    await server.answer('new');
    await server.answer('old');
    expect(seen).toEqual({ answer: 'of new', isWaiting: false, error: null });
  });

  it('leaves the last answer in sight until its own comes', async () => {
    latest.ask('one');
    await vi.advanceTimersByTimeAsync(0);
    await server.answer('one');
    latest.ask('two', REST_MS);
    expect(seen).toEqual({ answer: 'of one', isWaiting: true, error: null });
    latest.forget();
    expect(seen).toEqual({ answer: null, isWaiting: false, error: null });
  });

  it('says what went wrong, and a silent line is one that cannot be reached', async () => {
    latest.ask('one');
    await vi.advanceTimersByTimeAsync(0);
    await server.fail('one', new DOMException('silent', 'AbortError'));
    expect(seen.error).toMatchObject({ code: 'unreachable' });
    expect(seen.isWaiting).toBe(false);
    latest.ask('one');
    expect(seen.error).toBeNull();
  });

  it('is not answered any more once nobody looks', async () => {
    latest.ask('one');
    await vi.advanceTimersByTimeAsync(0);
    latest.close();
    await server.answer('one');
    expect(seen.answer).toBeNull();
  });
});
