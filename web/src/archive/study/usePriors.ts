import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { shownDate } from '@/lib/dicomweb/dates';
import { priorsQuery, seriesQuery } from '@/lib/dicomweb/queries';
import type { Series, Study } from '@/lib/dicomweb/studies';
import { type TFunction, useWords } from '@/lib/i18n';
import { mostAlike } from '@/viewer/hanging/facts';
import type { HangingStudy } from '@/viewer/hanging/useHanging';
import { seriesTitle } from './SeriesList';
import { toLookAt } from './usePlace';

const NONE: never[] = [];

/** A study as it can be hung; the titles of a prior say when it was made. */
export function hangingStudy(t: TFunction, study: Study, at: StudyAt, series: Series[], isPrior: boolean): HangingStudy {
  const when = isPrior ? `${shownDate(study.date)}  ` : '';
  const hangables = toLookAt(series).map((one) => ({
    series: { at, seriesUid: one.uid, modality: one.modality, title: when + seriesTitle(t, one), place: null },
    number: one.number,
    description: one.description,
    bodyPart: one.bodyPart,
    imageCount: one.imageCount,
  }));
  return { uid: study.uid, date: study.date, description: study.description, hangables };
}

/** Whether a study that has the same number is of somebody else after all: numbers are given twice sometimes. */
export function isOtherPatient(study: Study, other: Study): boolean {
  const differs = (one: string, two: string) => one !== '' && two !== '' && one !== two;
  return differs(study.birthDate, other.birthDate) || differs(study.sex, other.sex) || differs(study.name.main, other.name.main);
}

/** The earlier examinations of a patient, and the one that is compared with. */
export function usePriors(study: Study, current: Series | null) {
  const t = useWords();
  const { data: list = NONE } = useQuery(priorsQuery(study));
  const [choice, setChoice] = useState<{ uid: string; like: Series | null } | null>(null);
  const chosen = list.find((one) => one.uid === choice?.uid) ?? null;
  const at = useMemo(() => ({ uid: chosen?.uid ?? '', hospital: chosen?.hospitalCode ?? '' }), [chosen]);
  const { data: series = NONE } = useQuery({ ...seriesQuery(at), enabled: chosen !== null });
  const hanging = useMemo(() => (chosen && series.length ? hangingStudy(t, chosen, at, series, true) : null), [t, chosen, at, series]);
  const beside = useMemo(() => (hanging ? (mostAlike(choice?.like ?? null, hanging.hangables)?.series ?? null) : null), [hanging, choice]);
  const other = chosen && isOtherPatient(study, chosen) ? chosen : null;
  return { list, chosen, choose: (uid: string) => setChoice({ uid, like: current }), hanging, beside, other };
}

export type Priors = ReturnType<typeof usePriors>;
