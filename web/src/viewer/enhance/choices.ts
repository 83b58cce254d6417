import type { Enhancement, EnhancementMethod, EnhancementPreset } from '@/lib/api/enhancement';

const RADIOGRAPHS: ReadonlySet<string> = new Set(['CR', 'DX', 'MG', 'PX', 'IO', 'RG', 'RF', 'XA']);
const USUAL_STRENGTH = 0.5;

export const PRESETS: readonly EnhancementPreset[] = ['chest', 'bone', 'breast', 'abdomen', 'even'];

/** What a series says of the part of the body: Body Part Examined (PS3.16 Annex L), or the words of its description. */
interface Described {
  bodyPart: string;
  description: string;
}

const PARTS: readonly (readonly [EnhancementPreset, RegExp])[] = [
  ['breast', /BREAST|MAMMO|乳腺|钼靶/i],
  ['chest', /CHEST|THORAX|LUNG|胸|肺/i],
  ['abdomen', /ABDOMEN|KUB|ABD\b|腹/i],
  [
    'bone',
    /BONE|EXTREMITY|SKULL|SPINE|RIB|CLAVICLE|SCAPULA|SHOULDER|HUMERUS|ELBOW|FOREARM|WRIST|HAND|FINGER|PELVIS|HIP|FEMUR|KNEE|LEG|ANKLE|FOOT|TOE|JAW|骨|椎|关节|四肢|[左右双]手|手部|手正|[左右双]足|足部|足正|膝|腕|踝|肘|髋|肋/i,
  ],
];

/** The ways of enhancing that help with images of a modality; the first is the usual one. */
export function methodsOf(modality: string): EnhancementMethod[] {
  if (RADIOGRAPHS.has(modality)) return ['multiscale', 'clahe', 'edge'];
  return modality === 'CT' ? ['denoise', 'clahe', 'edge'] : ['clahe', 'edge'];
}

/** Of which size the detail is, by what the series says of itself. */
export function presetOf(modality: string, { bodyPart, description }: Described): EnhancementPreset {
  if (modality === 'MG') return 'breast';
  const found = (words: string) => PARTS.find(([, pattern]) => pattern.test(words))?.[0];
  return found(bodyPart) ?? found(description) ?? 'even';
}

/** What is shown first. */
export function usualOf(modality: string, described: Described): Enhancement {
  return { method: methodsOf(modality)[0] ?? 'clahe', strength: USUAL_STRENGTH, preset: presetOf(modality, described) };
}
