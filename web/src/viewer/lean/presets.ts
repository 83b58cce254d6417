import type { Window } from '@/lib/dicomweb/images';
import { speaksOf } from '@/lib/hanging/picking';
import parts from './parts.json';

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

/**
 * Which presets come first where a part of the body is looked at, and how body parts (PS3.16 annex L) and descriptions
 * name it. The spine stands before the chest, whose name it has in its own in Chinese.
 */
const PARTS = parts as readonly { names: string[]; first: Preset['name'][] }[];

/** What is said of what a series shows. */
export interface About {
  bodyPart: string;
  description: string;
}

/** The body part of a header is chosen from a list; a description is for people, and speaks where the other is silent. */
function partOf({ bodyPart, description }: About) {
  const named = (text: string) => PARTS.find(({ names }) => speaksOf(text, names));
  return named(bodyPart) ?? named(description);
}

/**
 * Windows in HU mean the same in every CT; other devices have no scale of their own. Those that belong to what a series
 * shows come first.
 */
export function presetsOf(modality: string, about: About | null = null): readonly Preset[] {
  if (modality !== 'CT') return [];
  const { first = [] } = (about && partOf(about)) ?? {};
  const rank = ({ name }: Preset) => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...CT].sort((one, other) => rank(one) - rank(other));
}
