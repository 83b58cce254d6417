import { asProblem, type Problem, type ProblemCode } from '@/lib/api/problem';
import { isImage, sendFile } from './sending';

const AT_ONCE = 3;
const TELL_MS = 100;
/** How long to wait before a file is sent again that did not come through. */
const PAUSES_MS = [1000, 3000, 9000];
/** The archive is full (PS3.4 Table B.2-1): what can be tried again. */
export const NO_ROOM = 0xa700;
/** The file cannot be read any more: the disc was taken out, or it was moved or changed. */
export const UNREADABLE = -1;

/** What would meet every other file as well; the queue stops instead of failing one after the other. */
const STOPPING: ProblemCode[] = ['not_signed_in', 'session_locked', 'unreachable', 'database_unavailable'];
/** What passes by itself, often within seconds. */
const PASSING: ProblemCode[] = ['unreachable', 'database_unavailable'];

export type ItemState = 'waiting' | 'sending' | 'stored' | 'refused' | 'skipped' | 'failed';

export interface Item {
  id: number;
  file: File;
  state: ItemState;
  sent: number;
  /** The status of the archive where it refused the file, or of HTTP where the request failed. */
  status: number;
  study: string;
  /** Whose the image will be; null where there is only one it can be. */
  organisation: string | null;
}

export interface Snapshot {
  items: Item[];
  isPaused: boolean;
  /** Why the queue stopped by itself; null if it did not. */
  stopped: ProblemCode | null;
}

/** What is being uploaded: a few files at a time; the rest waits, and whatever failed can be tried again. */
export class UploadQueue {
  private snapshot: Snapshot = { items: [], isPaused: false, stopped: null };
  private isOutdated = false;
  private isPaused = false;
  private stopped: ProblemCode | null = null;
  private readonly items = new Map<number, Item>();
  /** Those that wait, by their ids, which grow. */
  private line: number[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<number, AbortController>();
  private nextId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The list as it is now, made once for all changes since it was last asked for: there may be 100,000 files. */
  get = (): Snapshot => {
    if (this.isOutdated) this.snapshot = { items: [...this.items.values()], isPaused: this.isPaused, stopped: this.stopped };
    this.isOutdated = false;
    return this.snapshot;
  };

  add(files: File[], organisation: string | null): void {
    for (const file of files) {
      const id = this.newId();
      this.items.set(id, { id, file, state: 'waiting', sent: 0, status: 0, study: '', organisation });
      this.line.push(id);
    }
    this.show();
    this.goOn();
  }

  pause(): void {
    this.isPaused = true;
    this.show();
    for (const stop of this.running.values()) stop.abort();
  }

  resume(): void {
    this.isPaused = false;
    this.stopped = null;
    this.line.sort((a, b) => a - b);
    this.show();
    this.goOn();
  }

  tryAgain(): void {
    for (const item of this.items.values()) if (item.state === 'failed') this.wait(item);
    this.resume();
  }

  /** Ends what runs and forgets all; what was stored stays in the archive. */
  clear(): void {
    for (const stop of this.running.values()) stop.abort();
    this.items.clear();
    this.line = [];
    this.isPaused = false;
    this.stopped = null;
    this.show();
  }

  /** Ids are never used again, so that what ends late cannot be taken for another. */
  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }

  private goOn(): void {
    while (!this.isPaused && this.running.size < AT_ONCE) {
      const next = this.items.get(this.line.shift() ?? 0);
      if (!next) return;
      void this.send(next);
    }
  }

  private async send(item: Item): Promise<void> {
    const stop = new AbortController();
    this.running.set(item.id, stop);
    this.change(item, { state: 'sending', sent: 0, status: 0 });
    try {
      this.change(item, await this.outcome(item, stop.signal));
    } catch (error) {
      this.wait(item);
      if (!stop.signal.aborted) this.stop(asProblem(error));
    }
    this.running.delete(item.id);
    this.goOn();
  }

  /** What became of a file; rejects where it shall wait on: it was stopped, or no file would come through. */
  private async outcome(item: Item, signal: AbortSignal): Promise<Partial<Item>> {
    try {
      if (!(await isImage(item.file))) return { state: 'skipped' };
    } catch {
      return { state: 'failed', status: UNREADABLE };
    }
    try {
      const taken = await this.sendPatiently(item, signal);
      if ('status' in taken) return { state: taken.status === NO_ROOM ? 'failed' : 'refused', status: taken.status };
      return { state: 'stored', sent: item.file.size, study: taken.study };
    } catch (error) {
      const problem = asProblem(error);
      if (signal.aborted || STOPPING.includes(problem.code)) throw error;
      return { state: 'failed', sent: 0, status: problem.status };
    }
  }

  private async sendPatiently(item: Item, signal: AbortSignal) {
    for (let failures = 0; ; failures += 1) {
      signal.throwIfAborted();
      try {
        return await sendFile(item.file, item.organisation, (sent) => this.change(item, { sent }), signal);
      } catch (error) {
        const pause = PAUSES_MS[failures];
        if (signal.aborted || pause === undefined || !PASSING.includes(asProblem(error).code)) throw error;
        this.change(item, { sent: 0 });
        await later(pause, signal);
      }
    }
  }

  private stop(problem: Problem): void {
    this.stopped ??= problem.code;
    this.pause();
  }

  /** Lets a file wait again; the line is put in order when it goes on. */
  private wait(item: Item): void {
    if (!this.items.has(item.id)) return;
    this.change(item, { state: 'waiting', sent: 0, status: 0 });
    this.line.push(item.id);
  }

  private change(item: Item, change: Partial<Item>): void {
    const now = this.items.get(item.id);
    if (now) this.items.set(item.id, { ...now, ...change });
    this.show();
  }

  private show(): void {
    this.isOutdated = true;
    this.timer ??= setTimeout(() => this.tell(), TELL_MS);
  }

  private tell(): void {
    this.timer = undefined;
    for (const listener of this.listeners) listener();
  }
}

/** Waits, unless it is stopped before. */
function later(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('aborted', 'AbortError'));
    });
  });
}
