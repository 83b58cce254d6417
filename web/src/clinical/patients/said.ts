import type { Concept, Entry, Kind, Patient } from '@/lib/api/record';
import { toDicomDate } from '@/lib/dicomweb/dates';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import type { TFunction } from '@/lib/i18n';
import { shownMoment } from '@/lib/moments';
import type { BannerPatient } from '@/ui/PatientBanner';

const SEXES: Record<string, string> = { male: 'M', female: 'F', other: 'O' };

export function namesOf({ name = [] }: Patient): string[] {
  const written = name.map((one) => one.text ?? [one.family ?? '', ...(one.given ?? [])].join(/\p{Script=Han}/u.test(one.family ?? '') ? '' : ' ').trim());
  return [...new Set(written.filter(Boolean))];
}

const RESIDENT_ID = 'urn:oid:2.16.156.10011.1.3';

/** The numbers that the hospital knows somebody by; that of the state comes last. */
export function numbersOf({ identifier = [] }: Patient): string[] {
  const ofState = identifier.filter(({ system }) => system === RESIDENT_ID);
  const own = identifier.filter(({ system }) => system !== RESIDENT_ID);
  return [...new Set([...own, ...ofState].map(({ value }) => value ?? '').filter(Boolean))];
}

const digits = (day: string) => day.replaceAll('-', '');

export const isProvisional = ({ meta }: Patient): boolean => meta?.tag?.some(({ code }) => code === 'provisional') ?? false;
export const isGivenUp = ({ link }: Patient): boolean => link?.some(({ type }) => type === 'replaced-by') ?? false;

export function bannerOf(t: TFunction, patient: Patient, hospital: string): BannerPatient {
  const [name = '', otherName = ''] = namesOf(patient);
  const birthDate = patient.birthDate ?? '';
  return {
    name,
    otherName,
    sex: sexWords(t, SEXES[patient.gender ?? ''] ?? ''),
    age: ageWords(t, digits(birthDate), toDicomDate(new Date())),
    birthDate,
    patientId: numbersOf(patient)[0] ?? '',
    hospital,
  };
}

/** The day of an event where the reader is; one that says no time keeps the day that it says. */
export function dayOf(when: string): string {
  return when.includes('T') ? shownMoment(when).slice(0, DAY_LENGTH) : when;
}

/** The time of day where the reader is, where an event says one. */
export const clockOf = (when: string): string => (when.includes('T') ? shownMoment(when).slice(DAY_LENGTH + 1) : '');

const DAY_LENGTH = 10;

export function conceptWords(concept: Concept | undefined): string {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code ?? '';
}

const first = (types: Entry['type']): Concept | undefined => (Array.isArray(types) ? types[0] : types);
const place = ({ location = [] }: Entry) => location.map((one) => one.location.display ?? '').filter(Boolean).join(' · ');

/** What an entry is called; empty where it does not say, and its kind stands for it. */
export function titleOf(entry: Entry): string {
  if (entry.resourceType === 'Encounter') return conceptWords(first(entry.type)) || entry.class?.display || '';
  if (entry.resourceType === 'Appointment') return conceptWords(entry.serviceType?.[0]) || entry.description || '';
  if (entry.resourceType === 'ImagingStudy') return entry.description ?? '';
  if (entry.resourceType === 'DocumentReference') return entry.description ?? conceptWords(first(entry.type));
  return conceptWords(entry.medicationCodeableConcept) || conceptWords(entry.code);
}

const PLANNED_END = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate';

/** When somebody who is here is expected to leave. */
function leaving(t: TFunction, { status, extension = [] }: Entry): string {
  const when = extension.find(({ url }) => url === PLANNED_END)?.valueDateTime;
  return when && status === 'in-progress' ? t('patients.leaving', { when: [dayOf(when), clockOf(when)].filter(Boolean).join(' ') }) : '';
}

/** The line below: where, how much, what was concluded. */
export function lineOf(t: TFunction, entry: Entry): string {
  const { modality = [], numberOfInstances, dosageInstruction = [], conclusion = '' } = entry;
  const images = numberOfInstances === undefined ? '' : t('patients.images', { count: numberOfInstances });
  const parts = [modality.map(({ code }) => code).join(' '), images, place(entry), leaving(t, entry), dosageInstruction.map(({ text }) => text ?? '').join(' '), conclusion];
  return parts.filter(Boolean).join(' · ');
}

/** What an entry may say of itself (the status of R4's resources): what is not here is shown as its code. */
const STATES = [
  'planned', 'arrived', 'triaged', 'in-progress', 'onleave', 'finished', 'cancelled', 'active', 'on-hold', 'completed', 'draft',
  'registered', 'partial', 'preliminary', 'final', 'amended', 'corrected', 'appended', 'proposed', 'pending', 'booked', 'fulfilled',
  'checked-in', 'waitlist', 'noshow', 'revoked', 'stopped', 'not-done', 'available', 'current', 'superseded', 'entered-in-error', 'unknown',
] as const;

export function stateWords(t: TFunction, { status = '' }: Entry): string {
  const known = STATES.find((state) => state === status);
  return known ? t(`patients.state.${known}`) : status;
}

const VOID = new Set(['entered-in-error', 'cancelled', 'not-done', 'revoked', 'noshow', 'superseded']);

/** Whether an entry says that it does not count: it was taken back, or never took place. */
export const isVoid = ({ status = '' }: Entry): boolean => VOID.has(status);

/** Under which head an entry is found. */
export const GROUPS: Record<'visits' | 'orders' | 'results' | 'images' | 'medication' | 'documents', Kind[]> = {
  visits: ['Encounter', 'Appointment'],
  images: ['ImagingStudy'],
  results: ['Observation', 'DiagnosticReport'],
  orders: ['ServiceRequest'],
  medication: ['MedicationRequest', 'MedicationAdministration'],
  documents: ['DocumentReference'],
};
export type Group = keyof typeof GROUPS;
