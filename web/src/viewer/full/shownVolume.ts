import type { TFunction } from '@/lib/i18n';
import type { Assembled } from '@/volume/Assembled';
import type { Shown } from '../overlay/Overlay';

const NO_PICTURE = { kind: 'grey', width: 0, height: 0, samples: new Uint8Array(0), range: [0, 0] } as const;

/** What stands over a volume, in the way of an image: one of its images says what all have in common. */
export function shownVolume(volume: Assembled): Shown {
  const best = { isPreview: volume.isPreview, picture: NO_PICTURE };
  return { image: volume.sample, best, error: null, window: null, isInverted: false, value: null };
}

/** What somebody must know of a volume who looks at planes through it, or at its body. */
export function volumeNotes(t: TFunction, volume: Assembled | null): string[] {
  const notes = volume?.stacking.gaps.length ? [t('volume.missing')] : [];
  return volume?.isResampled ? [...notes, t('volume.resampled')] : notes;
}
