const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const TIME = /^(\d{2})(\d{2})/;
const DAY_MS = 86_400_000;

export type AgeUnit = 'years' | 'months' | 'days';
export interface Age {
  count: number;
  unit: AgeUnit;
}

/** `20261123` as `2026-11-23`; an empty or unreadable date is ''. */
export function shownDate(date: string): string {
  const match = DATE.exec(date);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : '';
}

export function shownDateTime(date: string, time: string): string {
  const day = shownDate(date);
  const match = TIME.exec(time);
  return day && match ? `${day} ${match[1]}:${match[2]}` : day;
}

export function toDicomDate(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}${month}${String(date.getDate()).padStart(2, '0')}`;
}

export function daysBefore(date: string, days: number): string {
  const then = utc(date);
  if (!then) return '';
  return new Date(then.getTime() - days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

function utc(date: string): Date | null {
  const match = DATE.exec(date);
  return match ? new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))) : null;
}

function wholeMonths(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

/** The age on a day as a ward says it: days in the first month, months under two years, then years. */
export function ageOn(birthDate: string, day: string): Age | null {
  const born = utc(birthDate);
  const then = utc(day);
  if (!born || !then || then < born) return null;
  const months = wholeMonths(born, then);
  if (months < 1) return { count: Math.floor((then.getTime() - born.getTime()) / DAY_MS), unit: 'days' };
  if (months < 24) return { count: months, unit: 'months' };
  return { count: Math.floor(months / 12), unit: 'years' };
}
