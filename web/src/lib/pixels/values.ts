import type { PixelFormat } from '@/lib/dicomweb/images';
import type { Drawn, Grey, Picture, Samples } from './picture';

/** Values as the modality means them, or red, green and blue. */
export type Values = Samples | Float32Array<ArrayBuffer>;

const made = new WeakMap<Picture, Values>();

/** The values of a picture at the size of its image, after rescaling; made once for each picture. */
export function valuesIn(picture: Picture, format: PixelFormat): Values {
  const known = made.get(picture);
  if (known) return known;
  const values = picture.kind === 'grey' ? rescaled(enlarged(picture, format), picture.range, format) : colours(picture);
  made.set(picture, values);
  return values;
}

/** A preview is smaller than its image: it is drawn out to the same size, so that everything lies at its place. */
function enlarged({ samples, width, height }: Grey, { columns, rows }: PixelFormat): Samples {
  if (width === columns && height === rows) return samples;
  const large = new (samples.constructor as new (length: number) => Samples)(columns * rows);
  const across = Int32Array.from({ length: columns }, (_, column) => Math.min(width - 1, Math.floor((column * width) / columns)));
  for (let row = 0; row < rows; row += 1) {
    const from = Math.min(height - 1, Math.floor((row * height) / rows)) * width;
    for (let column = 0; column < columns; column += 1) large[row * columns + column] = samples[from + (across[column] ?? 0)] ?? 0;
  }
  return large;
}

function rescaled(samples: Samples, range: Grey['range'], { slope, intercept }: PixelFormat): Values {
  if (slope === 1 && intercept === 0) return samples;
  const values = fits(range, slope, intercept) ? new Int16Array(samples.length) : new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) values[at] = (samples[at] as number) * slope + intercept;
  return values;
}

/** Whether whole numbers of 16 bits hold every value that may come of the rescaling. */
function fits(range: Grey['range'], slope: number, intercept: number): boolean {
  if (!Number.isInteger(slope) || !Number.isInteger(intercept)) return false;
  return range.every((end) => Math.abs(end * slope + intercept) < 2 ** 15);
}

function colours({ bitmap, width, height }: Drawn): Uint8Array<ArrayBuffer> {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) values.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  return values;
}
