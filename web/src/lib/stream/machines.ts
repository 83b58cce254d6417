import { onLeaving } from '@/lib/leaving';
import { ceilingBytes, PictureCache } from './cache';
import { Decoder } from './decoding';
import { Lanes } from './Lanes';
import { Link } from './link';
import type { Machines } from './SeriesStream';

let started: Machines | null = null;

onLeaving(() => {
  started?.lanes.hangUp();
  started?.cache.clear();
});

/** The decoder, the line and the memory of this page, started when they are first needed. */
export function machines(): Machines {
  started ??= { decoder: new Decoder(), lanes: new Lanes(new Link()), cache: new PictureCache(ceilingBytes()) };
  return started;
}
