import type { Types } from '@cornerstonejs/tools';
import { type CSSProperties, type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { PresentedImage } from '@/lib/api/presentations';
import type { Place } from '@/lib/api/keyImages';
import type { Links } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { type Area, countOf, type Grid } from '../desk/model';
import type { Findings } from './Findings';
import styles from './FullDesk.module.css';
import { link } from './links';
import type { PaneSeries } from './series';
import { AS_IT_CAME, type Handover, type ViewState } from '../steering';
import type { StackPane } from './StackPane';
import { showReferenceLines } from './tools';
import { StackPaneView } from './StackPaneView';
import type { Overlays } from './useOverlays';

interface Props {
  grid: Grid;
  /** What hangs in each pane; the first is what the page is at. */
  panes: (PaneSeries | null)[];
  findings: Findings;
  overlays: Overlays;
  /** How an image is to be shown, by a presentation state. */
  presented: PresentedImage | null;
  from: Handover | null;
  links: Links;
  group: RefObject<Types.IToolGroup | null>;
  onBlocked: (() => void) | null;
  /** A place of the study that was gone to in the pane in hand. */
  onPlace: (pane: number, place: Place) => void;
  onFocus: (pane: number) => void;
  focus: number;
  onView: (view: StackPane | null) => void;
  onAdded: (viewportId: string) => void;
}

const idOf = (pane: number) => `stack-${pane}`;

/** Series beside each other, image by image. */
export function StackGrid({ grid, panes, findings, overlays, presented, from, links, group, onBlocked, onPlace, onFocus, focus, onView, onAdded }: Props) {
  const t = useWords();
  const [views, setViews] = useState<ReadonlyMap<string, StackPane>>(new Map());
  const take = useCallback(
    (viewportId: string, pane: StackPane | null) => {
      if (pane) onAdded(viewportId);
      setViews((now) => {
        const next = new Map(now);
        if (pane) next.set(viewportId, pane);
        else next.delete(viewportId);
        return next;
      });
    },
    [onAdded],
  );
  const lead = views.get(idOf(focus)) ?? null;
  // Before the page is painted: keys go to the pane that is seen to be in hand.
  useLayoutEffect(() => {
    onView(lead);
    return () => onView(null);
  }, [onView, lead]);
  useEffect(() => {
    if (!lead || views.size < 2) return undefined;
    if (group.current) showReferenceLines(group.current, idOf(focus));
    return link(lead, [...views.values()].filter((one) => one !== lead), links);
  }, [lead, views, links, group, focus]);
  const count = countOf(grid);
  return (
    <div className={styles.grid} style={{ '--rows': grid.rows, '--columns': grid.columns } as CSSProperties}>
      {Array.from({ length: count }, (_, pane) => {
        const series = panes[pane];
        const style = areaStyle(grid.areas?.[pane]);
        if (!series) return <div key={pane} className={styles.empty} style={style}>{t('desk.emptyPane')}</div>;
        return (
          <StackPaneView
            key={`${pane} ${series.seriesUid}`}
            style={style}
            viewportId={idOf(pane)}
            series={series}
            findings={findings}
            overlays={overlays}
            presented={pane === focus && presented?.series_instance_uid === series.seriesUid ? presented : null}
            from={beginningOf(series, count === 1 ? from : null)}
            isFocused={pane === focus}
            isAlone={count === 1}
            onBlocked={onBlocked}
            onFocus={() => onFocus(pane)}
            onPlace={(place) => onPlace(pane, place)}
            onPane={take}
          />
        );
      })}
    </div>
  );
}

/** A series goes on as it was seen before, or begins with the window of its stage. */
function beginningOf({ seriesUid, window }: PaneSeries, from: Handover | null): ViewState {
  return from?.seriesUid === seriesUid ? from : { ...AS_IT_CAME, window: window ?? null };
}

function areaStyle(area: Area | undefined): CSSProperties {
  if (!area) return { '--area': 'auto' } as CSSProperties;
  const { row, column, rowSpan = 1, columnSpan = 1 } = area;
  return { '--area': `${row + 1} / ${column + 1} / span ${rowSpan} / span ${columnSpan}` } as CSSProperties;
}
