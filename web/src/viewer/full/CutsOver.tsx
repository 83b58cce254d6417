import { useMemo } from 'react';
import type { Image } from '@/lib/dicomweb/images';
import type { Assembled } from '@/volume/Assembled';
import { drawCuts, type Solid, solidOf } from './cuts';
import { OverlayCanvas } from './OverlayCanvas';
import type { PlaneGlass } from './PlaneGlass';
import type { Overlays } from './useOverlays';

/** What others drew over the series, to be cut by its planes; how an image was shown belongs to that image alone. */
export function useSolids({ list }: Overlays, images: readonly Image[], volume: Assembled | null): Solid[] {
  const stacking = volume?.stacking;
  return useMemo(() => {
    if (!stacking) return [];
    return list.filter(({ parts }) => parts.length > 0).map((one) => solidOf(one, images, stacking));
  }, [list, images, stacking]);
}

interface Props {
  /** Null until there is something to cut. */
  glass: PlaneGlass | null;
  solids: Solid[];
  hidden: ReadonlySet<string>;
}

/** What a plane cuts of all that lies over its series. */
export function CutsOver({ glass, solids, hidden }: Props) {
  const over = useMemo(() => {
    if (!glass || !solids.length) return null;
    const draw = (context: CanvasRenderingContext2D) => drawCuts(context, solids, hidden, glass.glass(), (point) => glass.spotOf(point));
    return { draw, onDrawn: (listener: () => void) => glass.onDrawn(listener) };
  }, [glass, solids, hidden]);
  return <OverlayCanvas over={over} />;
}
