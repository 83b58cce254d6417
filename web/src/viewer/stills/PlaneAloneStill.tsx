import type { Image, Window } from '@/lib/dicomweb/images';
import { DRAGS, type Tool } from '../desk/model';
import type { PaneSeries } from '../full/series';
import { SlabSettings } from '../planes/SlabSettings';
import { BRIGHTEST, type PlaneName, THIN } from '../planes/slab';
import type { Steered } from '../steering';
import { PlaneStill } from './PlaneStill';
import { useStillPlanes } from './useStillPlanes';

interface Props {
  series: PaneSeries;
  plane: PlaneName;
  images: readonly Image[];
  /** Whether it shows the largest values of a slab. */
  isBrightest: boolean;
  /** Whether keys are for it. */
  isInHand: boolean;
  title: string;
  tool: Tool;
  /** To begin with; null for the one that the series brings. */
  window: Window | null;
  onView: (view: Steered | null) => void;
}

/** One plane of a series that the server cuts, in a pane of its own. */
export default function PlaneAloneStill({ series, plane, images, isBrightest, isInHand, title, tool, window, onView }: Props) {
  const { slab, setSlab, ...planes } = useStillPlanes(window, isBrightest ? BRIGHTEST : THIN, onView, { plane, modality: series.modality, images });
  const left = DRAGS.find((one) => one === tool) ?? 'scroll';
  return (
    <>
      <PlaneStill series={series} plane={plane} slab={slab} isFirst isInHand left={left} title={title} {...planes} />
      {isBrightest && <SlabSettings slab={slab} isInHand={isInHand} onChange={setSlab} />}
    </>
  );
}
