import type { PixelFormat, VoiFunction, Window } from '@/lib/dicomweb/images';
import type { Grey } from './picture';

/** The window to begin with: the one stored with the image, else the full range of its values. */
export function firstWindow(format: PixelFormat, range: readonly [number, number]): Window {
  if (format.window) return format.window;
  const low = Math.min(range[0] * format.slope, range[1] * format.slope) + format.intercept;
  const high = Math.max(range[0] * format.slope, range[1] * format.slope) + format.intercept;
  return { center: Math.round((low + high + 1) / 2), width: Math.max(1, Math.round(high - low + 1)) };
}

/** The place of a value in a window, 0 to 1: PS3.3 C.11.2.1.2.1, and C.11.2.1.3 for the others. */
export function placeIn(value: number, { center, width }: Window, by: VoiFunction): number {
  if (by === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (by === 'LINEAR_EXACT') return clamped((value - center) / width + 0.5);
  if (width <= 1) return value > center - 0.5 ? 1 : 0;
  return clamped((value - (center - 0.5)) / (width - 1) + 0.5);
}

const clamped = (place: number) => Math.max(0, Math.min(1, place));

function table({ range }: Grey, format: PixelFormat, window: Window, isInverted: boolean): Uint8Array {
  const [low, high] = range;
  const isNegative = isInverse(format, isInverted);
  return Uint8Array.from({ length: high - low + 1 }, (_, index) => {
    const place = placeIn((low + index) * format.slope + format.intercept, window, format.voiFunction);
    return Math.round(255 * (isNegative ? 1 - place : place));
  });
}

/** Whether small values are bright: so stored, or so wished, but not both. */
export function isInverse(format: PixelFormat, isInverted: boolean): boolean {
  return (format.photometric === 'MONOCHROME1') !== isInverted;
}

/** Paints grey without the help of a graphics card. */
export function paint(picture: Grey, format: PixelFormat, window: Window, isInverted: boolean, pixels: ImageData): void {
  const greys = table(picture, format, window, isInverted);
  const low = picture.range[0];
  const target = new Uint32Array(pixels.data.buffer);
  for (let i = 0; i < target.length; i += 1) {
    const grey = greys[(picture.samples[i] ?? 0) - low] ?? 0;
    target[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
}
