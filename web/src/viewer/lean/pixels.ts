import type { PixelFormat, Window } from '@/lib/dicomweb/images';
import { EXPLICIT_BIG_ENDIAN } from '@/lib/dicomweb/syntaxes';

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** A frame ready to draw: stored values of grey images, or interleaved 8 bit colour. */
export interface Picture {
  format: PixelFormat;
  samples: Samples;
  /** Smallest and largest stored value (grey). */
  range: readonly [number, number];
}

const isGrey = (format: PixelFormat) => /^MONOCHROME[12]$/.test(format.photometric);

export function canShow(format: PixelFormat): boolean {
  if (isGrey(format)) return format.samplesPerPixel === 1 && [8, 16].includes(format.bitsAllocated);
  return format.photometric === 'RGB' && format.samplesPerPixel === 3 && format.bitsAllocated === 8 && !format.isPlanar;
}

function words(bytes: Uint8Array<ArrayBuffer>, count: number, isBigEndian: boolean): Uint16Array<ArrayBuffer> {
  if (!isBigEndian) return new Uint16Array(bytes.slice(0, count * 2).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Uint16Array.from({ length: count }, (_, index) => view.getUint16(index * 2, false));
}

/** Keeps the stored bits only and carries the sign, as PS3.5 section 8.1.1 asks. */
function cleaned(values: Uint8Array | Uint16Array, format: PixelFormat): Samples {
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

export function readPicture(bytes: Uint8Array<ArrayBuffer>, transferSyntax: string, format: PixelFormat): Picture {
  const count = format.rows * format.columns * format.samplesPerPixel;
  if (bytes.length < (count * format.bitsAllocated) / 8) throw new Error('frame shorter than its matrix');
  if (!isGrey(format)) return { format, samples: bytes.slice(0, count), range: [0, 255] };
  const isWide = format.bitsAllocated === 16;
  const raw = isWide ? words(bytes, count, transferSyntax === EXPLICIT_BIG_ENDIAN) : bytes.slice(0, count);
  const samples = cleaned(raw, format);
  return { format, samples, range: rangeOf(samples) };
}

/** The window to begin with: the one stored with the image, else the full range of its values. */
export function firstWindow(picture: Picture): Window {
  const { format, range } = picture;
  if (format.window) return format.window;
  const low = Math.min(range[0] * format.slope, range[1] * format.slope) + format.intercept;
  const high = Math.max(range[0] * format.slope, range[1] * format.slope) + format.intercept;
  return { center: Math.round((low + high + 1) / 2), width: Math.max(1, Math.round(high - low + 1)) };
}

/** The linear VOI function of PS3.3 section C.11.2.1.2.1, to 0..255. */
export function linear(value: number, { center, width }: Window): number {
  if (width <= 1) return value > center - 0.5 ? 255 : 0;
  const y = ((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
  return Math.max(0, Math.min(255, Math.round(y)));
}

function greyTable({ format, range }: Picture, window: Window): Uint8Array {
  const [low, high] = range;
  const isInverse = format.photometric === 'MONOCHROME1';
  const table = new Uint8Array(high - low + 1);
  for (let i = 0; i < table.length; i += 1) {
    const grey = linear((low + i) * format.slope + format.intercept, window);
    table[i] = isInverse ? 255 - grey : grey;
  }
  return table;
}

function paintGrey(picture: Picture, window: Window, target: Uint32Array): void {
  const table = greyTable(picture, window);
  const low = picture.range[0];
  for (let i = 0; i < target.length; i += 1) {
    const grey = table[(picture.samples[i] ?? 0) - low] ?? 0;
    target[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
}

function paintColour({ samples }: Picture, target: Uint32Array): void {
  for (let i = 0; i < target.length; i += 1) {
    const at = i * 3;
    target[i] = 0xff000000 | ((samples[at + 2] ?? 0) << 16) | ((samples[at + 1] ?? 0) << 8) | (samples[at] ?? 0);
  }
}

export function paint(picture: Picture, window: Window, pixels: ImageData): void {
  const target = new Uint32Array(pixels.data.buffer);
  if (isGrey(picture.format)) paintGrey(picture, window, target);
  else paintColour(picture, target);
}
