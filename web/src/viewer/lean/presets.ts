import type { Window } from '@/lib/dicomweb/images';

/** A window that readers know by its name; the word stands in the catalogue under `presets`. */
export interface Preset {
  name: 'abdomen' | 'lung' | 'bone' | 'brain' | 'mediastinum' | 'liver' | 'angio';
  window: Window;
}

const CT: readonly Preset[] = [
  { name: 'abdomen', window: { center: 40, width: 400 } },
  { name: 'lung', window: { center: -600, width: 1500 } },
  { name: 'bone', window: { center: 400, width: 1800 } },
  { name: 'brain', window: { center: 40, width: 80 } },
  { name: 'mediastinum', window: { center: 50, width: 350 } },
  { name: 'liver', window: { center: 60, width: 160 } },
  { name: 'angio', window: { center: 300, width: 600 } },
];

/** Windows in HU mean the same in every CT; other devices have no scale of their own. */
export function presetsOf(modality: string): readonly Preset[] {
  return modality === 'CT' ? CT : [];
}
