import { Download, EYE, type Wanted } from './Download';
import type { Link } from './link';

/**
 * The requests that are on their way at a time, of all series of a page. Only so much is asked for as the line carries in
 * a moment, in pieces, so that what somebody looks at next has to wait for little.
 */
export class Lanes {
  private readonly downloads = new Set<Download>();
  private readonly listeners = new Set<() => void>();
  private busy = 0;

  constructor(readonly link: Link) {}

  /** Whether something may be asked for that nobody waits for yet. */
  get hasRoom(): boolean {
    return this.busy < this.link.lanes && this.soonest() === null;
  }

  /** Fetches an answer; what it is handed over by is in `wanted`, its content type is returned. */
  fetch(wanted: Wanted): Promise<string> {
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

  /** Tells whenever there is room; the function that is returned ends it. */
  onRoom(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
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
    this.go();
  }
}
