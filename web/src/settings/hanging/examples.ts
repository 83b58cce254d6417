import { isFor, type Matches, type SeriesFacts, type StudyFacts } from '@/lib/hanging';

export const EXAMPLES = ['chest', 'abdomen', 'head', 'brain', 'breast', 'radiograph', 'ultrasound'] as const;
export type Example = (typeof EXAMPLES)[number];

type Made = Omit<SeriesFacts, 'uid' | 'number'>;

function study(date: string, list: Made[]): StudyFacts {
  return { uid: date, date, series: list.map((facts, at) => ({ ...facts, uid: `${date}.${at}`, number: at + 1 })) };
}

const ct = (description: string, bodyPart: string, sliceThicknessMm: number, imageCount: number): Made => ({
  modality: 'CT',
  plane: 'axial',
  description,
  bodyPart,
  sliceThicknessMm,
  imageCount,
});
const mr = (description: string, plane: NonNullable<Made['plane']>): Made => ({ modality: 'MR', bodyPart: 'BRAIN', description, plane, imageCount: 24 });
const mg = (laterality: string, viewPosition: string): Made => ({ modality: 'MG', bodyPart: 'BREAST', laterality, viewPosition, description: `${laterality} ${viewPosition}` });
const dx = (viewPosition: string): Made => ({ modality: 'DX', bodyPart: 'CHEST', viewPosition, description: viewPosition });
const us = (_: unknown, at: number): Made => ({ modality: 'US', description: `US ${at + 1}` });

const CHEST = [ct('Topogram', 'CHEST', 0.6, 1), ct('Mediastinum 5.0', 'CHEST', 5, 64), ct('Lung 1.0', 'CHEST', 1, 320)];
const FOUR = [mg('R', 'CC'), mg('L', 'CC'), mg('R', 'MLO'), mg('L', 'MLO')];

const MADE: Record<Example, Made[]> = {
  chest: CHEST,
  abdomen: ['Plain', 'Arterial', 'Portal venous', 'Delayed'].map((phase) => ct(`${phase} 5.0`, 'ABDOMEN', 5, 90)),
  head: [ct('Brain 5.0', 'HEAD', 5, 30), ct('Bone 1.0', 'HEAD', 1, 160)],
  brain: [mr('T1 SE', 'axial'), mr('T2 TSE', 'axial'), mr('T2 FLAIR', 'axial'), mr('DWI', 'axial'), mr('ADC', 'axial'), mr('T1 sag', 'sagittal'), mr('T2 cor', 'coronal')],
  breast: FOUR,
  radiograph: [dx('PA'), dx('LL')],
  ultrasound: Array.from({ length: 6 }, us),
};

/** An invented study to try a protocol on, as it is today. */
export const exampleOf = (example: Example): StudyFacts => study('20261120', MADE[example]);

/** The same patient's study of a year before. */
export const priorOf = (example: Example): StudyFacts => study('20251118', MADE[example]);

/** The example that a protocol is for, or the first where it is for none of them. */
export const exampleFor = (matches: Matches): Example => EXAMPLES.find((one) => isFor(matches, exampleOf(one), [priorOf(one)])) ?? EXAMPLES[0];
