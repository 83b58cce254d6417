import { Problem } from '@/lib/api/problem';
import type { Expected } from '@/lib/api/opening';
import type { Image } from '@/lib/dicomweb/images';
import { hasValues, type Picture } from '@/lib/pixels/picture';
import type { PictureCache } from './cache';
import type { Decoder } from './decoding';
import { MADE_WAY } from './Channel';
import { EYE } from './Download';
import { fetchFrame, pictureKey, type SeriesAt } from './frames';
import type { Lanes } from './Lanes';
import { nextWanted } from './order';
import { fetchPreviews } from './previews';

/** What all series of a page share. */
export interface Machines {
  decoder: Decoder;
  lanes: Lanes;
  cache: PictureCache;
}

/** The best that there is of an image by now. */
export interface Best {
  picture: Picture;
  /** Coarser than the image: good for finding the way, not for reading, measuring or signing. */
  isPreview: boolean;
}

const ATTEMPTS = 3;
const BETWEEN_ATTEMPTS_MS = 1_500;
/** Who looks at another image sooner than this is on the way to somewhere else. */
const PASSING_MS = 100;
const PACK_AT_LATEST_MS = 800;
/** The previews come after what is looked at, and before everything else. */
const PACK = EYE + 1;

/** One series on its way from the server: previews of all of it first, then every frame without loss, around the eye. */
export class SeriesStream {
  private readonly listeners = new Set<() => void>();
  private readonly previews = new Map<string, Uint8Array<ArrayBuffer>>();
  private readonly decoding = new Set<string>();
  private readonly flights = new Map<string, AbortController>();
  private readonly failures = new Map<string, { attempts: number; error: Error }>();
  private readonly pack = new AbortController();
  private readonly packTimer: ReturnType<typeof setTimeout>;
  private readonly stopWaiting: () => void;
  private places = new Map<string, number>();
  /** About as long as the last frame was is the next. */
  private frameBytes: number | null;
  private isPackAsked = false;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private hasPack: boolean | null = null;
  private direction: 1 | -1 = 1;
  private isClosed = false;

  constructor(
    private readonly machines: Machines,
    private readonly series: SeriesAt,
    private known: readonly Image[],
    private eye: number,
    private readonly expected: Expected = { frame: null, previews: null },
  ) {
    this.takePlaces();
    this.frameBytes = expected.frame;
    this.packTimer = setTimeout(() => this.beginPack(), known.length ? PACK_AT_LATEST_MS : 0);
    this.stopWaiting = machines.lanes.onRoom(() => this.pump());
    this.settle();
  }

  get seriesUid(): string {
    return this.series.seriesUid;
  }

  get images(): readonly Image[] {
    return this.known;
  }

  /** Takes all images of the series, where it began with the one that is looked at; returns where that is among them. */
  extend(images: readonly Image[]): number {
    const looked = this.known[this.eye];
    const index = looked ? images.findIndex((image) => imageKey(image) === imageKey(looked)) : -1;
    this.known = images;
    this.eye = Math.max(0, index);
    this.takePlaces();
    this.tell();
    this.pump();
    return this.eye;
  }

  /** Tells that somebody looks at an image now: what is far from it makes way on a thin line. */
  look(index: number): void {
    if (index !== this.eye) this.direction = index > this.eye ? 1 : -1;
    this.eye = index;
    this.failures.delete(this.keyOf(index));
    const now = performance.now();
    const isPassing = now - this.lookedAt < PASSING_MS;
    this.lookedAt = now;
    clearTimeout(this.settling);
    if (isPassing) this.settling = setTimeout(() => this.settle(), PASSING_MS);
    else this.settle();
  }

  /** Fetches what the eye rests on; what it passes by on the way is not worth a request. */
  private settle(): void {
    this.machines.lanes.rankAnew();
    if (this.isWanted(this.eye)) void this.fly(this.eye);
    this.pump();
  }

  /** The best that there is of an image; a preview that is not decoded yet is, and then the listeners hear of it. */
  best(index: number): Best | null {
    const key = this.keyOf(index);
    const whole = this.machines.cache.get(key);
    if (whole) return { picture: whole, isPreview: false };
    const coarse = this.machines.cache.get(`${key} preview`);
    if (coarse) return { picture: coarse, isPreview: true };
    void this.decodePreview(index);
    return null;
  }

  /** Why an image cannot be had, after some attempts. */
  errorOf(index: number): Error | null {
    const failure = this.failures.get(this.keyOf(index));
    return failure && failure.attempts >= ATTEMPTS ? failure.error : null;
  }

  /** Whether a look at any image finds at least a preview. */
  get isScrollable(): boolean {
    return this.images.every((image, index) => this.previews.has(imageKey(image)) || !this.isMissing(index));
  }

