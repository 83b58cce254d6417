import { displayTable } from './lean/display';

const LEVELS = 256;

/** Screen codes (0 to 255, in fractions) for the 256 greys that Cornerstone draws, from the table of this display. */
export function codesOf(table: Float32Array): Float32Array {
  return Float32Array.from({ length: LEVELS }, (_, grey) => {
    const at = (grey / (LEVELS - 1)) * (table.length - 1);
    const [low, part] = [Math.floor(at), at % 1];
    const [one = 0, other = 0] = [table[low], table[Math.min(table.length - 1, low + 1)]];
    return (one + (other - one) * part) * (LEVELS - 1);
  });
}

/** The 8 × 8 thresholds of ordered dither, 0 to 1: fractions of a code become an even grain that the eye does not see. */
const THRESHOLDS = Float32Array.from({ length: 64 }, (_, at) => {
  const [x, y] = [at % 8, Math.floor(at / 8)];
  let rank = 0;
  for (let bit = 0; bit < 3; bit += 1) {
    const [a, b] = [(x >> bit) & 1, (y >> bit) & 1];
    rank = rank * 4 + ((a ^ b) << 1) + b;
  }
  return (rank + 0.5) / 64;
});

/** Puts greys through the table of the display, in place; what is in colour (lines, crosshairs) stays as it is. */
export function passThrough(pixels: ImageData, codes: Float32Array): void {
  const { data, width } = pixels;
  for (let at = 0; at < data.length; at += 4) {
    const grey = data[at] ?? 0;
    if (grey !== data[at + 1] || grey !== data[at + 2]) continue;
    const pixel = at / 4;
    const threshold = THRESHOLDS[(Math.floor(pixel / width) % 8) * 8 + ((pixel % width) % 8)] ?? 0;
    data.fill(Math.min(255, Math.floor((codes[grey] ?? 0) + threshold)), at, at + 3);
  }
}

/** Has what was drawn on a canvas go through the table of this display; without one nothing is done. */
export function calibrateCanvas(context: CanvasRenderingContext2D, codes: Float32Array | null): void {
  if (!codes) return;
  const pixels = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  passThrough(pixels, codes);
  context.putImageData(pixels, 0, 0);
}

/** The codes of this display; null where nobody calibrated it. */
export function ownCodes(): Float32Array | null {
  const table = displayTable();
  return table && codesOf(table);
}
