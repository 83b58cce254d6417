import { problemOf, Problem } from '@/lib/api/problem';
import type { Wanted } from './Download';
import type { Link } from './link';

/** A line on which nothing came for so long, though something was asked for, is taken for dead. */
const STALLED_MS = 20_000;
/** The server ends a channel that asks for more than 32 answers at a time. */
const MOST = 24;
/** Why something was given up that will be wished for again. */
export const MADE_WAY = 'made way';
const NUMBER_BYTES = 4;

interface Head {
  status: number;
  type: string;
  length: number | null;
}

/** A question whose answer is on its way. */
interface Asked {
  wanted: Wanted;
  rank: number;
  head: Head | null;
  /** What the server says instead of an answer. */
  refusal: BlobPart[];
  over: () => void;
  done: (type: string) => void;
  failed: (error: unknown) => void;
}

/**
 * One connection for many answers: the server sends of what is wished for most, and turns to something else after a few
 * kilobytes. Whatever goes wrong with it fails what is on its way, and that is asked for again by other ways.
 */
export class Channel {
  private readonly asked = new Map<number, Asked>();
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly link: Link,
    private readonly onChange: () => void,
  ) {
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', onChange);
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => this.take(data));
    socket.addEventListener('close', () => this.failAll());
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get isOver(): boolean {
    return this.socket.readyState > WebSocket.OPEN;
  }

  /** How many answers are on their way. */
  get count(): number {
    return this.asked.size;
  }

  /** Fetches an answer; its content type is returned. */
  fetch(wanted: Wanted): Promise<string> {
    this.last += 1;
    const ask = this.last;
    const { path, accept, stop } = wanted;
    if (stop.signal.aborted) return Promise.reject(aborted());
    if (this.asked.size >= MOST) this.makeWay();
    const rank = ranked(wanted);
    this.say({ ask, path, accept, rank });
    const answered = new Promise<string>((done, failed) => {
      this.asked.set(ask, { wanted, rank, head: null, refusal: [], over: this.link.begin(), done, failed });
    });
    stop.signal.addEventListener('abort', () => this.abort(ask), { once: true });
    this.watch();
    return answered;
  }

  /** What is wished for least is given up. */
  private makeWay(): void {
    const [first, ...others] = this.asked.values();
    others.reduce((worst, one) => (worst && ranked(one.wanted) > ranked(worst.wanted) ? one : worst), first)?.wanted.stop.abort(MADE_WAY);
  }

  /** Tells the server what is wished for most by now. */
  rankAnew(): void {
    const moved: Record<number, number> = {};
    for (const [number, asked] of this.asked) {
      const rank = ranked(asked.wanted);
      if (rank !== asked.rank) moved[number] = asked.rank = rank;
    }
    if (Object.keys(moved).length) this.say({ rank: moved });
  }

  private say(wish: object): void {
    if (this.isOpen) this.socket.send(JSON.stringify(wish));
  }

  private take(data: ArrayBuffer): void {
    const view = new DataView(data);
    const number = view.getUint32(0, true);
    const kind = String.fromCharCode(view.getUint8(NUMBER_BYTES));
    const bytes = new Uint8Array(data, NUMBER_BYTES + 1);
    const asked = this.asked.get(number);
    this.watch();
    if (!asked) return;
    if (kind === 'h') this.begin(asked, JSON.parse(new TextDecoder().decode(bytes)) as Head);
    else if (kind === 'b') this.bring(asked, bytes);
    else this.end(number, asked, kind === 'e');
  }

  private begin(asked: Asked, head: Head): void {
    asked.head = head;
    if (isGood(head)) asked.wanted.onAnswer(head.length);
  }

  private bring(asked: Asked, bytes: Uint8Array<ArrayBuffer>): void {
    this.link.take(bytes.length);
    if (isGood(asked.head)) asked.wanted.take(bytes);
    else asked.refusal.push(bytes);
  }

  private end(number: number, { head, refusal, done, failed, over }: Asked, isWhole: boolean): void {
    this.forget(number, over);
    if (!isWhole || !head) failed(new Problem('unreachable', 0));
    else if (isGood(head)) done(head.type);
    else void problemOf(new Response(new Blob(refusal), { status: head.status, headers: { 'Content-Type': head.type } })).then(failed);
    this.onChange();
  }

  private abort(number: number): void {
    const asked = this.asked.get(number);
    if (!asked) return;
    this.forget(number, asked.over);
    this.say({ stop: number });
    asked.failed(aborted());
    this.onChange();
  }

  private forget(number: number, over: () => void): void {
    this.asked.delete(number);
    over();
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.timer);
    if (this.asked.size) this.timer = setTimeout(() => this.close(), STALLED_MS);
  }

  /** Hangs up. What is on its way fails now: a browser waits long for the other end of a dead line to agree. */
  close(): void {
    this.socket.close();
    this.failAll();
  }

  private failAll(): void {
    clearTimeout(this.timer);
    for (const { failed, over } of this.asked.values()) {
      over();
      failed(new Problem('unreachable', 0));
    }
    this.asked.clear();
    this.onChange();
  }
}

const aborted = () => new DOMException('aborted', 'AbortError');
/** JSON knows no infinity. */
const ranked = ({ rank }: Wanted) => Math.min(rank(), Number.MAX_SAFE_INTEGER);
const isGood = (head: Head | null) => head !== null && head.status >= 200 && head.status < 300;
