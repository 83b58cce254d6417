import { usePreference } from '@/lib/api/preferences';
import type { Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { type About, presetsOf } from '../lean/presets';

export interface NamedWindow {
  name: string;
  window: Window;
}

const DIGITS = 9;

/** The windows that the digits bring, by name: one's own, or else the usual ones, those of the part of the body first. */
export function useWindows(modality: string, about: About | null): readonly NamedWindow[] {
  const t = useWords();
  const own = usePreference('viewer.presets')?.[modality];
  const all = own
    ? own.map(({ name, center, width }) => ({ name, window: { center, width } }))
    : presetsOf(modality, about).map(({ name, window }) => ({ name: t(`settings.presets.usual.${name}`), window }));
  return all.slice(0, DIGITS);
}
