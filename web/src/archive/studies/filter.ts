import { daysBefore } from '@/lib/dicomweb/dates';
import type { StudyFilter } from '@/lib/dicomweb/queries';

export const DATE_CHOICES = ['today', 'threeDays', 'week', 'all'] as const;
export type DateChoice = (typeof DATE_CHOICES)[number] | 'range';

/** What the address of the list holds; an absent key does not narrow it. */
export interface ListSearch {
  q?: string;
  date?: Exclude<DateChoice, 'all'>;
  from?: string;
  to?: string;
  modality?: string;
  hospital?: string;
  /** Newest first, unless it says otherwise; an order does not narrow. */
  order?: 'oldest';
}

/** Whether a choice of dates counts back from today. */
export function isRecent(date: unknown): date is 'today' | 'threeDays' | 'week' {
  return date === 'today' || date === 'threeDays' || date === 'week';
}

export const MODALITIES = ['CT', 'MR', 'DX', 'CR', 'US', 'XA', 'RF', 'MG', 'NM', 'PT', 'ES', 'SC', 'OT'];

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const WEEK_DAYS = 7;

function word(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return String(value).trim() || undefined;
}

function isoDate(value: unknown): string | undefined {
  return typeof value === 'string' && ISO_DATE.test(value) ? value : undefined;
}

function defined(search: Record<string, string | undefined>): ListSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export function toListSearch(raw: Record<string, unknown>): ListSearch {
  const isDate = isRecent(raw.date) || raw.date === 'range';
  return defined({
    q: word(raw.q),
    date: isDate ? String(raw.date) : undefined,
    from: isoDate(raw.from),
    to: isoDate(raw.to),
    modality: word(raw.modality),
    hospital: word(raw.hospital),
    order: raw.order === 'oldest' ? 'oldest' : undefined,
  });
}

function studyDate({ date, from, to }: ListSearch, today: string): string {
  if (date === 'today') return today;
  if (date === 'threeDays') return `${daysBefore(today, 2)}-${today}`;
  if (date === 'week') return `${daysBefore(today, WEEK_DAYS - 1)}-${today}`;
  if (date !== 'range' || (!from && !to)) return '';
  return `${from?.replaceAll('-', '') ?? ''}-${to?.replaceAll('-', '') ?? ''}`;
}

export function toStudyFilter(search: ListSearch, today: string): StudyFilter {
  return {
    search: search.q ?? '',
    studyDate: studyDate(search, today),
    modality: search.modality ?? '',
    organisation: search.hospital ?? '',
    isOldestFirst: search.order === 'oldest',
  };
}

export function isNarrowed(search: ListSearch): boolean {
  return Object.keys(search).some((key) => key !== 'order');
}

/** What Escape leaves of a search: without the typed text first, then without the filters; its order stays. */
export function loosened(search: ListSearch): ListSearch {
  if (search.q) return changed(search, { q: undefined });
  return search.order ? { order: search.order } : {};
}

/** The other order of the same list. */
export function turnedRound(search: ListSearch): ListSearch {
  return changed(search, { order: search.order ? undefined : 'oldest' });
}

/** The search with some keys changed; undefined removes a key. */
export function changed(search: ListSearch, change: { [K in keyof ListSearch]?: ListSearch[K] | undefined }): ListSearch {
  return toListSearch({ ...search, ...change });
}
