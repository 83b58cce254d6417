import { useEffect, useRef } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { Window } from '@/lib/dicomweb/images';
import type { Pane } from '@/lib/hanging';
import type { PaneSeries } from '../full/series';
import type { Hanging, LaidOut } from '../hanging/useHanging';
import { presetsOf } from '../lean/presets';
import type { Mode } from './model';
import type { DeskState } from './useDesk';
import type { HungPanes } from './useHung';

const PLANES: ReadonlySet<Pane['view']> = new Set(['axial', 'coronal', 'sagittal', 'mip']);

/** A stage of planes is looked at as planes of its series, one of bodies as a body. */
function modeOf({ panes }: LaidOut): Mode {
  if (panes.some(({ hung }) => PLANES.has(hung.pane.view))) return 'planes';
  return panes.some(({ hung }) => hung.pane.view === 'volume') ? 'body' : 'stack';
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
    const series = panes.map(({ what, hung: { pane } }) => what && { ...what.series, window: windowOf(pane, what.series) });
    const leadAt = Math.max(0, series.findIndex((one) => one?.at.uid === studyUid));
    const { rows, columns } = stage;
    now.desk.hang({ rows, columns, areas: panes.map(({ hung: { pane } }) => pane) }, modeOf(now.laidOut), stage.links);
    now.hung.hangAll(series, leadAt);
    const first = series[leadAt];
    if (first && first.at.uid === studyUid && isElsewhere(first, now.lead)) now.onGo(beginning(first));
  }, [key, studyUid]);
}
