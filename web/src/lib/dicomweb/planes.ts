import { cross, dot, type Vector } from '@/lib/geometry/vectors';
import { type DataSet, numbers, TAG, text, texts } from './json';

/** Where an image lies in the patient (PS3.3 C.7.6.2): the centre of its first pixel, and unit vectors along a row and a column. */
export interface Plane {
  position: Vector;
  along: Vector;
  down: Vector;
}

/** Millimetres from one row to the next and from one column to the next. */
export interface Spacing {
  rowMm: number;
  columnMm: number;
  /** Of projections it is known at the detector only, where everything is larger than in the patient. */
  isAtDetector: boolean;
}

const ORTHOGONAL = 1e-3;

function vector(values: number[]): Vector | null {
  return values.length === 3 ? (values as unknown as Vector) : null;
}

const isUnit = (one: Vector) => Math.abs(dot(one, one) - 1) < 10 * ORTHOGONAL;

/** Returns where an image lies; null where that is not said, or cannot be. */
export function planeOf(dataset: DataSet): Plane | null {
  const position = vector(numbers(dataset, TAG.imagePositionPatient));
  const cosines = numbers(dataset, TAG.imageOrientationPatient);
  const along = vector(cosines.slice(0, 3));
  const down = vector(cosines.slice(3));
  if (!position || !along || !down) return null;
  return isUnit(along) && isUnit(down) && Math.abs(dot(along, down)) < ORTHOGONAL ? { position, along, down } : null;
}

/** Whether an image says where it lies, and cannot lie so: nothing else that it says of lengths is believed either. */
export function contradictsItself(dataset: DataSet): boolean {
  const isSaid = [TAG.imagePositionPatient, TAG.imageOrientationPatient].some((tag) => texts(dataset, tag).length > 0);
  return isSaid && planeOf(dataset) === null;
}

function pair(dataset: DataSet, tag: string): [number, number] | null {
  const [row = 0, column = 0] = numbers(dataset, tag);
  return row > 0 && column > 0 ? [row, column] : null;
}

/** Ways in which a distance of a projection was brought from the detector into the patient. */
const CALIBRATED: ReadonlySet<string> = new Set(['GEOMETRY', 'FIDUCIAL']);
/** Parts of a spacing: what differs by less was written with other digits, not corrected. */
const SAME_SPACING = 1e-3;

/**
 * How large a pixel is. Many radiographs write the spacing of the detector into Pixel Spacing too: it holds in the
 * patient only where it is another one, or the image says how it was calibrated (PS3.3 10.7.1.3).
 */
export function spacingOf(dataset: DataSet): Spacing | null {
  const said = pair(dataset, TAG.pixelSpacing);
  const imager = pair(dataset, TAG.imagerPixelSpacing);
  const found = said ?? imager;
  if (!found) return null;
  const isCorrected = said !== null && (CALIBRATED.has(text(dataset, TAG.pixelSpacingCalibrationType)) || !isSame(said, imager));
  return { rowMm: found[0], columnMm: found[1], isAtDetector: imager !== null && !isCorrected };
}

const isSame = (one: [number, number], other: [number, number] | null) =>
  one.every((mm, at) => Math.abs(mm - (other?.[at] ?? 0)) < SAME_SPACING * mm);

/** How far along its normal an image lies, in mm. */
export function depthMm(plane: Plane): number {
  return dot(cross(plane.along, plane.down), plane.position);
}

const AXES = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const;
const LEAST = 0.1;

/** The letters of a direction in the patient, the strongest first, as PS3.3 C.7.6.1.1.1 writes them. */
export function lettersOf(direction: Vector): string {
  return AXES.map(([plus, minus], axis) => ({ letter: (direction[axis] ?? 0) > 0 ? plus : minus, size: Math.abs(direction[axis] ?? 0) }))
    .filter(({ size }) => size > LEAST)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('');
}

/** Where the right edge and the lower edge of an image look to in the patient; null where nobody said it. */
export interface Orientation {
  right: string;
  bottom: string;
}

/** From the geometry, or else from what a projection says of itself; it is never guessed. */
export function orientationOf(dataset: DataSet): Orientation | null {
  const plane = planeOf(dataset);
  if (plane) return { right: lettersOf(plane.along), bottom: lettersOf(plane.down) };
  const [right = '', bottom = ''] = texts(dataset, TAG.patientOrientation);
  return right && bottom ? { right, bottom } : null;
}

const OPPOSITE: Record<string, string> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' };

/** The letters of the direction that looks the other way. */
export function opposite(letters: string): string {
  return [...letters].map((letter) => OPPOSITE[letter] ?? letter).join('');
}
