import { type CSSProperties, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Place } from '@/lib/api/keyImages';
import { isMeasurable } from '@/lib/geometry/grid';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Absent, EdgeLetters, Values, Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import type { Findings } from './Findings';
import styles from './FullDesk.module.css';
import { OverlayCanvas } from './OverlayCanvas';
import { drawOverlays } from './overlays';
import type { Presented } from './presenting';
import type { PaneSeries } from './series';
import type { Steered, ViewState } from '../steering';
import type { StackPane } from './StackPane';
import type { Overlays } from './useOverlays';
import { useStackPane } from './useStackPane';

interface Props {
  viewportId: string;
  style: CSSProperties;
  series: PaneSeries;
  findings: Findings;
  overlays: Overlays;
  presented: Presented | null;
  from: ViewState;
  isFocused: boolean;
  /** Why nothing can be measured here now; null where it can. */
  onBlocked: (() => void) | null;
  onFocus: () => void;
  onPlace: (place: Place) => void;
  onPane: (viewportId: string, pane: Steered | null) => void;
}

/** A series in a pane of the full viewer. */
export function StackPaneView({ viewportId, style, series, findings, overlays, presented, from, isFocused, onBlocked, onFocus, onPlace, onPane }: Props) {
  const t = useWords();
  const { element, pane, seen, said, error, retry } = useStackPane(viewportId, series, findings, from);
  const { seriesUid } = series;
  useEffect(() => {
    onPane(viewportId, pane);
    return () => onPane(viewportId, null);
  }, [onPane, viewportId, pane]);
  useEffect(() => {
    if (pane && presented) pane.present(presented);
  }, [pane, presented]);
  const { window } = series;
  useEffect(() => {
    if (pane && window) pane.setWindow(window);
  }, [pane, window]);
  const image = seen?.image;
  const latest = useRef(onPlace);
  useLayoutEffect(() => {
    latest.current = onPlace;
  });
  useEffect(() => {
    if (!image) return;
    const place = { seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame };
    said.add(place);
    latest.current(place);
  }, [image, seriesUid, said]);
  const isUnsafe = !seen?.best || seen.best.isPreview;
  const guard = (event: React.PointerEvent | React.MouseEvent) => {
    onFocus();
    if (!onBlocked || !isUnsafe || event.button !== 0) return;
    event.stopPropagation();
    if (event.type === 'mousedown') onBlocked();
  };
  const notes = seen && !isMeasurable(seen.image) ? [t('measure.noSpacing')] : [];
  return (
    <section className={overlay.stage} style={style} aria-label={series.title} data-focused={isFocused} onMouseDownCapture={guard} onTouchStartCapture={onFocus}>
      <div ref={element} className={`${overlay.picture} ${styles.viewport}`} onContextMenu={(event) => event.preventDefault()} />
      <OverlayCanvas over={useOver(pane, overlays)} />
      {error ? (
        <div className={overlay.absent}><ErrorNotice {...problemWords(t, error)} onRetry={retry} /></div>
      ) : (
        <Absent shown={seen} onRetry={() => pane?.retry()} />
      )}
      <p className={overlay.topLeft}>{series.title}</p>
      <Warnings shown={seen} others={notes} />
      {seen?.best && <EdgeLetters edges={seen.edges} />}
      {seen && <Values shown={seen} />}
      {seen && <p className={overlay.bottomRight}>{t('viewer.position', { index: seen.index + 1, total: seen.total })}</p>}
    </section>
  );
}

/** What lies over the image that is really on the glass. */
function useOver(pane: StackPane | null, { list, hidden }: Overlays) {
  return useMemo(() => {
    if (!pane || !list.length) return null;
    const draw = (context: CanvasRenderingContext2D) => {
      const seen = pane.state();
      if (seen?.best && pane.isDrawn) drawOverlays(context, list, hidden, seen.image, (point) => pane.spotOf(point));
    };
    return { draw, onDrawn: (listener: () => void) => pane.onDrawn(listener) };
  }, [pane, list, hidden]);
}
