import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson } from './http';
import { ofHospital, type StudyAt } from './studyAddress';

const FHIR = 'application/fhir+json';
const FOUND_AT_A_TIME = 50;
const EVENTS_AT_A_TIME = 40;

interface Bundle<T> {
  entry?: { resource: T }[];
  link?: { relation: string; url: string }[];
}

export interface Concept {
  text?: string;
  coding?: { code?: string; display?: string }[];
}

interface Reference {
  reference?: string;
  display?: string;
}

interface Period {
  start?: string;
  end?: string;
}

/** Which patient is meant and whose: two hospitals may have one of the same ID. */
export interface PatientAt {
  id: string;
  /** The code of the hospital; empty where one alone can be meant. */
  hospital: string;
}

/** As much of a FHIR Patient as a page shows. */
export interface Patient {
  id: string;
  active?: boolean;
  meta?: { tag?: { code?: string }[] };
  name?: { text?: string; family?: string; given?: string[]; use?: string; extension?: unknown[] }[];
  gender?: string;
  birthDate?: string;
  identifier?: { system?: string; value?: string }[];
  telecom?: { system?: string; value?: string }[];
  link?: { type: string; other: Reference }[];
}

export interface Quantity {
  value?: number;
  unit?: string;
  code?: string;
  comparator?: string;
}

export interface Range {
  low?: Quantity;
  high?: Quantity;
}

/** What was measured, in one of the forms that it can have. */
export interface Measure {
  valueQuantity?: Quantity;
  valueString?: string;
  valueCodeableConcept?: Concept;
  valueRange?: Range;
  valueRatio?: { numerator?: Quantity; denominator?: Quantity };
  valueBoolean?: boolean;
  valueInteger?: number;
  valueTime?: string;
  valueDateTime?: string;
  valuePeriod?: Period;
  valueSampledData?: unknown;
  dataAbsentReason?: Concept;
}

/** As much of any entry of a record as a timeline shows. */
export interface Entry extends Measure {
  resourceType: Kind;
  id: string;
  status?: string;
  extension?: { url?: string; valueDateTime?: string }[];
  code?: Concept;
  class?: { code?: string; display?: string };
  type?: Concept | Concept[];
  serviceType?: Concept[];
  medicationCodeableConcept?: Concept;
  description?: string;
  conclusion?: string;
  result?: Reference[];
  location?: { location: Reference }[];
  component?: (Measure & { code?: Concept })[];
  interpretation?: Concept[];
  referenceRange?: (Range & { text?: string })[];
  dosageInstruction?: { text?: string }[];
  modality?: { code?: string }[];
  series?: { uid: string }[];
  identifier?: { system?: string; value?: string }[];
  numberOfInstances?: number;
  started?: string;
  date?: string;
  issued?: string;
  authoredOn?: string;
  start?: string;
  period?: Period;
  effectiveDateTime?: string;
  effectivePeriod?: Period;
}

/** Each kind of entry, and the search parameter by which its newest come first. */
const KINDS = {
  Encounter: 'date',
  Appointment: 'date',
  ServiceRequest: 'authored',
  MedicationRequest: 'authoredon',
  MedicationAdministration: 'effective-time',
  Observation: 'date',
  DiagnosticReport: 'date',
  ImagingStudy: 'started',
  DocumentReference: 'date',
} as const;
export type Kind = keyof typeof KINDS;
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** When an entry happened, as it says itself. */
export function whenOf(entry: Entry): string {
  const { period, effectiveDateTime, effectivePeriod, started, authoredOn, start, date, issued } = entry;
  return started ?? effectiveDateTime ?? effectivePeriod?.start ?? period?.start ?? authoredOn ?? start ?? date ?? issued ?? '';
}

/** That moment, to be compared; zero where none is said. */
export const momentOf = (entry: Entry): number => Date.parse(whenOf(entry)) || 0;

