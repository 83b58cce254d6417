import { type DataSet, items, number, TAG } from './json';

/** A part of an ultrasound image in which one pixel is worth so many millimetres (PS3.3 C.8.5.5). */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
  rowMm: number;
  columnMm: number;
}

const CENTIMETRES = 3;
const MM_PER_CM = 10;

function regionOf(item: DataSet): Region[] {
  const isLength = number(item, TAG.regionUnitsX) === CENTIMETRES && number(item, TAG.regionUnitsY) === CENTIMETRES;
  const columnMm = Math.abs(number(item, TAG.regionDeltaX) ?? 0) * MM_PER_CM;
  const rowMm = Math.abs(number(item, TAG.regionDeltaY) ?? 0) * MM_PER_CM;
  const corner = (tag: string) => number(item, tag) ?? 0;
  if (!isLength || !columnMm || !rowMm) return [];
  const [left, top] = [corner(TAG.regionLeft), corner(TAG.regionTop)];
  return [{ left, top, right: corner(TAG.regionRight), bottom: corner(TAG.regionBottom), rowMm, columnMm }];
}

/** The regions whose pixels are lengths; Doppler and M-mode have other axes, and no length is measured there. */
export function regionsOf(dataset: DataSet): Region[] {
  return items(dataset, TAG.ultrasoundRegions).flatMap(regionOf);
}
