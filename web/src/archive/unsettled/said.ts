import type { Quarantined, Said } from '@/lib/api/archive';
import { shownDate } from '@/lib/dicomweb/dates';
import type { TFunction } from '@/lib/i18n';

/** What a file says that is a date. */
export const DATES = ['patient_birth_date', 'study_date'];

/** What a file says, as people read it; a date that is none stays as it is. */
export function shownSaid(says: Said, key: string): string {
  const value = String(says[key] ?? '');
  return DATES.includes(key) ? shownDate(value) || value : value;
}

/** A typed repair as the server takes it: its dates without hyphens. */
export function toRepair(typed: Record<string, string>): Record<string, string> {
  const entries = Object.entries(typed);
  return Object.fromEntries(entries.map(([key, value]) => [key, DATES.includes(key) ? value.replaceAll('-', '') : value]));
}

/** The words for what files say of themselves. */
export function saidWords(t: TFunction, key: string): string {
  return t(`unsettled.says.${key}` as 'unsettled.says.patient_id');
}

/** Why a file waits: our own words by the code of its fault, the server's for one that nobody here knows. */
export function reasonWords(t: TFunction, { reason, reason_code, reason_numbers }: Quarantined): string {
  const key = `unsettled.fault.${reason_code}` as 'unsettled.fault.empty';
  return t(key, { ...reason_numbers, defaultValue: reason });
}

type Act = 'keepStanding' | 'takeArrived' | 'accept' | 'repair' | 'reject';

/** The words for an act upon one thing, or upon several. */
export function actWords(t: TFunction, act: Act, count: number): string {
  return count > 1 ? t(`unsettled.${act}Many`, { count }) : t(`unsettled.${act}`);
}