function nextOf(bundle: Bundle<unknown>): string | null {
  const url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  if (!url) return null;
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

const resources = <T>(bundle: Bundle<T>): T[] => (bundle.entry ?? []).map(({ resource }) => resource);

/** What was typed is a day, a number, or a name in characters, pinyin or its initials. */
export function asked(text: string): [string, string] {
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return ['birthdate', text];
  return [/\d/.test(text) ? 'identifier' : 'name', text];
}

/** Patients whose name, number or day of birth was typed. */
export function patientsQuery(text: string) {
  const question = new URLSearchParams([asked(text), ['_sort', 'name'], ['_count', String(FOUND_AT_A_TIME)]]);
  return infiniteQueryOptions({
    queryKey: ['record', 'patients', text],
    enabled: text !== '',
    initialPageParam: `/fhir/Patient?${question}`,
    queryFn: ({ pageParam, signal }) => getJson<Bundle<Patient>>(pageParam, signal, FHIR),
    getNextPageParam: (last) => nextOf(last),
    select: ({ pages }) => pages.flatMap(resources),
  });
}

export function patientQuery(at: PatientAt) {
  const whose = String(ofHospital(new URLSearchParams(), at.hospital));
  return queryOptions({
    queryKey: ['record', 'patient', at],
    queryFn: ({ signal }) => getJson<Patient>(`/fhir/Patient/${encodeURIComponent(at.id)}${whose && `?${whose}`}`, signal, FHIR),
  });
}

/** Which hospitals have patients of some IDs: FHIR does not say it. */
export function hospitalsOfQuery(ids: string[]) {
  return queryOptions({
    queryKey: ['record', 'hospitals', ids],
    enabled: ids.length > 0,
    queryFn: ({ signal }) => getJson<Record<string, number[]>>(`/api/patients/hospitals?${new URLSearchParams({ ids: ids.join(',') })}`, signal),
  });
}

/** The patient whom the record has for a study; null where it has none. */
export function patientOfStudyQuery({ uid, hospital }: StudyAt) {
  const question = ofHospital(new URLSearchParams({ identifier: `urn:oid:${uid}`, _elements: 'subject' }), hospital);
  return queryOptions({
    queryKey: ['record', 'patientOfStudy', uid, hospital],
    queryFn: async ({ signal }) => {
      const [study] = resources(await getJson<Bundle<{ subject?: Reference }>>(`/fhir/ImagingStudy?${question}`, signal, FHIR));
      return study?.subject?.reference?.split('/')[1] ?? null;
    },
  });
}

/** A page of each kind of entry, what came with it, where a kind goes on, and from when on everything is here. */
interface TimelinePage {
  entries: Entry[];
  further: Entry[];
  next: Partial<Record<Kind, string>>;
  whole: number;
}

async function timelinePage(wanted: Partial<Record<Kind, string>>, signal: AbortSignal): Promise<TimelinePage> {
  const kinds = Object.keys(wanted) as Kind[];
  const bundles = await Promise.all(kinds.map((kind) => getJson<Bundle<Entry>>(wanted[kind] as string, signal, FHIR)));
  const page: TimelinePage = { entries: [], further: [], next: {}, whole: 0 };
  bundles.forEach((bundle, index) => {
    const kind = kinds[index] as Kind;
    const entries = resources(bundle).filter(({ resourceType }) => resourceType === kind);
    page.entries.push(...entries);
    page.further.push(...resources(bundle).filter(({ resourceType }) => resourceType !== kind));
    const next = nextOf(bundle);
    if (!next) return;
    page.next[kind] = next;
    const moments = entries.map(momentOf);
    if (moments.every(Boolean)) page.whole = Math.max(page.whole, ...moments.slice(-1)); // undated ones come last
  });
  return page;
}

const isEmpty = (page: object) => Object.keys(page).length === 0;

/** How an entry is referred to. */
export const nameOf = ({ resourceType, id }: Entry): string => `${resourceType}/${id}`;

/** What happened to a patient. */
export interface Timeline {
  /** What is known of every kind. What is older than some kind is known of yet comes with the next page. */
  entries: Entry[];
  /** Everything that came, by its name: what a report is made of may be older than all else. */
  byName: Map<string, Entry>;
}

function timeline(pages: TimelinePage[]): Timeline {
  const whole = pages.at(-1)?.whole ?? 0;
  const entries = pages.flatMap((page) => page.entries).filter((entry) => momentOf(entry) >= whole || !momentOf(entry));
  const all = pages.flatMap((page) => [...page.entries, ...page.further]);
  return { entries, byName: new Map(all.map((entry) => [nameOf(entry), entry])) };
}

export function timelineQuery({ id, hospital }: PatientAt) {
  const first = ALL_KINDS.map((kind) => {
    const question = new URLSearchParams({ patient: id, _sort: `-${KINDS[kind]}`, _count: String(EVENTS_AT_A_TIME) });
    if (kind === 'DiagnosticReport') question.set('_include', 'DiagnosticReport:result');
    return [kind, `/fhir/${kind}?${ofHospital(question, hospital)}`] as const;
  });
  return infiniteQueryOptions({
    queryKey: ['record', 'timeline', id, hospital],
    initialPageParam: Object.fromEntries(first) as Partial<Record<Kind, string>>,
    queryFn: ({ pageParam, signal }) => timelinePage(pageParam, signal),
    getNextPageParam: ({ next }) => (isEmpty(next) ? null : next),
    select: ({ pages }) => timeline(pages),
  });
}
