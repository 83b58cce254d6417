import { type DataSet, items, number, TAG } from './json';

/** A part of an ultrasound image with axes of its own (PS3.3 C.8.5.5): lengths, or times, speeds and others. */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** What one pixel is worth; null of Doppler, M-mode and others, in which no length is measured. */
  spacing: { rowMm: number; columnMm: number } | null;
}

const CENTIMETRES = 3;
const MM_PER_CM = 10;

function spacingOf(item: DataSet): Region['spacing'] {
  const isLength = number(item, TAG.regionUnitsX) === CENTIMETRES && number(item, TAG.regionUnitsY) === CENTIMETRES;
  const columnMm = Math.abs(number(item, TAG.regionDeltaX) ?? 0) * MM_PER_CM;
  const rowMm = Math.abs(number(item, TAG.regionDeltaY) ?? 0) * MM_PER_CM;
  return isLength && columnMm && rowMm ? { rowMm, columnMm } : null;
}

function regionOf(item: DataSet): Region {
  const corner = (tag: string) => number(item, tag) ?? 0;
  const [left, top] = [corner(TAG.regionLeft), corner(TAG.regionTop)];
  return { left, top, right: corner(TAG.regionRight), bottom: corner(TAG.regionBottom), spacing: spacingOf(item) };
}

export function regionsOf(dataset: DataSet): Region[] {
  return items(dataset, TAG.ultrasoundRegions).map(regionOf);
}
