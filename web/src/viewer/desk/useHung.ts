import { useMemo, useRef, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { PaneSeries } from '../full/series';
import { countOf, type Grid } from './model';

type Kept = Record<number, PaneSeries>;

/**
 * What hangs in the panes. One of them, `lead`, is what the page is at; the hand may be in another one (`focus`), as
 * where a prior of another study hangs, or a plane. `onGo` takes the page along when the hand goes to another series of its study.
 */
export function useHung(lead: PaneSeries, every: PaneSeries[], grid: Grid, onGo: (place: Place) => void) {
  const [kept, setKept] = useState<Kept>({});
  const [leadAt, setLeadAt] = useState(0);
  const [focus, setFocus] = useState(0);
  const places = useRef<Record<number, Place>>({});
  const count = countOf(grid);
  const isExact = grid.areas !== undefined; // what a stage leaves empty stays empty
  const at = Math.min(leadAt, count - 1);
  const inHand = Math.min(focus, count - 1);
  const panes = useMemo(() => {
    const chosen = Array.from({ length: count }, (_, pane) => (pane === at ? leading(kept[pane], lead) : (kept[pane] ?? null)));
    return isExact ? chosen : filled(chosen.map(imageByImage), every);
  }, [kept, lead, at, count, isExact, every]);

  function take(pane: number): void {
    if (pane === inHand) return;
    setFocus(pane);
    const next = panes[pane];
    if (!next || next.at.uid !== lead.at.uid || !isStack(next)) return;
    setKept({ ...Object.fromEntries(panes.flatMap((one, place) => (one ? [[place, one]] : []))), [at]: lead });
    setLeadAt(pane);
    const there = places.current[pane];
    onGo(there?.seriesUid === next.seriesUid ? there : { seriesUid: next.seriesUid, sopInstanceUid: '', frame: 1 });
  }

  /** Notes where a pane is, whoever moved it. */
  function note(pane: number, place: Place): void {
    places.current[pane] = place;
    if (pane === at && pane === inHand) onGo(place);
  }

  /** Hangs a whole stage. */
  function hangAll(all: (PaneSeries | null)[], nextLead: number): void {
    setKept(Object.fromEntries(all.flatMap((one, pane) => (one ? [[pane, one]] : []))));
    setLeadAt(nextLead);
    setFocus(nextLead);
  }

  /** Hangs one beside what is looked at. */
  function hangBeside(series: PaneSeries): void {
    setKept({ 1: series });
    setLeadAt(0);
    setFocus(0);
  }

  return { panes, focus: inHand, take, note, hangAll, hangBeside };
}

export type HungPanes = ReturnType<typeof useHung>;

/** The series that the page is at; what a stage says of a pane goes with the series that it was meant for. */
function leading(kept: PaneSeries | undefined, lead: PaneSeries): PaneSeries {
  return kept?.seriesUid === lead.seriesUid ? { ...kept, ...lead } : lead;
}

/** Whether a pane shows images one by one: the page is at one of them. */
const isStack = ({ view = 'stack' }: PaneSeries) => view === 'stack';

/** Planes and bodies hang in stages only. */
function imageByImage(series: PaneSeries | null): PaneSeries | null {
  return series && !isStack(series) ? { ...series, view: 'stack' } : series;
}

/** Panes that nobody hung anything in take the series that are not seen yet, in their order. */
function filled(panes: (PaneSeries | null)[], every: PaneSeries[]): (PaneSeries | null)[] {
  const free = every.filter((one) => !panes.some((pane) => pane?.seriesUid === one.seriesUid));
  return panes.map((pane) => pane ?? free.shift() ?? null);
}
