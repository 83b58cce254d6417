import type { StudyFacts } from './facts';
import { speaksOf } from './picking';
import type { HangingProtocol, Matches, Owner } from './types';

const RANK: Record<Owner, number> = { mine: 0, hospital: 1, 'built-in': 2 };

const isOneOf = (values: (string | undefined)[], wanted: string[]): boolean =>
  values.some((value) => value !== undefined && wanted.some((one) => one.toLowerCase() === value.toLowerCase()));

function isOfModality({ modalities }: Matches, study: StudyFacts): boolean {
  return !modalities.length || isOneOf(study.series.map((one) => one.modality), modalities);
}

function isOfBodyPart({ body_parts: parts }: Matches, study: StudyFacts): boolean {
  if (!parts.length || isOneOf(study.series.map((one) => one.bodyPart), parts)) return true;
  return [study.description, ...study.series.map((one) => one.description)].some((text) => speaksOf(text, parts));
}

function isOfSide({ laterality }: Matches, study: StudyFacts): boolean {
  return !laterality?.length || isOneOf(study.series.map((one) => one.laterality), laterality);
}

/** Whether a protocol is for a study with its priors. */
export function isFor(matches: Matches, study: StudyFacts, priors: StudyFacts[]): boolean {
  return (
    isOfModality(matches, study) &&
    isOfBodyPart(matches, study) &&
    isOfSide(matches, study) &&
    study.series.length >= (matches.min_series ?? 0) &&
    priors.length >= (matches.min_priors ?? 0)
  );
}

/** How much a protocol asks of a study; the modality says more than a number of series, the body part more than either. */
function exactness({ modalities, body_parts: parts, laterality, min_series, min_priors }: Matches): number {
  const asked = [Boolean(min_series), Boolean(min_priors), Boolean(laterality?.length), modalities.length > 0, parts.length > 0];
  return asked.reduce((sum, isAsked, place) => sum + (isAsked ? 2 ** place : 0), 0);
}

/** Every protocol for a study, the one to begin with first: one's own before the hospital's, the more exact before others. */
export function protocolsFor(protocols: HangingProtocol[], study: StudyFacts, priors: StudyFacts[] = []): HangingProtocol[] {
  return protocols
    .filter((one) => isFor(one.matches, study, priors))
    .sort((one, other) => RANK[one.owner] - RANK[other.owner] || exactness(other.matches) - exactness(one.matches));
}
