import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import { asked, type Patient } from './record';

export type Trait = 'number' | 'resident_id' | 'name' | 'birth_date' | 'sex' | 'phone' | 'address';
export type Verdict = 'agrees' | 'similar' | 'differs';

/** A patient as one is told from another; what is not known is empty. */
export interface Person {
  rid: number;
  organisation_id: number;
  id: string;
  name: string;
  other_names: string[];
  pinyin: string;
  sex: string;
  birth_date: string;
  birth_order: number | null;
  resident_id: string;
  numbers: { kind: string; issuer: string; value: string }[];
  phones: string[];
  addresses: string[];
  is_provisional: boolean;
  is_active: boolean;
  last_updated: string;
}

/** Two records that may be of one person, the older one first. */
export interface Pair {
  id: number;
  organisation_id: number;
  weight: number;
  found_at: string;
  state: 'open' | 'same' | 'different';
  findings: { trait: Trait; verdict: Verdict; weight: number }[];
  first: Person;
  second: Person;
}

export interface SideBySide {
  pair: Pair;
  /** How many candidates other hospitals have for either; of whom is not told. */
  elsewhere: [number, number];
}

export interface Merged {
  id: number;
  organisation_id: number;
  merged_by: string;
  merged_at: string;
  undone_by: string | null;
  undone_at: string | null;
  moved: number;
  survivor: Person;
  retired: Person;
}

const ROOT = ['identity'];
const PAGE = 100;
export const identityKey = { queryKey: ROOT };

export const waitingQuery = queryOptions({
  queryKey: [...ROOT, 'waiting'],
  queryFn: ({ signal }) => getJson<{ candidates: number; provisional: number }>('/api/identity', signal),
  refetchInterval: 60_000,
});

/** A list that goes on below the number of its last row. */
function pages<T>(list: string, numberOf: (row: T) => number) {
  return infiniteQueryOptions({
    queryKey: [...ROOT, list],
    queryFn: ({ pageParam, signal }) =>
      getJson<T[]>(`/api/identity/${list}?limit=${PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last: T[]) => (last.length === PAGE ? numberOf(last[PAGE - 1] as T) : undefined),
  });
}

export const candidatesQuery = pages<Pair>('candidates', (pair) => pair.id);
export const provisionalQuery = pages<Person>('provisional', (person) => person.rid);
export const mergesQuery = pages<Merged>('merges', (merged) => merged.id);

export function pairQuery(id: number) {
  return queryOptions({
    queryKey: [...ROOT, 'candidates', id],
    queryFn: ({ signal }) => getJson<SideBySide>(`/api/identity/candidates/${id}`, signal),
  });
}

/** How many entries of each kind move if a record is given up. */
export function movingQuery(patient: string, hospital: string) {
  return queryOptions({
    queryKey: [...ROOT, 'moving', patient, hospital],
    queryFn: ({ signal }) =>
      getJson<Record<string, number>>(`/api/identity/patients/${encodeURIComponent(patient)}/moving${at(hospital)}`, signal),
  });
}

/** As many as a list beside a form holds; who looks for more types more. */
export const FOUND = 20;

/** Patients of a hospital whose name, number or day of birth was typed; without those that were given up. */
export function patientsQuery(text: string, hospital: string) {
  const question = new URLSearchParams([asked(text), ['active:not', 'false'], ['_sort', 'name'], ['_count', String(FOUND)], ['organisation', hospital]]);
  return queryOptions({
    queryKey: [...ROOT, 'patients', text, hospital],
    enabled: text !== '',
    queryFn: async ({ signal }) => {
      const bundle = await getJson<{ entry?: { resource: Patient }[] }>(`/fhir/Patient?${question}`, signal, 'application/fhir+json');
      return (bundle.entry ?? []).map((entry) => entry.resource);
    },
  });
}

const at = (hospital: string) => (hospital ? `?organisation=${encodeURIComponent(hospital)}` : '');

/** Makes one record of two, and returns the number under which that can be undone. */
export async function mergePatients(survivor: string, retired: string, hospital: string): Promise<number> {
  const response = await change('POST', `/api/identity/merges${at(hospital)}`, { survivor, retired });
  return ((await response.json()) as { id: number }).id;
}

export interface Linked {
  one: string;
  other: string;
  /** Whoever reads the audit trail will ask why. */
  reason: string;
}

/** Two records say of each other that they are of one person; each stays what it is. */
export const linkPatients = (two: Linked, hospital: string) => change('POST', `/api/identity/links${at(hospital)}`, two);
export const unlinkPatients = (two: Linked, hospital: string) => change('POST', `/api/identity/links/undo${at(hospital)}`, two);

const act = (patient: string, what: string, hospital: string) =>
  change('POST', `/api/identity/patients/${encodeURIComponent(patient)}/${what}${at(hospital)}`);
/** A provisional patient stands as they are: they are nobody whom the hospital knew before. */
export const confirmPatient = (patient: string, hospital: string) => act(patient, 'confirm', hospital);
export const doubtPatient = (patient: string, hospital: string) => act(patient, 'doubt', hospital);
export const undoMerge = (id: number) => change('POST', `/api/identity/merges/${id}/undo`);
export const askAgain = (id: number) => change('POST', `/api/identity/candidates/${id}/open`);
export const sayDifferent = (id: number) => change('POST', `/api/identity/candidates/${id}/different`);
