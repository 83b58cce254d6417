import type { StudyAt } from '@/lib/api/studyAddress';
import type { Place } from '@/lib/api/keyImages';
import type { Window } from '@/lib/dicomweb/images';
import type { PaneView } from '@/lib/hanging/types';

/** A series that a pane shows, and what stands over it. */
export interface PaneSeries {
  at: StudyAt;
  seriesUid: string;
  modality: string;
  title: string;
  /** Where to begin; null for the first image. */
  place: Place | null;
  /** The window to begin with; without one, the image's own. */
  window?: Window | null;
  /** Image by image, or as a plane or body of its volume; without it, image by image. */
  view?: PaneView;
}
