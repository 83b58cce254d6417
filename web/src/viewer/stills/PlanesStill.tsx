import { useState } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { useKeys } from '@/ui/useKeys';
import { KEYS } from '../desk/keys';
import { DRAGS, type Tool } from '../desk/model';
import panel from '../full/FullDesk.module.css';
import type { PaneSeries } from '../full/series';
import type { Drag } from '../lean/gestures';
import { SlabSettings } from '../planes/SlabSettings';
import { PLANES, THIN } from '../planes/slab';
import type { Steered } from '../steering';
import { PlaneStill } from './PlaneStill';
import { useStillPlanes } from './useStillPlanes';

interface Props {
  series: PaneSeries;
  tool: Tool;
  /** To begin with; null for the one that the series brings. */
  window: Window | null;
  onView: (view: Steered | null) => void;
}

/** A series in three planes that the server cuts, each at a place of its own. */
export default function PlanesStill({ series, tool, window, onView }: Props) {
  const t = useWords();
  const { slab, setSlab, ...planes } = useStillPlanes(window, THIN, onView);
  const [inHand, setInHand] = useState(0);
  useKeys({ [KEYS.hand]: () => setInHand((inHand + 1) % PLANES.length) }, 'first');
  const left: Drag = DRAGS.find((one) => one === tool) ?? 'scroll';
  return (
    <div className={panel.body}>
      <div className={panel.planes}>
        {PLANES.map((plane, at) => (
          <PlaneStill
            key={plane}
            series={series}
            plane={plane}
            slab={slab}
            isFirst={at === 0}
            isInHand={at === inHand}
            onHand={() => setInHand(at)}
            left={left}
            title={t(`volume.plane.${plane}`)}
            {...planes}
          />
        ))}
      </div>
      <SlabSettings slab={slab} onChange={setSlab} />
    </div>
  );
}
