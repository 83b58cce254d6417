import type { Image } from '@/lib/dicomweb/images';
import type { Stacking } from '@/lib/geometry/stacking';
import { plus, times } from '@/lib/geometry/vectors';
import type { Assembled, VolumeValues } from './Assembled';

/** The values of one image of the series, after rescaling. */
export type SliceOf = (index: number) => ArrayLike<number>;

/** How the sheared, uneven images of a series lie in a straight block around all of them. */
interface Block {
  columns: number;
  rows: number;
  slices: number;
  /** Where the first image lies in the block, in mm. */
  leftMm: number;
  topMm: number;
}

function blockOf({ asideMm, depthsMm, spacing, stepMm }: Stacking, { rows, columns }: Image['format']): Block {
  const across = asideMm.map(([one]) => one);
  const down = asideMm.map(([, one]) => one);
  const wide = Math.max(...across) - Math.min(...across);
  const high = Math.max(...down) - Math.min(...down);
  return {
    columns: columns + Math.ceil(wide / spacing.columnMm),
    rows: rows + Math.ceil(high / spacing.rowMm),
    slices: Math.floor((depthsMm.at(-1) ?? 0) / stepMm + 1e-6) + 1,
    leftMm: Math.min(...across),
    topMm: Math.min(...down),
  };
}

/** Bytes that a series takes as a volume. */
export function volumeBytes(stacking: Stacking, { format }: Image): number {
  const { columns, rows, slices } = blockOf(stacking, format);
  return columns * rows * slices * 2;
}

type Maker = new (length: number) => VolumeValues;

/** The narrowest kind of numbers that holds all values; what was rescaled to fractions keeps them. */
function kindOf(slices: ArrayLike<number>[]): Maker {
  const kinds = new Set(slices.map((slice) => slice.constructor));
  if (kinds.has(Float32Array)) return Float32Array;
  if (kinds.size === 1 && (kinds.has(Uint8Array) || kinds.has(Uint16Array))) return [...kinds][0] as Maker;
  return kinds.has(Uint16Array) ? Float32Array : Int16Array;
}

const pause = () => new Promise<void>((go) => setTimeout(go, 0));

/**
 * Puts the images of a series together, interpolating between neighbours where they do not lie evenly or straight: the
 * values of each voxel come from the two images around it, each at the same place in the patient. Where images are
 * missing nothing is made up (ADR 26): the slice has the lowest value of all, which is air. Between slices the page goes on.
 */
export async function assemble(
  stacking: Stacking,
  images: readonly Image[],
  sliceOf: SliceOf,
  isPreview: boolean,
): Promise<Assembled> {
  const sample = images[stacking.order[0] ?? 0] as Image;
  const block = blockOf(stacking, sample.format);
  const { columns, rows, slices, leftMm, topMm } = block;
  const sources = stacking.order.map((index) => sliceOf(index));
  const values = new (kindOf(sources))(columns * rows * slices);
  const missing = new Set<number>();
  const outside = stacking.gaps.length ? await lowestOf(sources) : 0;
  for (let slice = 0; slice < slices; slice += 1) {
    const target = values.subarray(slice * rows * columns, (slice + 1) * rows * columns);
    if (stacking.isRegular) (target as Int16Array).set(sources[slice] as ArrayLike<number>);
    else {
      const way = wayAt(stacking, slice * stacking.stepMm);
      if (way) between(stacking, sample.format, block, sources, way, target);
      else {
        missing.add(slice);
        target.fill(outside);
      }
    }
    if (slice % 8 === 7 || !stacking.isRegular) await pause();
  }
  const { along, down, position } = stacking.first;
  return {
    values,
    columns,
    rows,
    slices,
    spacingMm: [stacking.spacing.columnMm, stacking.spacing.rowMm, stacking.stepMm],
    origin: plus(plus(position, times(along, leftMm)), times(down, topMm)),
    along,
    down,
    normal: stacking.normal,
    isResampled: !stacking.isRegular,
    missing,
    isPreview,
    frameOfReferenceUid: sample.frameOfReferenceUid,
    unit: sample.format.unit,
    sample,
    stacking,
  };
}

async function lowestOf(sources: readonly ArrayLike<number>[]): Promise<number> {
  let lowest = Infinity;
  for (const source of sources) {
    for (let at = 0; at < source.length; at += 1) lowest = Math.min(lowest, source[at] as number);
    await pause();
  }
  return lowest;
}

/** A depth between two images of the order: which is below, and how far it is from there to the next one, in parts. */
interface Way {
  from: number;
  share: number;
}

/** Between which images a depth lies; beside a gap only the nearer one counts, and within it there is none. */
function wayAt({ depthsMm, gaps, stepMm }: Stacking, depthMm: number): Way | null {
  const above = Math.max(1, depthsMm.findIndex((depth) => depth >= depthMm - 1e-6));
  const from = above - 1;
  const wayMm = (depthsMm[above] ?? 0) - (depthsMm[from] ?? 0);
  const share = (depthMm - (depthsMm[from] ?? 0)) / wayMm || 0;
  if (!gaps.includes(from)) return { from, share };
  const half = stepMm / wayMm / 2;
  if (share <= half) return { from, share: 0 };
  return share >= 1 - half ? { from, share: 1 } : null;
}

/** Fills one slice of the block from the images below and above it. */
function between(
  { asideMm, spacing }: Stacking,
  { rows, columns }: Image['format'],
  block: Block,
  sources: ArrayLike<number>[],
  { from, share }: Way,
  target: VolumeValues,
): void {
  const above = from + 1;
  const shift = (index: number) => {
    const [across = 0, down = 0] = asideMm[index] ?? [];
    return [(across - block.leftMm) / spacing.columnMm, (down - block.topMm) / spacing.rowMm] as const;
  };
  // The image of this depth would lie between those of its neighbours: each of them is read where it shows the same place.
  const [leftBelow, topBelow] = shift(from);
  const [leftAbove, topAbove] = shift(above);
  const below = reader(sources[from] as ArrayLike<number>, columns, rows, leftBelow, topBelow);
  const over = reader(sources[above] as ArrayLike<number>, columns, rows, leftAbove, topAbove);
  // An array of whole numbers cuts fractions off towards zero, which would pull all values there by half a unit.
  const kept = target instanceof Float32Array ? (value: number) => value : Math.round;
  for (let row = 0; row < block.rows; row += 1) {
    for (let column = 0; column < block.columns; column += 1) {
      const one = below(column, row);
      target[row * block.columns + column] = kept(share === 0 ? one : one + (over(column, row) - one) * share);
    }
  }
}

/** Reads an image that was moved to the right and down, between its pixels; beyond its edge it goes on as there. */
function reader(source: ArrayLike<number>, columns: number, rows: number, left: number, top: number) {
  const partX = Math.ceil(left) - left;
  const partY = Math.ceil(top) - top;
  const at = (column: number, row: number) =>
    source[Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column))] ?? 0;
  return (column: number, row: number) => {
    const x = column - Math.ceil(left);
    const y = row - Math.ceil(top);
    const upper = at(x, y) * (1 - partX) + at(x + 1, y) * partX;
    if (partY === 0) return upper;
    return upper * (1 - partY) + (at(x, y + 1) * (1 - partX) + at(x + 1, y + 1) * partX) * partY;
  };
}
