import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Channel } from '../src/lib/stream/Channel';
import type { Wanted } from '../src/lib/stream/Download';
import { Lanes } from '../src/lib/stream/Lanes';
import { Link } from '../src/lib/stream/link';

const settled = () => new Promise((done) => setTimeout(done, 0));

/** The other end of a channel. */
class Socket extends EventTarget {
  static last: Socket;
  static readonly OPEN = 1;
  readyState = 0;
  binaryType = '';
  readonly sent: Record<string, unknown>[] = [];

  constructor(readonly address: URL) {
    super();
    Socket.last = this;
  }

  open(): void {
    this.readyState = Socket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }

  say(number: number, kind: string, content: string): void {
    const bytes = new TextEncoder().encode(content);
    const message = new Uint8Array(5 + bytes.length);
    new DataView(message.buffer).setUint32(0, number, true);
    message[4] = kind.charCodeAt(0);
    message.set(bytes, 5);
    this.dispatchEvent(Object.assign(new Event('message'), { data: message.buffer }));
  }

  answer(number: number, body: string): void {
    this.say(number, 'h', JSON.stringify({ status: 200, type: 'image/jphc', length: body.length }));
    this.say(number, 'b', body.slice(0, 2));
    this.say(number, 'b', body.slice(2));
    this.say(number, 'e', '');
  }
}

function wanted(path: string, rank = () => 0): Wanted & { got: string[]; totals: (number | null)[] } {
  const got: string[] = [];
  const totals: (number | null)[] = [];
  const take = (bytes: Uint8Array) => got.push(new TextDecoder().decode(bytes));
  return { path, accept: '*/*', stop: new AbortController(), rank, expected: null, onAnswer: (total) => totals.push(total), take, got, totals };
}

function opened() {
  const onChange = vi.fn();
  const channel = new Channel(new WebSocket('ws://node/api/channel'), new Link(), onChange);
  Socket.last.open();
  return { channel, onChange, socket: Socket.last };
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', new URL('https://node/view/1'));
});

