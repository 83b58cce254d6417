import type { Image, PixelFormat, Window } from '@/lib/dicomweb/images';
import type { Picture } from '@/lib/pixels/picture';
import type { Best, SeriesStream } from '@/lib/stream/SeriesStream';
import { type Matrix, toImage, type Transform } from './camera';

/** Where a stage has its images from. */
export type Source = Pick<SeriesStream, 'seriesUid' | 'images' | 'extend' | 'look' | 'best' | 'errorOf' | 'subscribe'>;

/** What is to be seen on a stage. */
export interface Scene {
  picture: Picture;
  format: PixelFormat;
  window: Window;
  isInverted: boolean;
  transform: Transform;
}

/** Draws scenes on one canvas. */
export interface Painter {
  /** Who draws, as it names itself; null where it is the page. */
  readonly renderer: string | null;
  paint(scene: Scene): void;
  clear(): void;
}

export function matrixOf(format: PixelFormat): Matrix {
  return { width: format.columns, height: format.rows, aspect: format.aspect };
}

/** How many pixels of the image one of the picture stands for: a preview of a large image is smaller. */
export function coarsenessOf({ columns, rows }: PixelFormat, { width, height }: Picture): number {
  return Math.max(1, Math.round(Math.max(columns / width, rows / height)));
}

/** The value at a place of the stage, after rescaling; null beside the image, and of what has no values of its own. */
export function valueUnder({ format }: Image, best: Best | null, transform: Transform, stageX: number, stageY: number): number | null {
  if (best?.picture.kind !== 'grey' || best.isPreview) return null;
  const { samples, width, height } = best.picture;
  const [x, y] = toImage(transform, stageX, stageY).map(Math.floor) as [number, number];
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return (samples[y * width + x] ?? 0) * format.slope + format.intercept;
}
