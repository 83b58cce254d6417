import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockX,
  IconPlugConnectedX,
  IconPlugX,
} from '@tabler/icons-react';
import type { Association, Outcome } from '@/lib/api/associations';
import type { TFunction } from '@/lib/i18n';

export const SIGNS: Record<Outcome | 'partly', Icon> = {
  released: IconCircleCheck,
  partly: IconAlertTriangle,
  rejected: IconBan,
  aborted_by_peer: IconPlugConnectedX,
  aborted_by_us: IconPlugConnectedX,
  timed_out: IconClockX,
  lost: IconPlugX,
  unreachable: IconPlugX,
};

function failed(one: Association): number {
  return Object.values(one.done).reduce((sum, [, , count]) => sum + count, 0);
}

export function isGood(one: Association): boolean {
  return one.outcome === 'released' && !failed(one);
}

/** How it ended; one that was released in good order may still have failures in it. */
export function endOf(one: Association): Outcome | 'partly' {
  return one.outcome === 'released' && !isGood(one) ? 'partly' : one.outcome;
}

/** How it ended, in one or two words. */
export function outcomeWords(t: TFunction, one: Association): string {
  if (one.outcome === 'rejected' && one.is_ours) return t('associations.outcome.rejectedByPeer');
  return t(`associations.outcome.${endOf(one)}`);
}

/** Why it was rejected (PS3.8 table 9-21); a reason that the standard does not know is given as its numbers. */
export function rejectionWords(t: TFunction, one: Association): string {
  if (!one.rejection) return '';
  const [, source, reason] = one.rejection.split('/');
  const side = one.is_ours ? 'theirs' : 'ours';
  const places = { called: one.called_ae, calling: one.calling_ae, defaultValue: one.rejection };
  return t(`associations.rejection.${side}.${source}_${reason}` as 'associations.rejection.ours.1_3', places);
}

/** What was done on it: C-STORE 120, 2 failed. */
export function doneWords(t: TFunction, one: Association): string {
  return Object.entries(one.done)
    .map(([service, [well, warned, bad]]) =>
      [
        `${service} ${well + warned + bad}`,
        warned && t('associations.warned', { count: warned }),
        bad && t('associations.failed', { count: bad }),
      ]
        .filter(Boolean)
        .join(t('associations.comma')),
    )
    .join(' · ');
}
