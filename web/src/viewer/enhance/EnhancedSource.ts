import { type Enhancement, enhancedPath } from '@/lib/api/enhancement';
import { Problem } from '@/lib/api/problem';
import type { Image } from '@/lib/dicomweb/images';
import { type Answered, Latest } from '@/lib/latest';
import type { Grey } from '@/lib/pixels/picture';
import { fetchValues, type SeriesAt } from '@/lib/stream/frames';
import type { Best, Machines } from '@/lib/stream/SeriesStream';
import type { Source } from '../lean/scene';

/** A slider that moves on within so long is not there yet. */
const REST_MS = 150;

interface Asked {
  image: Image;
  enhancement: Enhancement;
}

/** The images of a series as the server enhances them: only the one that is looked at, and nothing kept of it. */
export class EnhancedSource implements Source {
  private readonly listeners = new Set<() => void>();
  private readonly latest: Latest<Asked, Grey>;
  private enhancement: Enhancement | null = null;
  private now: Answered<Grey> = { answer: null, isWaiting: false, error: null };

  constructor(
    private readonly machines: Pick<Machines, 'decoder' | 'lanes'>,
    private readonly series: SeriesAt,
    private known: readonly Image[],
    private eye: number,
  ) {
    this.latest = new Latest((asked, stop) => this.fetch(asked, stop), (now) => this.take(now));
  }

  get seriesUid(): string {
    return this.series.seriesUid;
  }

  get images(): readonly Image[] {
    return this.known;
  }

  /** Whether what is seen is not yet what was asked for. */
  get isWaiting(): boolean {
    return this.now.isWaiting;
  }

  extend(images: readonly Image[]): number {
    const looked = this.known[this.eye];
    this.known = images;
    this.eye = Math.max(0, images.findIndex((one) => one.sopInstanceUid === looked?.sopInstanceUid && one.frame === looked.frame));
    return this.eye;
  }

  /** Another image is asked for at once; the same one again only where it could not be had. */
  look(index: number): void {
    if (index === this.eye && !this.now.error) return;
    if (index !== this.eye) this.latest.forget();
    this.eye = index;
    this.ask(REST_MS);
  }

  /** Has the image enhanced in another way; until then the last one stays. */
  enhance(enhancement: Enhancement): void {
    const isFirst = this.enhancement === null;
    this.enhancement = enhancement;
    this.ask(isFirst ? 0 : REST_MS);
  }

  best(index: number): Best | null {
    return index === this.eye && this.now.answer ? { picture: this.now.answer, isPreview: false } : null;
  }

  errorOf(): Error | null {
    return this.now.error;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.listeners.clear();
    this.latest.close();
  }

  private ask(restMs: number): void {
    const image = this.known[this.eye];
    if (image && this.enhancement) this.latest.ask({ image, enhancement: this.enhancement }, restMs);
  }

  private async fetch({ image, enhancement }: Asked, stop: AbortController): Promise<Grey> {
    const place = { seriesUid: this.series.seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame };
    const values = await fetchValues(enhancedPath(this.series.at, place, enhancement), image.format, this.machines, { stop });
    if (!values) throw new Problem('unexpected', 0, 'values in a form that is not read here');
    return values;
  }

  private take(now: Answered<Grey>): void {
    // An older picture under an error would pass for the one that was asked for.
    this.now = now.error ? { ...now, answer: null } : now;
    for (const listener of this.listeners) listener();
  }
}
