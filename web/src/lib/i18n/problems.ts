import { asProblem } from '@/lib/api/problem';
import type { TFunction } from './index';

const LONG_S = 90;

export function durationWords(t: TFunction, seconds: number): string {
  if (seconds <= LONG_S) return t('duration.seconds', { count: seconds });
  return t('duration.minutes', { count: Math.ceil(seconds / 60) });
}

/** What an error says to people: our own words, chosen by its code. */
export function problemWords(t: TFunction, error: unknown): { title: string; next: string } {
  const { code, retryAfterS } = asProblem(error);
  const wait = durationWords(t, retryAfterS ?? 60);
  return { title: t(`problem.${code}.title`), next: t(`problem.${code}.next`, { wait }) };
}
