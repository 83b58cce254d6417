import type { Image } from '@/lib/dicomweb/images';
import type { SeriesAt } from './frames';
import { machines } from './machines';
import { SeriesStream } from './SeriesStream';

interface Shared {
  stream: SeriesStream;
  users: number;
}

const open = new Map<string, Shared>();

/** A stream that several panes look through, and how one of them leaves it. */
export interface Share {
  stream: SeriesStream;
  /** Returns whether nobody looks through it any more, so that it was closed. */
  leave: () => boolean;
}

/** Opens a series, or joins who has it open: what two panes show is fetched once, around the eye that moved last. */
export function shareStream(series: SeriesAt, images: readonly Image[], eye: number): Share {
  const key = `${series.at.hospital}/${series.at.uid}/${series.seriesUid}`;
  const shared = open.get(key) ?? { stream: new SeriesStream(machines(), series, images, eye), users: 0 };
  shared.users += 1;
  open.set(key, shared);
  return {
    stream: shared.stream,
    leave: () => {
      shared.users -= 1;
      if (shared.users > 0) return false;
      open.delete(key);
      shared.stream.close();
      return true;
    },
  };
}
