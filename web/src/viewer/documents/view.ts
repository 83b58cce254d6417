import type { Place } from '@/lib/api/keyImages';
import type { SeriesDocument } from '@/lib/dicomweb/documents';
import type { PaneSeries } from '../full/series';

/** What each way of showing a document is given. */
export interface DocumentProps {
  series: PaneSeries;
  document: SeriesDocument;
  /** Goes to an image of the study. */
  onGo: (place: Place) => void;
}
