import type { Still } from '@/lib/api/stills';
import type { TFunction } from '@/lib/i18n';

/** What somebody must know of a picture of the server. */
export function notesOf(t: TFunction, still: Still | null): string[] {
  const missing = still?.hasGaps ? [t('volume.missing')] : [];
  return [t('stills.drawn'), ...missing, ...(still?.isResampled ? [t('volume.resampled')] : [])];
}
