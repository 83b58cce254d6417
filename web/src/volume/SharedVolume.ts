import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { type Refusal, type Stacking, stackingOf } from '@/lib/geometry/stacking';
import { ceilingBytes } from '@/lib/stream/cache';
import { shareStream } from '@/lib/stream/shared';
import type { Assembled } from './Assembled';
import { assemble, volumeBytes } from './assemble';
import { previewSlices, wholeSlices } from './gathering';

export type VolumeRefusal = Refusal | 'large';

/** How far a volume is. */
export interface VolumeProgress {
  volume: Assembled | null;
  /** Why there will be none. */
  refusal: VolumeRefusal | null;
  /** How many images are here without loss. */
  count: number;
  total: number;
  error: Error | null;
}

/** A series that is being put together: of its previews first, where they are quicker, then of the images themselves. */
class SharedVolume {
  users = 0;
  readonly bytes: number;
  private progress: VolumeProgress;
  private readonly listeners = new Set<() => void>();
  private readonly stop = new AbortController();

  constructor(at: StudyAt, seriesUid: string, images: readonly Image[], index: number) {
    const stacking = stackingOf(images);
    const bytes = typeof stacking === 'string' ? 0 : volumeBytes(stacking, images[0] as Image);
    const isLarge = bytes + heldBytes() > ceilingBytes();
    this.bytes = isLarge ? 0 : bytes;
    const refusal = typeof stacking === 'string' ? stacking : isLarge ? 'large' : null;
    this.progress = { volume: null, refusal, count: 0, total: images.length, error: null };
    if (typeof stacking !== 'string' && !isLarge) this.gather(at, seriesUid, images, index, stacking);
  }

  now = (): VolumeProgress => this.progress;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  close(): void {
    this.stop.abort();
    this.listeners.clear();
  }

  private gather(at: StudyAt, seriesUid: string, images: readonly Image[], index: number, stacking: Stacking): void {
    const { signal } = this.stop;
    const { stream, leave } = shareStream({ at, seriesUid }, images, index);
    signal.addEventListener('abort', leave);
    void previewSlices(stream, signal)
      .then((slices) => assemble(stacking, images, slices, true))
      .then((volume) => this.progress.volume ?? this.change({ volume }))
      .catch(() => {}); // without previews the images themselves come all the same
    void wholeSlices(stream, signal, (count) => this.change({ count }))
      .then((slices) => assemble(stacking, images, slices, false))
      .then((volume) => this.change({ volume }))
      .catch((error: Error) => this.change({ error }));
  }

  private change(some: Partial<VolumeProgress>): void {
    if (this.stop.signal.aborted) return;
    this.progress = { ...this.progress, ...some };
    for (const listener of this.listeners) listener();
  }
}

const open = new Map<readonly Image[], SharedVolume>();

const heldBytes = () => [...open.values()].reduce((sum, { bytes }) => sum + bytes, 0);

/** Has a series put together, or joins who looks at it already: a volume is made once for all panes that cut it. */
export function shareVolume(at: StudyAt, seriesUid: string, images: readonly Image[], index: number) {
  const volume = open.get(images) ?? new SharedVolume(at, seriesUid, images, index);
  open.set(images, volume);
  volume.users += 1;
  const leave = () => {
    volume.users -= 1;
    if (volume.users > 0) return;
    open.delete(images);
    volume.close();
  };
  return { volume, leave };
}