  /** How many images are here without loss. */
  get wholeCount(): number {
    return this.images.filter((_, index) => !this.isMissing(index)).length;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    clearTimeout(this.settling);
    clearTimeout(this.packTimer);
    this.stopWaiting();
    this.pack.abort();
    for (const stop of this.flights.values()) stop.abort();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private keyOf(index: number): string {
    const image = this.images[index];
    return image ? pictureKey(this.series, image) : '';
  }

  private isMissing(index: number): boolean {
    return index < this.images.length && !this.machines.cache.has(this.keyOf(index));
  }

  /**
   * Until the previews are here, only the image that is looked at is fetched beside them; and over a thin line where it
   * has to share, nothing else while it is on its way.
   */
  private isWanted(index: number): boolean {
    if (!this.isMissing(index) || this.flights.has(this.keyOf(index)) || this.errorOf(index)) return false;
    if (index === this.eye) return true;
    const { lanes } = this.machines;
    if (lanes.link.isThin && !lanes.isRanked && this.flights.has(this.keyOf(this.eye))) return false;
    const { rows, columns, bitsAllocated } = (this.images[index] as Image).format;
    return this.hasPack !== null && !this.machines.cache.isFull((rows * columns * bitsAllocated) / 8);
  }

  private pump(): void {
    while (!this.isClosed && this.machines.lanes.hasRoom) {
      const index = nextWanted(this.eye, this.direction, this.images.length, (one) => this.isWanted(one));
      if (index === null) return;
      void this.fly(index);
    }
  }

  private async fly(index: number): Promise<void> {
    const key = this.keyOf(index);
    const image = this.images[index] as Image;
    const stop = new AbortController();
    this.flights.set(key, stop);
    try {
      const way = { stop, rank: () => this.rankOf(key), expected: this.frameBytes, onAnswer: (total: number | null) => this.onAnswer(total) };
      await this.machines.cache.bring(key, () => fetchFrame(this.series, image, this.machines, way));
      this.failures.delete(key);
    } catch (error) {
      if (!this.isClosed && stop.signal.reason !== MADE_WAY) await this.note(key, error); // that is wished for again by itself
    } finally {
      this.flights.delete(key);
    }
    if (this.isClosed) return;
    this.beginPack();
    this.tell();
    this.pump();
  }

  /** What is looked at goes before the previews, they before all others: those nearest to the eye first. */
  private rankOf(key: string): number {
    const distance = Math.abs((this.places.get(key) ?? Number.POSITIVE_INFINITY) - this.eye);
    return distance === 0 ? EYE : PACK + distance;
  }

  private takePlaces(): void {
    this.places = new Map(this.images.map((image, index) => [pictureKey(this.series, image), index]));
  }

  private onAnswer(total: number | null): void {
    this.frameBytes = total;
    this.beginPack();
  }

  /** Counts a failure, and waits before the next attempt. */
  private async note(key: string, error: unknown): Promise<void> {
    const attempts = (this.failures.get(key)?.attempts ?? 0) + 1;
    const isFinal = error instanceof Problem && ((error.status >= 400 && error.status < 500) || error.code === 'undecodable');
    const reason = error instanceof DOMException ? new Problem('unreachable', 0) : error;
    const failure = { attempts: isFinal ? ATTEMPTS : attempts, error: reason instanceof Error ? reason : new Error(String(reason)) };
    this.failures.set(key, failure);
    if (failure.attempts < ATTEMPTS) await new Promise((done) => setTimeout(done, BETWEEN_ATTEMPTS_MS * attempts));
  }

  /**
   * The first image comes before the previews of all others: they are asked for when it begins to arrive. If it keeps
   * somebody waiting, they come after all: something to see is better than nothing.
   */
  beginPack(): void {
    clearTimeout(this.packTimer);
    if (this.isPackAsked) return;
    this.isPackAsked = true;
    void this.fetchPack();
  }

  private async fetchPack(): Promise<void> {
    try {
      await fetchPreviews(this.series, this.machines.lanes, { stop: this.pack, rank: () => PACK, expected: this.expected.previews }, (found) => {
        for (const { sopInstanceUid, frame, bytes } of found) this.previews.set(imageKey({ sopInstanceUid, frame }), bytes);
        if (found.length) this.tell();
      });
      this.hasPack = true;
    } catch {
      this.hasPack = false; // not prepared yet: the frames come all the same
    }
    if (this.isClosed) return;
    this.tell();
    this.pump();
  }

  private async decodePreview(index: number): Promise<void> {
    const { decoder, cache } = this.machines;
    const image = this.images[index];
    const bytes = image && this.previews.get(imageKey(image));
    if (!image || !bytes || !hasValues(image.format)) return;
    const key = `${this.keyOf(index)} preview`;
    if (this.decoding.has(key)) return;
    this.decoding.add(key);
    try {
      cache.put(key, await decoder.decode({ bytes, transferSyntax: '', isHtj2k: true, format: image.format }));
      this.decoding.delete(key);
      if (!this.isClosed) this.tell();
    } catch {
      return; // it stays among those being decoded, so that nobody tries again; the frame itself is on its way
    }
  }
}

function imageKey({ sopInstanceUid, frame }: Pick<Image, 'sopInstanceUid' | 'frame'>): string {
  return `${sopInstanceUid}/${frame}`;
}
