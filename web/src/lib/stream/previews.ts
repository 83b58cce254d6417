import { send } from '@/lib/api/http';
import { addressOf } from '@/lib/api/studyAddress';
import { read, type SeriesAt } from './frames';
import type { Link } from './link';
import { PackReader, type Preview } from './pack';

/** Fetches the previews of a series, and hands each over as soon as it is whole. */
export async function fetchPreviews(series: SeriesAt, link: Link, stop: AbortController, each: (previews: Preview[]) => void): Promise<void> {
  const path = addressOf('/api/studies', series.at, `/series/${series.seriesUid}/previews`);
  const response = await send(path, { signal: stop.signal });
  const pack = new PackReader();
  await read(response, link, stop, (piece) => each(pack.take(piece)));
}
