import { Channel } from './Channel';
import { Download, EYE, type Wanted } from './Download';
import type { Link } from './link';

/** So many answers are asked for ahead over a channel that the line never has nothing to carry. */
const AHEAD = 4;
const BETWEEN_CHANNELS_MS = 10_000;

/**
 * What is on its way at a time, of all series of a page. Over a thin line it comes by one connection, as soon as that is
 * open (`Channel.ts`); until then, and over a fast line, by requests of which only so many are on their way as the line
 * carries in a moment, in pieces, so that what somebody looks at next has to wait for little.
 */
export class Lanes {
  private readonly downloads = new Set<Download>();
  private readonly listeners = new Set<() => void>();
  private busy = 0;
  private channel: Channel | null = null;
  private openedAt = Number.NEGATIVE_INFINITY;

  constructor(readonly link: Link) {}

  /** Whether something may be asked for that nobody waits for yet. */
  get hasRoom(): boolean {
    if (this.express) return this.express.count < AHEAD;
    return this.busy < this.link.lanes && this.soonest() === null;
  }

  /** Whether what somebody looks at goes first whatever else was asked for before. */
  get isRanked(): boolean {
    return this.express !== null;
  }

  /** Fetches an answer; what it is handed over by is in `wanted`, its content type is returned. */
  fetch(wanted: Wanted): Promise<string> {
    if (this.express) return this.express.fetch(wanted);
    const onAnswer = (total: number | null) => {
      wanted.onAnswer(total);
      this.go();
    };
    const download = new Download({ ...wanted, onAnswer }, this.link);
    this.downloads.add(download);
    const forget = () => this.downloads.delete(download);
    download.done.then(forget, forget);
    this.go();
    return download.done;
  }

  /** Somebody looks elsewhere: what is wished for most is another now. */
  rankAnew(): void {
    this.channel?.rankAnew();
  }

  /** Ends the channel, which is of the person who opened it. */
  hangUp(): void {
    this.channel?.close();
    this.channel = null;
  }

  /** Tells whenever there is room; the function that is returned ends it. */
  onRoom(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The channel while it is the better way: a line may turn out to be fast after all. */
  private get express(): Channel | null {
    return this.link.isThin && this.channel?.isOpen ? this.channel : null;
  }

  private soonest(): Download | null {
    let found: Download | null = null;
    for (const one of this.downloads) {
      if (one.isAsking && (!found || one.wanted.rank() < found.wanted.rank())) found = one;
    }
    return found;
  }

  private go(): void {
    for (let next = this.soonest(); next && this.isFree(next); next = this.soonest()) void this.bring(next);
    for (const tell of this.listeners) {
      if (!this.hasRoom) return;
      tell();
    }
  }

  /** There is always one lane more for what somebody waits for. */
  private isFree({ wanted }: Download): boolean {
    return this.busy < this.link.lanes + (wanted.rank() === EYE ? 1 : 0);
  }

  private async bring(download: Download): Promise<void> {
    this.busy += 1;
    await download.ask();
    this.busy -= 1;
    this.open();
    this.go();
  }

  /** Opens the channel once the line is known to be thin; one that broke is opened again after a while. */
  private open(): void {
    const now = performance.now();
    if (this.link.megabits === null || !this.link.isThin || now - this.openedAt < BETWEEN_CHANNELS_MS) return;
    if (this.channel && !this.channel.isOver) return;
    this.openedAt = now;
    const address = new URL('/api/channel', location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    this.channel = new Channel(new WebSocket(address), this.link, () => this.go());
  }
}
