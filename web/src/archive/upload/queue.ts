import { asProblem } from '@/lib/api/problem';
import { isDicom, sendFile } from './sending';

const AT_ONCE = 3;
const TELL_MS = 100;
/** The archive is full (PS3.4 Table B.2-1): what can be tried again. */
export const NO_ROOM = 0xa700;

export type ItemState = 'waiting' | 'sending' | 'stored' | 'refused' | 'skipped' | 'failed';

export interface Item {
  id: number;
  file: File;
  state: ItemState;
  sent: number;
  /** The status of the archive where it refused the file. */
  status: number;
  study: string;
  /** Whose the image will be; null where there is only one it can be. */
  organisation: number | null;
}

export interface Snapshot {
  items: Item[];
  isPaused: boolean;
}

/** What is being uploaded: a few files at a time; the rest waits, and whatever failed can be tried again. */
export class UploadQueue {
  private snapshot: Snapshot = { items: [], isPaused: false };
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<number, AbortController>();
  private nextId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): Snapshot => this.snapshot;

  add(files: File[], organisation: number | null): void {
    const added = files.map((file): Item => ({ id: this.newId(), file, state: 'waiting', sent: 0, status: 0, study: '', organisation }));
    this.show({ items: [...this.snapshot.items, ...added] });
    this.goOn();
  }

  pause(): void {
    this.show({ isPaused: true });
    for (const stop of this.running.values()) stop.abort();
  }

  resume(): void {
    this.show({ isPaused: false });
    this.goOn();
  }

  tryAgain(): void {
    this.show({ items: this.snapshot.items.map((item) => (item.state === 'failed' ? { ...item, state: 'waiting', sent: 0 } : item)) });
    this.goOn();
  }

  /** Ends what runs and forgets all; what was stored stays in the archive. */
  clear(): void {
    for (const stop of this.running.values()) stop.abort();
    this.show({ items: [], isPaused: false });
  }

  /** Ids are never used again, so that what ends late cannot be taken for another. */
  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }

  private goOn(): void {
    while (!this.snapshot.isPaused && this.running.size < AT_ONCE) {
      const next = this.snapshot.items.find((item) => item.state === 'waiting');
      if (!next) return;
      void this.send(next);
    }
  }

  private async send(item: Item): Promise<void> {
    const stop = new AbortController();
    this.running.set(item.id, stop);
    this.change(item, { state: 'sending', sent: 0 });
    this.change(item, await this.outcome(item, stop.signal));
    this.running.delete(item.id);
    this.goOn();
  }

  private async outcome(item: Item, signal: AbortSignal): Promise<Partial<Item>> {
    try {
      if (!(await isDicom(item.file))) return { state: 'skipped' };
      const taken = await sendFile(item.file, item.organisation, (sent) => this.change(item, { sent }), signal);
      if ('status' in taken) return { state: taken.status === NO_ROOM ? 'failed' : 'refused', status: taken.status };
      return { state: 'stored', sent: item.file.size, study: taken.study };
    } catch (error) {
      if (error instanceof DOMException) return { state: 'waiting', sent: 0 };
      return { state: 'failed', sent: 0, status: asProblem(error).status };
    }
  }

  private change(item: Item, change: Partial<Item>): void {
    this.show({ items: this.snapshot.items.map((one) => (one.id === item.id ? { ...one, ...change } : one)) });
  }

  private show(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.timer ??= setTimeout(() => this.tell(), TELL_MS);
  }

  private tell(): void {
    this.timer = undefined;
    for (const listener of this.listeners) listener();
  }
}
