import type { WindowPreset, WindowPresets } from '@/lib/api/preferences';
import type { TFunction } from '@/lib/i18n';
import { presetsOf } from '@/viewer/lean/presets';

export const MODALITIES = ['CT', 'MR', 'PT', 'NM', 'CR', 'DX', 'MG', 'XA', 'US'] as const;
export const MOST_PRESETS = 20;

/** Those that the house brings, by their names in the language of the page. */
export function usualPresets(t: TFunction, modality: string): WindowPreset[] {
  return presetsOf(modality).map(({ name, window }) => ({ name: t(`settings.presets.usual.${name}`), ...window }));
}

/** The name of a preset in the language of the page; one that the house does not bring is its own name. */
export function usualName(t: TFunction, name: string): string {
  const usual = presetsOf('CT').find((one) => one.name === name);
  return usual ? t(`settings.presets.usual.${usual.name}`) : name;
}

/** The presets of one modality exchanged; without any of one's own the usual ones count again. */
export function exchanged(all: WindowPresets, modality: string, presets: WindowPreset[] | null): WindowPresets {
  const { [modality]: _before, ...others } = all;
  return presets ? { ...others, [modality]: presets } : others;
}

/** Whether the server would take it (PS3.3 C.11.2.1.2: the width is at least 1). */
export function isWhole(preset: { name: string; center: number | string; width: number | string }): boolean {
  const { name, center, width } = preset;
  return Boolean(name.trim()) && typeof center === 'number' && typeof width === 'number' && width >= 1;
}
