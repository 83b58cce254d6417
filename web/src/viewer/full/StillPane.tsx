import { type CSSProperties, lazy, Suspense, useCallback } from 'react';
import { useWords } from '@/lib/i18n';
import type { PaneView } from '@/lib/hanging/types';
import { Wait } from '@/ui/Wait';
import type { Tool } from '../desk/model';
import overlay from '../overlay/Overlay.module.css';
import type { PlaneName } from '../planes/slab';
import type { Steered } from '../steering';
import styles from './FullDesk.module.css';
import type { PaneSeries } from './series';
import { useSeriesImages } from './useSeriesImages';

const BodyStill = lazy(() => import('../stills/BodyStill'));
const PlaneAloneStill = lazy(() => import('../stills/PlaneAloneStill'));

interface Props {
  viewportId: string;
  style: CSSProperties;
  series: PaneSeries;
  view: Exclude<PaneView, 'stack'>;
  tool: Tool;
  isFocused: boolean;
  /** Whether keys are for it. */
  isInHand: boolean;
  onFocus: () => void;
  onPane: (viewportId: string, view: Steered | null) => void;
}

/** A pane of what the server draws, on machines that cannot draw it themselves. */
export function StillPane({ viewportId, style, series, view, tool, isFocused, isInHand, onFocus, onPane }: Props) {
  const t = useWords();
  const { images, index } = useSeriesImages(series);
  const onView = useCallback((steered: Steered | null) => onPane(viewportId, steered), [onPane, viewportId]);
  const window = series.window ?? images[index]?.format.window ?? null;
  return (
    <div className={styles.body} style={style} data-focused={isFocused} onPointerDownCapture={onFocus}>
      <Suspense fallback={<div className={overlay.absent}><Wait what={t('wait.loading')} /></div>}>
        {view === 'volume' ? (
          <BodyStill series={series} tool={tool} isInHand={isInHand} onView={onView} />
        ) : (
          <PlaneAloneStill series={series} plane={planeOf(view)} images={images} isBrightest={view === 'mip'} isInHand={isInHand} title={`${series.title} · ${t(`hanging.view.${view}`)}`} tool={tool} window={window} onView={onView} />
        )}
      </Suspense>
    </div>
  );
}

const planeOf = (view: PlaneName | 'mip'): PlaneName => (view === 'mip' ? 'axial' : view);
