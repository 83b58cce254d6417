import { addressOf } from '@/lib/api/studyAddress';
import type { Wanted } from './Download';
import type { SeriesAt } from './frames';
import type { Lanes } from './Lanes';
import { PackReader, type Preview } from './pack';

/** Fetches the previews of a series, and hands each over as soon as it is whole. */
export async function fetchPreviews(series: SeriesAt, lanes: Lanes, way: Pick<Wanted, 'stop' | 'rank' | 'expected'>, each: (previews: Preview[]) => void): Promise<void> {
  const path = addressOf('/api/studies', series.at, `/series/${series.seriesUid}/previews`);
  const pack = new PackReader();
  await lanes.fetch({ ...way, path, accept: '*/*', onAnswer: () => {}, take: (piece) => each(pack.take(piece)) });
}
