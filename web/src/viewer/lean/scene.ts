import type { PixelFormat, Window } from '@/lib/dicomweb/images';
import type { Picture } from '@/lib/pixels/picture';
import type { Matrix, Transform } from './camera';

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
