import type { TFunction } from '@/lib/i18n';

/** The words for what files say of themselves. */
export function saidWords(t: TFunction, key: string): string {
  return t(`unsettled.says.${key}` as 'unsettled.says.patient_id');
}

type Act = 'keepStanding' | 'takeArrived' | 'accept' | 'repair' | 'reject';

/** The words for an act upon one thing, or upon several. */
export function actWords(t: TFunction, act: Act, count: number): string {
  return count > 1 ? t(`unsettled.${act}Many`, { count }) : t(`unsettled.${act}`);
}
