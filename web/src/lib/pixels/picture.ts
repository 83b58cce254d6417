import type { PixelFormat } from '@/lib/dicomweb/images';
import { EXPLICIT_BIG_ENDIAN } from '@/lib/dicomweb/syntaxes';

export type Samples = Uint8Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer>;

/** Stored values of one grey frame, as they came or smaller and with loss. */
export interface Grey {
  kind: 'grey';
  width: number;
  height: number;
  samples: Samples;
  /** Smallest and largest stored value. */
  range: readonly [number, number];
}

/** What is drawn as it is: colours, and what the server alone can draw. */
export interface Drawn {
  kind: 'drawn';
  width: number;
  height: number;
  bitmap: ImageBitmap;
}

export type Picture = Grey | Drawn;

/** How many bytes a picture takes in memory. */
export function bytesOf(picture: Picture): number {
  return picture.kind === 'grey' ? picture.samples.byteLength : picture.width * picture.height * 4;
}

/** Whether the values of an image can be read here; all others are drawn by the server. */
export function hasValues(format: PixelFormat): boolean {
  const isGrey = /^MONOCHROME[12]$/.test(format.photometric) && format.samplesPerPixel === 1;
  return isGrey && [8, 16].includes(format.bitsAllocated) && !format.hasTable;
}

function words(bytes: Uint8Array<ArrayBuffer>, count: number, isBigEndian: boolean): Uint16Array<ArrayBuffer> {
  if (!isBigEndian) return new Uint16Array(bytes.slice(0, count * 2).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Uint16Array.from({ length: count }, (_, index) => view.getUint16(index * 2, false));
}

/** Keeps the stored bits only and carries the sign, as PS3.5 section 8.1.1 asks. */
function cleaned(values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>, format: PixelFormat): Samples {
  const spare = format.bitsAllocated - format.bitsStored;
  const shift = 32 - format.bitsStored;
  if (format.isSigned) {
    const signed = format.bitsAllocated === 8 ? new Int8Array(values.length) : new Int16Array(values.length);
    for (let i = 0; i < values.length; i += 1) signed[i] = ((values[i] ?? 0) << shift) >> shift;
    return signed;
  }
  if (spare > 0) for (let i = 0; i < values.length; i += 1) values[i] = ((values[i] ?? 0) << shift) >>> shift;
  return values;
}

function rangeOf(samples: Samples): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of samples) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Returns values as a picture. */
export function greyOf(samples: Samples, width: number, height: number): Grey {
  return { kind: 'grey', width, height, samples, range: rangeOf(samples) };
}

/** Reads a frame that is not compressed. */
export function readNative(bytes: Uint8Array<ArrayBuffer>, transferSyntax: string, format: PixelFormat): Grey {
  const count = format.rows * format.columns;
  if (bytes.length < (count * format.bitsAllocated) / 8) throw new Error('frame shorter than its matrix');
  const isWide = format.bitsAllocated === 16;
  const raw = isWide ? words(bytes, count, transferSyntax === EXPLICIT_BIG_ENDIAN) : bytes.slice(0, count);
  return greyOf(cleaned(raw, format), format.columns, format.rows);
}