describe('a channel', () => {
  it('brings answers whole, however they take turns', async () => {
    const { channel, socket } = opened();
    const [a, b] = [wanted('/a', () => 1), wanted('/b')];
    const [first, second] = [channel.fetch(a), channel.fetch(b)];
    expect(socket.sent).toEqual([
      { ask: 1, path: '/a', accept: '*/*', rank: 1 },
      { ask: 2, path: '/b', accept: '*/*', rank: 0 },
    ]);
    socket.say(1, 'h', '{"status":200,"type":"image/jphc","length":4}');
    socket.answer(2, 'bbbb');
    socket.say(1, 'b', 'aaaa');
    socket.say(1, 'e', '');
    expect([await first, await second]).toEqual(['image/jphc', 'image/jphc']);
    expect([a.got.join(''), b.got.join('')]).toEqual(['aaaa', 'bbbb']);
    expect(a.totals).toEqual([4]);
    expect(channel.count).toBe(0);
  });

  it('says anew what is wished for most, and only what has changed', () => {
    const { channel, socket } = opened();
    let eye = 5;
    void channel.fetch(wanted('/a', () => eye));
    void channel.fetch(wanted('/b', () => Number.POSITIVE_INFINITY));
    eye = 0;
    channel.rankAnew();
    channel.rankAnew();
    expect(socket.sent.slice(2)).toEqual([{ rank: { 1: 0 } }]);
    expect(socket.sent[1]?.rank).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('tells a refusal as the problem that it is', async () => {
    const { channel, socket } = opened();
    const one = wanted('/a');
    const refused = channel.fetch(one);
    socket.say(1, 'h', '{"status":404,"type":"application/json","length":null}');
    socket.say(1, 'b', '{"code":"not_found"}');
    socket.say(1, 'e', '');
    await expect(refused).rejects.toMatchObject({ code: 'not_found', status: 404 });
    expect(one.got).toEqual([]);
  });

  it('ends what nobody wants any more', async () => {
    const { channel, socket } = opened();
    const one = wanted('/a');
    const ended = channel.fetch(one);
    one.stop.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(socket.sent.at(-1)).toEqual({ stop: 1 });
    socket.answer(1, 'late');
    expect(one.got).toEqual([]);
  });

  it('asks for nothing that is not wanted any more', async () => {
    const { channel, socket } = opened();
    const one = wanted('/a');
    one.stop.abort();
    await expect(channel.fetch(one)).rejects.toMatchObject({ name: 'AbortError' });
    expect(socket.sent).toEqual([]);
  });

  it('fails what is on its way when the line breaks, or an answer breaks off', async () => {
    const { channel, socket, onChange } = opened();
    const [half, rest] = [channel.fetch(wanted('/a')), channel.fetch(wanted('/b'))];
    socket.say(1, 'x', '');
    await expect(half).rejects.toMatchObject({ code: 'unreachable' });
    socket.close();
    await expect(rest).rejects.toMatchObject({ code: 'unreachable' });
    expect(channel.isOver).toBe(true);
    expect(onChange).toHaveBeenCalled();
  });
});

describe('a channel that lives long', () => {
  it('stays open while nothing is asked for', async () => {
    vi.useFakeTimers();
    const { channel, socket } = opened();
    const one = channel.fetch(wanted('/a'));
    socket.answer(1, 'aaaa');
    await one;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(channel.isOpen).toBe(true);
    vi.useRealTimers();
  });

  it('gives up what is wished for least before the server minds', async () => {
    const { channel, socket } = opened();
    const asked = Array.from({ length: 25 }, (_, place) => wanted(`/${place}`, () => place % 24));
    const answers = asked.map((one) => channel.fetch(one).catch((error: Error) => error.name));
    await expect(answers[23]).resolves.toBe('AbortError');
    expect(socket.sent).toContainEqual({ stop: 24 });
    expect(channel.count).toBe(24);
  });

  it('fails at once what was on its way over a dead line, however long the browser takes to close it', async () => {
    vi.useFakeTimers();
    const { channel, socket } = opened();
    vi.spyOn(socket, 'close').mockImplementation(() => undefined);
    const silent = expect(channel.fetch(wanted('/a'))).rejects.toMatchObject({ code: 'unreachable' });
    await vi.advanceTimersByTimeAsync(20_001);
    await silent;
    vi.useRealTimers();
  });

  it('takes a line for dead on which nothing comes', async () => {
    vi.useFakeTimers();
    const { channel } = opened();
    const silent = channel.fetch(wanted('/a'));
    const failed = expect(silent).rejects.toMatchObject({ code: 'unreachable' });
    await vi.advanceTimersByTimeAsync(20_001);
    await failed;
    vi.useRealTimers();
  });
});

describe('lanes', () => {
  const answered = () => Promise.resolve(new Response('x'.repeat(10), { headers: { 'Content-Type': 'image/jphc' } }));
  const link = (megabits: number) => Object.assign(new Link(), { bytes: megabits * 1_000_000, busyMs: 8_000 });

  it('open a channel over a thin line, and ask by it from then on', async () => {
    const fetching = vi.fn(answered);
    vi.stubGlobal('fetch', fetching);
    const lanes = new Lanes(link(4));
    await lanes.fetch(wanted('/first'));
    await settled();
    expect(String(Socket.last.address)).toBe('wss://node/api/channel');
    expect(lanes.isRanked).toBe(false);
    Socket.last.open();
    expect(lanes.isRanked).toBe(true);
    const second = lanes.fetch(wanted('/second'));
    Socket.last.answer(1, 'abcd');
    await second;
    expect(fetching).toHaveBeenCalledOnce();
    for (let count = 0; count < 4; count += 1) lanes.fetch(wanted('/ahead')).catch(() => undefined);
    expect(lanes.hasRoom).toBe(false);
    Socket.last.close();
    await settled();
    expect(lanes.hasRoom).toBe(true);
  });

  it('leave the channel when the line turns out to be fast', async () => {
    const fetching = vi.fn(answered);
    vi.stubGlobal('fetch', fetching);
    const line = link(4);
    const lanes = new Lanes(line);
    await lanes.fetch(wanted('/first'));
    await settled();
    Socket.last.open();
    Object.assign(line, { busyMs: 8 });
    expect(lanes.isRanked).toBe(false);
    await lanes.fetch(wanted('/second'));
    expect(fetching).toHaveBeenCalledTimes(2);
    expect(Socket.last.sent).toEqual([]);
  });

  it('stay as they are over a fast line', async () => {
    vi.stubGlobal('fetch', answered);
    Socket.last = undefined as unknown as Socket;
    await new Lanes(link(400)).fetch(wanted('/first'));
    await settled();
    expect(Socket.last).toBeUndefined();
  });
});
