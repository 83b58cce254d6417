import { Problem } from '@/lib/api/problem';
import type { Image } from '@/lib/dicomweb/images';
import type { Series } from '@/lib/dicomweb/studies';
import type { ViewerKey } from '@/lib/i18n/viewer';
import type { SeriesStream } from '@/lib/stream/SeriesStream';
import type { LeanView } from '@/viewer/lean/LeanView';

/** What stands on the stage in place of a picture, and how it can be tried again, if at all. */
export interface Notice {
  key: ViewerKey;
  retry?: () => void;
  /** Where what it speaks of can be seen after all. */
  href?: string;
}

/** What is done around the view when another series is on it. */
export interface Around {
  /** All images of a series, in their order. */
  fetch: (seriesUid: string) => Promise<readonly Image[]>;
  /** Called when what is on the view is of this series from now on; null while it is empty. */
  onShown: (series: Series | null) => void;
  /** Says something on the stage; null takes it away. */
  say: (notice: Notice | null) => void;
  /** What a series is that has no pictures; null where nobody knows. */
  insteadOf: (series: Series) => Promise<Notice | null>;
  /** Called where somebody has to sign in first. */
  onRefused: () => void;
}

/** Whoever is not signed in, has not chosen a hospital or has locked the screen does so in the workstation. */
export const REFUSALS = [401, 409, 423];

/** Opens series on the view, one at a time; what is called by the name of a series is never a picture of another. */
export class Opener {
  private stream: SeriesStream | null = null;
  private series: Series | null = null;
  private explained: SeriesStream | null = null;

  constructor(
    private readonly view: Pick<LeanView, 'show' | 'extend' | 'clear'>,
    private readonly around: Around,
  ) {}

  /** Goes on with all images of a series, of which one may be known and on its way by now. */
  open(series: Series, stream: SeriesStream): Promise<void> {
    this.stream?.close();
    this.stream = stream;
    this.series = series;
    if (stream.images.length) this.show(series, stream, 0);
    else this.empty();
    return this.load(series, stream);
  }

  /** The series that was chosen last, whether it is shown yet or not. */
  get chosen(): Series | null {
    return this.series;
  }

  /** Says of a series in which something has no picture what it is, if it is no pictures at all. */
  async explain(): Promise<void> {
    const { stream, series } = this;
    if (!stream || !series || this.explained === stream) return;
    this.explained = stream;
    const notice = (await this.around.insteadOf(series)) ?? (stream.images.length ? null : { key: 'viewer.noPicture' as const });
    if (notice && this.stream === stream) this.around.say(notice);
  }

  private async load(series: Series, stream: SeriesStream): Promise<void> {
    const isBegun = stream.images.length > 0;
    this.around.say(isBegun ? null : { key: 'viewer.loading' });
    try {
      const images = await this.around.fetch(series.uid);
      if (this.stream === stream) this.take(series, stream, images, isBegun);
    } catch (error) {
      if (this.stream === stream) this.fail(error, () => void this.load(series, stream));
    }
  }

  private take(series: Series, stream: SeriesStream, images: readonly Image[], isBegun: boolean): void {
    if (!images.length) {
      this.around.onShown(series);
      void this.explain();
      return;
    }
    if (isBegun) this.view.extend(images);
    else this.show(series, stream, stream.extend(images));
    const note = () => stream.isScrollable && markOnce('lightwell:scrollable');
    stream.subscribe(note);
    note();
  }

  private show(series: Series, stream: SeriesStream, index: number): void {
    this.around.onShown(series);
    this.around.say(null);
    this.view.show(stream, index);
  }

  private empty(): void {
    this.view.clear();
    this.around.onShown(null);
  }

  private fail(error: unknown, retry: () => void): void {
    const status = error instanceof Problem ? error.status : 0;
    if (REFUSALS.includes(status)) this.around.onRefused();
    else this.around.say({ key: 'viewer.seriesFailed', retry });
  }
}

function markOnce(name: string): void {
  if (!performance.getEntriesByName(name).length) performance.mark(name);
}
