import type { SeriesFacts, StudyFacts } from './facts';
import { picked } from './picking';
import type { HangingProtocol, Pane, Stage } from './types';

/**
 * Why nothing hangs in a pane: there is no such prior; nothing is what the pane asks for; what fits hangs in another
 * pane already.
 */
export type Emptiness = 'no_prior' | 'nothing_fits' | 'hangs_already';

export interface HungPane {
  pane: Pane;
  /** The study that the pane looks at: the one that is read, or a prior. */
  study: StudyFacts | null;
  series: SeriesFacts | null;
  emptiness: Emptiness | null;
}

/** The newest prior first; of one day as they came. */
function newestFirst(priors: StudyFacts[]): StudyFacts[] {
  return [...priors].sort((one, other) => (other.date ?? '').localeCompare(one.date ?? ''));
}

/** A pane with all that could hang in it, the best first. */
interface Wanting {
  pane: Pane;
  study: StudyFacts | null;
  fitting: SeriesFacts[];
}

function wanting(pane: Pane, studies: StudyFacts[]): Wanting {
  const study = studies[pane.prior ?? 0] ?? null;
  const fitting = study ? pane.picks.flatMap((pick) => picked(pick, study.series)) : [];
  return { pane, study, fitting: [...new Set(fitting)] };
}

/**
 * Gives each series to one pane at most, to the first that wants it; an earlier pane makes way with its next best where
 * a later one would be left empty (augmenting paths, as in every matching of two sides).
 */
function assigned(all: Wanting[]): Map<SeriesFacts, Wanting> {
  const holder = new Map<SeriesFacts, Wanting>();
  const place = (one: Wanting, tried: Set<SeriesFacts>): boolean =>
    one.fitting.some((series) => {
      if (tried.has(series)) return false;
      tried.add(series);
      const other = holder.get(series);
      if (other && !place(other, tried)) return false;
      holder.set(series, one);
      return true;
    });
  for (const one of all) {
    const free = one.fitting.find((series) => !holder.has(series));
    if (free) holder.set(free, one);
    else place(one, new Set());
  }
  return holder;
}

function emptiness({ study, fitting }: Wanting): Emptiness {
  if (!study) return 'no_prior';
  return fitting.length ? 'hangs_already' : 'nothing_fits';
}

/** Lays out a stage: each pane has the first series that one of its picks fits, and no series hangs twice unasked. */
export function layOut(stage: Stage, current: StudyFacts, priors: StudyFacts[] = []): HungPane[] {
  const studies = [current, ...newestFirst(priors)];
  const all = stage.panes.map((pane) => wanting(pane, studies));
  const holder = assigned(all.filter(({ pane }) => !pane.again));
  const given = new Map([...holder].map(([series, one]) => [one, series]));
  return all.map((one) => {
    const series = (one.pane.again ? one.fitting[0] : given.get(one)) ?? null;
    return { pane: one.pane, study: one.study, series, emptiness: series ? null : emptiness(one) };
  });
}

/** How much of a stage is filled, from 0 to 1. */
export function filled(panes: HungPane[]): number {
  return panes.length ? panes.filter((one) => one.series).length / panes.length : 0;
}

/** The stages in which something hangs; those of priors fall away where there are none. */
export function usableStages(protocol: HangingProtocol, current: StudyFacts, priors: StudyFacts[] = []): Stage[] {
  const needed = (stage: Stage) => Math.max(0, ...stage.panes.map((pane) => pane.prior ?? 0));
  return protocol.stages.filter((stage) => needed(stage) <= priors.length && filled(layOut(stage, current, priors)) > 0);
}
