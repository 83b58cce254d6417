import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { hangingProtocolsQuery } from '@/lib/api/hanging';
import type { Image } from '@/lib/dicomweb/images';
import { imagesQuery } from '@/lib/dicomweb/queries';
import { type HangingProtocol, type HungPane, layOut, protocolsFor, type Stage, type StudyFacts, usableStages } from '@/lib/hanging';
import { type Hangable, type Hung, hungOf } from './facts';

/** A study with what can hang of it; the first is the one that is read. */
export interface HangingStudy {
  uid: string;
  date: string;
  description: string;
  hangables: Omit<Hangable, 'images'>[];
}

/** A stage laid out: what hangs where. */
export interface LaidOut {
  protocol: HangingProtocol;
  stage: Stage;
  place: number;
  count: number;
  panes: { hung: HungPane; what: Hung | null }[];
}

const NONE: never[] = [];
const NO_PROTOCOLS: HangingProtocol[] = [];
/** Of more the images are not asked for: a pane that wants a plane or a side finds none of them. */
const MOST_SERIES = 100;

/** Kept as long as nothing of it changes: a stage is hung once, not whenever the page is drawn. */
function together(results: { data?: Image[] | undefined; isPending: boolean }[]) {
  return { isPending: results.some((one) => one.isPending), images: results.map(({ data }) => data ?? null) };
}

/** The studies with the images of their series, as far as they are asked for. */
function useImages(studies: HangingStudy[], isWanted: boolean): Hangable[][] | null {
  const all = useMemo(() => studies.flatMap(({ hangables }) => hangables).slice(0, MOST_SERIES), [studies]);
  const queries = all.map(({ series }) => ({ ...imagesQuery(series.at, series.seriesUid), enabled: isWanted }));
  const { isPending, images: found } = useQueries({ queries, combine: together });
  return useMemo(() => {
    if (!isWanted || isPending) return null;
    const images = new Map(all.map(({ series }, place) => [series.seriesUid, found[place] ?? NONE]));
    return studies.map(({ hangables }) => hangables.map((one) => ({ ...one, images: images.get(one.series.seriesUid) ?? NONE })));
  }, [studies, all, found, isPending, isWanted]);
}

interface Wish {
  id: string | null;
  stage: number;
}

const FIRST: Wish = { id: null, stage: 0 };

/**
 * The hanging protocols of a study and the stage that is hung. What somebody made, or the hospital, hangs by itself;
 * what came with the house waits to be asked for.
 */
export function useHanging(studies: HangingStudy[]) {
  const { data: protocols = NO_PROTOCOLS } = useQuery(hangingProtocolsQuery);
  const [asked, setAsked] = useState<Wish | null | undefined>(undefined);
  const hasOwn = protocols.some(({ owner }) => owner !== 'built-in');
  const wish = asked === undefined && hasOwn ? FIRST : (asked ?? null);
  const hangables = useImages(studies, wish !== null);
  const leftOut = Math.max(0, studies.flatMap((study) => study.hangables).length - MOST_SERIES);
  return useMemo(() => {
    const hungs = hangables?.map(hungOf) ?? [];
    const facts: StudyFacts[] = studies.map(({ uid, date, description }, place) => ({ uid, date, description, series: (hungs[place] ?? NONE).map((one) => one.facts) }));
    const [current, ...priors] = facts;
    const known = asked === undefined ? protocols.filter(({ owner }) => owner !== 'built-in') : protocols;
    const fitting = hangables && current ? protocolsFor(known, current, priors) : NO_PROTOCOLS;
    const protocol = fitting.find(({ id }) => id === wish?.id) ?? fitting[0] ?? null;
    const stages = protocol && current ? usableStages(protocol, current, priors) : NONE;
    const isHung = wish !== null && fitting.length > 0;
    const go = (by: number) => setAsked({ id: wish?.id ?? null, stage: isHung ? wish.stage + by : 0 });
    return {
      fitting,
      laidOut: wish && protocol && current && stages.length ? lay(protocol, stages, wish.stage, current, priors, hungs) : null,
      leftOut,
      isWaiting: wish !== null && asked !== undefined && !hangables,
      next: () => go(1),
      previous: () => go(-1),
      choose: (id: string) => setAsked({ id, stage: 0 }),
      takeDown: () => setAsked(null),
    };
  }, [protocols, studies, hangables, leftOut, wish, asked]);
}

function lay(protocol: HangingProtocol, stages: HangingProtocol['stages'], wished: number, current: StudyFacts, priors: StudyFacts[], hungs: Hung[][]): LaidOut | null {
  const place = ((wished % stages.length) + stages.length) % stages.length;
  const stage = stages[place];
  if (!stage) return null;
  const every = hungs.flat();
  const panes = layOut(stage, current, priors).map((hung) => ({ hung, what: every.find(({ facts }) => facts === hung.series) ?? null }));
  return { protocol, stage, place, count: stages.length, panes };
}

export type Hanging = ReturnType<typeof useHanging>;
