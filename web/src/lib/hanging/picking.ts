import type { SeriesFacts } from './facts';
import type { Pick, Prefer } from './types';

const folded = (text: string | undefined): string => (text ?? '').trim().toLowerCase();
const isSame = (one: string | undefined, other: string): boolean => folded(one) === folded(other);
const LAST = Number.MAX_SAFE_INTEGER;

/** From this length on the beginning of a word says enough: "arter" is in "Arterial". */
const LONG = 4;

/** Words of letters begin where they stand ("T1" is in "T1W" and not in "MPRT12"); hanzi have no spaces between them. */
function holdsWord(text: string, word: string): boolean {
  const wanted = folded(word);
  if (!/^[a-z0-9]+$/.test(wanted)) return folded(text).includes(wanted);
  const ends = /\d$/.test(wanted) ? '(?!\\d)' : wanted.length < LONG ? '(?![a-z])' : '';
  return new RegExp(`(?<![a-z0-9])${wanted}${ends}`).test(folded(text));
}

/** Whether a series description speaks of one of the words. */
export function speaksOf(description: string | undefined, words: string[]): boolean {
  return words.some((word) => holdsWord(description ?? '', word));
}

/** Whether a series is what a pane asks for; what it does not say fits nothing that is asked of it. */
export function fits(pick: Pick, series: SeriesFacts): boolean {
  return (
    (!pick.modality || isSame(series.modality, pick.modality)) &&
    (!pick.description_contains?.length || speaksOf(series.description, pick.description_contains)) &&
    (!pick.body_part || isSame(series.bodyPart, pick.body_part)) &&
    (!pick.laterality || isSame(series.laterality, pick.laterality)) &&
    (!pick.plane || series.plane === pick.plane) &&
    (!pick.view_position?.length || pick.view_position.some((view) => isSame(series.viewPosition, view)))
  );
}

/** By what the better of two comes first; whoever does not say comes last. */
const RANK: Record<Prefer, (series: SeriesFacts) => number | string> = {
  most_images: (series) => -(series.imageCount ?? 0),
  thinnest: (series) => series.sliceThicknessMm ?? LAST,
  newest: (series) => -Number((series.acquiredAt ?? '').padEnd(14, '0') || 0),
};

/** The series of a study as a reader would go through them: by number, then as they came. */
function inOrder(one: SeriesFacts, other: SeriesFacts): number {
  return (one.number ?? LAST) - (other.number ?? LAST);
}

/** Those that fit, the best first. */
export function picked(pick: Pick, series: SeriesFacts[]): SeriesFacts[] {
  const fitting = series.filter((one) => fits(pick, one)).sort(inOrder);
  if (!pick.prefer) return fitting;
  const rank = RANK[pick.prefer];
  return fitting.sort((one, other) => Number(rank(one)) - Number(rank(other)));
}
