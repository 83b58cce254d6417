import { useEffect, useRef } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { Window } from '@/lib/dicomweb/images';
import type { Pane, PaneView } from '@/lib/hanging';
import type { PaneSeries } from '../full/series';
import type { Hanging, LaidOut } from '../hanging/useHanging';
import { presetsOf } from '../lean/presets';
import type { Mode } from './model';
import type { DeskState } from './useDesk';
import type { HungPanes } from './useHung';

/** What hangs in a pane, and how. */
export interface Shown {
  view: PaneView;
  /** Null where nothing hangs. */
  seriesUid: string | null;
}

const isPlane = (view: PaneView) => view !== 'stack' && view !== 'volume';

/**
 * A stage of one series in planes is looked at with crosshairs, one of a single body fills the desk with it. Any other
 * is a grid whose panes show images, planes and bodies side by side.
 */
export function modeOf(panes: readonly Shown[]): Mode {
  const series = new Set(panes.map(({ seriesUid }) => seriesUid).filter(Boolean));
  if (panes.length === 1 && panes[0]?.view === 'volume') return 'body';
  const areCrossed = panes.length === 1 || !panes.some(({ view }) => view === 'mip');
  return series.size === 1 && areCrossed && panes.every(({ view }) => isPlane(view)) ? 'planes' : 'stack';
}

function windowOf({ window }: Pane, { modality }: PaneSeries): Window | null {
  if (typeof window !== 'string') return window ?? null;
  return presetsOf(modality).find(({ name }) => name === window)?.window ?? null;
}

const beginning = ({ place, seriesUid }: PaneSeries): Place => place ?? { seriesUid, sopInstanceUid: '', frame: 1 };

/** Whether the page has to go there: what is looked at already stays where it is, at its key image say. */
const isElsewhere = ({ seriesUid, place }: PaneSeries, lead: PaneSeries) => place !== null || seriesUid !== lead.seriesUid;

/** What tells one hanging from another: a stage is hung once, however often it is worked out anew. */
function keyOf(laidOut: LaidOut | null): string {
  if (!laidOut) return '';
  const panes = laidOut.panes.map(({ what }) => what?.facts.uid ?? '');
  return [laidOut.protocol.id, laidOut.place, ...panes].join(' ');
}

/** Hangs the stage that was asked for, once what hangs of the study is known. */
export function useStages({ laidOut }: Hanging, desk: DeskState, hung: HungPanes, lead: PaneSeries, onGo: (place: Place) => void): void {
  const studyUid = lead.at.uid;
  const key = keyOf(laidOut);
  const latest = useRef({ laidOut, desk, hung, lead, onGo });
  useEffect(() => {
    latest.current = { laidOut, desk, hung, lead, onGo };
  });
  useEffect(() => {
    const now = latest.current;
    if (!key || !now.laidOut) return;
    const { panes, stage } = now.laidOut;
    const series = panes.map(({ what, hung: { pane } }) => what && { ...what.series, window: windowOf(pane, what.series), view: pane.view });
    const ofStudy = series.map((one) => (one?.at.uid === studyUid ? one : null));
    const firstStack = ofStudy.findIndex((one) => one?.view === 'stack');
    const leadAt = Math.max(0, firstStack < 0 ? ofStudy.findIndex(Boolean) : firstStack);
    const { rows, columns } = stage;
    now.desk.hang({ rows, columns, areas: panes.map(({ hung: { pane } }) => pane) }, modeOf(panes.map(({ what, hung: { pane } }) => ({ view: pane.view, seriesUid: what?.series.seriesUid ?? null }))), stage.links);
    now.hung.hangAll(series, leadAt);
    const first = series[leadAt];
    if (first && first.at.uid === studyUid && isElsewhere(first, now.lead)) now.onGo(beginning(first));
  }, [key, studyUid]);
}
