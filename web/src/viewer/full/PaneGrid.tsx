import { type CSSProperties, Fragment, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { Links } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { type Area, countOf, type Grid, type Tool } from '../desk/model';
import { isServed } from '../desk/served';
import { AS_IT_CAME, type Handover, type Steered, type ViewState } from '../steering';
import { graphics } from '../stills/graphics';
import { BodyStage } from './BodyStage';
import { findingsOf } from './Findings';
import styles from './FullDesk.module.css';
import { isFollowed, link } from './links';
import { PlanePaneView } from './PlanePaneView';
import type { Presented } from './presenting';
import type { PaneSeries } from './series';
import { StackPaneView } from './StackPaneView';
import { StillPane } from './StillPane';
import type { Group } from './tools';
import type { Overlays } from './useOverlays';

interface Props {
  grid: Grid;
  /** What hangs in each pane; the first is what the page is at. */
  panes: (PaneSeries | null)[];
  overlays: Overlays;
  presented: Presented | null;
  from: Handover | null;
  links: Links;
  tool: Tool;
  /** Draws in the other panes where a pane lies. */
  onLead: (viewportId: string) => void;
  onBlocked: (() => void) | null;
  /** A place of the study that was gone to in the pane in hand. */
  onPlace: (pane: number, place: Place) => void;
  onFocus: (pane: number) => void;
  focus: number;
  onView: (view: Steered | null) => void;
  onAdded: (viewportId: string, group: Group) => void;
}

const idOf = (pane: number) => `pane-${pane}`;

/** Series beside each other: image by image, as planes through their volumes, or as bodies. */
export function PaneGrid({ grid, panes, overlays, presented, from, links, tool, onLead, onBlocked, onPlace, onFocus, focus, onView, onAdded }: Props) {
  const t = useWords();
  const { views, take, takeBody, takeStill } = useViews(onAdded);
  const lead = views.get(idOf(focus)) ?? null;
  // Before the page is painted: keys go to the pane that is seen to be in hand.
  useLayoutEffect(() => {
    onView(lead);
    return () => onView(null);
  }, [onView, lead]);
  useEffect(() => {
    if (!lead || !isFollowed(lead) || views.size < 2) return undefined;
    onLead(idOf(focus));
    return link(lead, [...views.values()].filter(isFollowed).filter((one) => one !== lead), links);
  }, [lead, views, links, onLead, focus]);
  const count = countOf(grid);
  const paneOf = (series: PaneSeries, pane: number) => {
    const { view = 'stack' } = series;
    const isFocused = pane === focus && count > 1;
    const common = { viewportId: idOf(pane), style: areaStyle(grid.areas?.[pane]), series, isFocused, isInHand: pane === focus, onFocus: () => onFocus(pane) };
    if (view === 'stack') {
      return (
        <StackPaneView
          {...common}
          findings={findingsOf(series.at)}
          overlays={overlays}
          presented={presented?.pane === pane ? presented : null}
          from={beginningOf(series, count === 1 ? from : null)}
          onBlocked={onBlocked}
          onPlace={(place) => onPlace(pane, place)}
          onPane={take}
        />
      );
    }
    if (isServed(view, graphics())) return <StillPane {...common} view={view} tool={tool} onPane={takeStill} />;
    if (view === 'volume') return <BodyStage {...common} onPane={takeBody} />;
    return <PlanePaneView {...common} view={view} findings={findingsOf(series.at)} overlays={overlays} onBlocked={onBlocked} onPane={take} />;
  };
  return (
    <div className={styles.grid} style={{ '--rows': grid.rows, '--columns': grid.columns } as CSSProperties}>
      {Array.from({ length: count }, (_, pane) => {
        const series = panes[pane];
        if (!series) return <div key={pane} className={styles.empty} style={areaStyle(grid.areas?.[pane])}>{t('desk.emptyPane')}</div>;
        return <Fragment key={`${pane} ${series.view ?? ''} ${series.seriesUid}`}>{paneOf(series, pane)}</Fragment>;
      })}
    </div>
  );
}

type Views = ReadonlyMap<string, Steered>;

/** What the panes show by now, by their names; each gets the tools of its kind. */
function useViews(onAdded: Props['onAdded']) {
  const [views, setViews] = useState<Views>(new Map());
  const takeStill = useCallback((viewportId: string, view: Steered | null) => {
    setViews((now) => {
      const next = new Map(now);
      if (view) next.set(viewportId, view);
      else next.delete(viewportId);
      return next;
    });
  }, []);
  const taking = useCallback(
    (group: Group) => (viewportId: string, view: Steered | null) => {
      if (view) onAdded(viewportId, group);
      takeStill(viewportId, view);
    },
    [onAdded, takeStill],
  );
  const take = useMemo(() => taking('stacks'), [taking]);
  const takeBody = useMemo(() => taking('volume'), [taking]);
  return { views, take, takeBody, takeStill };
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
