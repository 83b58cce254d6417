import type { Pair, Person } from '@/lib/api/identity';
import type { TFunction } from '@/lib/i18n';

export const shownName = (t: TFunction, person: Pick<Person, 'name'>): string => person.name || t('identity.nameless');

const SEXES = ['male', 'female', 'other', 'unknown'] as const;

export function shownSex(t: TFunction, sex: string): string {
  const known = SEXES.find((item) => item === sex);
  return known ? t(`identity.sex.${known}`) : '';
}

/** What agrees and what differs, in a line. */
export function findingWords(t: TFunction, findings: Pair['findings']): string {
  const parts = (['agrees', 'similar', 'differs'] as const).flatMap((verdict) => {
    const traits = findings.filter((finding) => finding.verdict === verdict).map(({ trait }) => t(`identity.trait.${trait}`));
    return traits.length ? [t('identity.finding', { verdict: t(`identity.verdict.${verdict}`), traits: traits.join(t('identity.comma')) })] : [];
  });
  return parts.join(' · ');
}

const KINDS = [
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'Encounter',
  'ServiceRequest',
  'MedicationRequest',
  'MedicationAdministration',
  'Appointment',
  'DocumentReference',
] as const;

/** What moves, in plain words: test results 3, visits 1, other 2. */
export function movingWords(t: TFunction, moving: Record<string, number>): string {
  const named = KINDS.filter((kind) => moving[kind]).map((kind) => `${t(`identity.kind.${kind}`)} ${moving[kind]}`);
  const others = Object.entries(moving).filter(([kind]) => !KINDS.some((known) => known === kind));
  const count = others.reduce((sum, [, number]) => sum + number, 0);
  return [...named, ...(count ? [`${t('identity.kind.other')} ${count}`] : [])].join(t('identity.comma'));
}
