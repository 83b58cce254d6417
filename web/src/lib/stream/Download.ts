import { send } from '@/lib/api/http';
import { Problem } from '@/lib/api/problem';
import { STALLED_MS } from '@/lib/api/stalling';
import type { Link } from './link';

const OUT_OF_RANGE = 416;
/** The rank of what somebody looks at now, and waits for. */
export const EYE = 0;

/** What is asked for, and what is told of it on the way. */
export interface Wanted {
  path: string;
  accept: string;
  stop: AbortController;
  /** The smaller, the sooner. */
  rank: () => number;
  /** About how many bytes there are, where that is known: then all pieces can be asked for at once. */
  expected: number | null;
  /** Called when the server begins to answer, with the number of bytes where the answer comes in pieces. */
  onAnswer: (total: number | null) => void;
  /** Takes the bytes, in their order. */
  take: (bytes: Uint8Array) => void;
}

/** From one byte up to another; without `end`, all that follows. */
interface Piece {
  from: number;
  end: number | null;
}

/**
 * One answer that comes in pieces, several at a time (RFC 9110 14): a connection that carried little before is slow, and
 * three of them are not. A server that gives no ranges of it sends it whole to the first question.
 */
export class Download {
  /** The content type, once everything is here. */
  readonly done: Promise<string>;
  private resolve: (type: string) => void = () => {};
  private reject: (error: unknown) => void = () => {};
  private readonly early = new Map<number, Uint8Array>();
  private type = '';
  private asked = 0;
  private taken = 0;
  private flying = 0;
  private total: number | null = null;

  constructor(
    readonly wanted: Wanted,
    private readonly link: Link,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    wanted.stop.signal.addEventListener('abort', () => this.fail(new DOMException('aborted', 'AbortError')));
  }

  /** Whether something of it can be asked for now. */
  get isAsking(): boolean {
    if (this.wanted.stop.signal.aborted) return false;
    return this.asked === 0 || this.asked < (this.total ?? this.wanted.expected ?? 0);
  }

  /** Asks for the next piece; resolves when it is here, or when there is nothing of it to come. */
  async ask(): Promise<void> {
    const piece = this.next();
    this.asked = piece.end ?? Number.POSITIVE_INFINITY;
    this.flying += 1;
    try {
      await this.bring(piece);
    } catch (error) {
      const isBehind = piece.from > 0 && error instanceof Problem && error.status === OUT_OF_RANGE;
      if (!isBehind) this.fail(error);
    }
    this.flying -= 1;
    this.settle();
  }

  /** The last piece is left open: what is expected is not always what comes. */
  private next(): Piece {
    const length = this.total ?? this.wanted.expected;
    const size = this.link.pieceBytes(this.wanted.rank() === EYE ? length : null);
    const end = this.asked + size;
    const isLast = end === Number.POSITIVE_INFINITY || (length !== null && end + size / 2 > length);
    return { from: this.asked, end: isLast ? null : end };
  }

  private async bring(piece: Piece): Promise<void> {
    const response = await this.begin(piece);
    const range = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '');
    if (!range && piece.from > 0) return void response.body?.cancel();
    this.type = response.headers.get('Content-Type') ?? '';
    if (range) this.total = Number(range[1]);
    else this.asked = Number.POSITIVE_INFINITY;
    this.wanted.onAnswer(this.total);
    let at = piece.from;
    await this.read(response, (bytes) => {
      this.early.set(at, bytes);
      at += bytes.length;
      this.handOn();
    });
    if (!range) this.total = at;
  }

  /** A piece has an address of its own: caches let one question at a time through to each. */
  private async begin({ from, end }: Piece): Promise<Response> {
    const { path, accept, stop } = this.wanted;
    const isWhole = from === 0 && end === null;
    const place = from === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}from=${from}`;
    const range: Record<string, string> = isWhole ? {} : { Range: `bytes=${from}-${end === null ? '' : end - 1}` };
    const timer = setTimeout(() => stop.abort(), STALLED_MS);
    try {
      return await send(place, { headers: { Accept: accept, ...range }, signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  private async read(response: Response, each: (bytes: Uint8Array) => void): Promise<void> {
    const reader = response.body?.getReader();
    if (!reader) return;
    const { stop } = this.wanted;
    const over = this.link.begin();
    let timer = setTimeout(() => stop.abort(), STALLED_MS);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), STALLED_MS);
        this.link.take(value.length);
        each(value);
      }
    } finally {
      clearTimeout(timer);
      over();
    }
  }

  private handOn(): void {
    for (;;) {
      const bytes = this.early.get(this.taken);
      if (!bytes?.length) return;
      this.early.delete(this.taken);
      this.taken += bytes.length;
      this.wanted.take(bytes);
    }
  }

  private settle(): void {
    if (this.total !== null && this.taken >= this.total) this.resolve(this.type);
    else if (this.flying === 0 && !this.isAsking) this.fail(new Problem('unreachable', 0));
  }

  private fail(error: unknown): void {
    this.asked = Number.POSITIVE_INFINITY;
    this.reject(error);
  }
}
