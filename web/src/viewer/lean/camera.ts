import { opposite, type Orientation } from '@/lib/dicomweb/planes';

/** How an image lies on its stage: `zoom` 1 fills it; `pan` is in pixels of the screen at that zoom. */
export interface Camera {
  zoom: number;
  panX: number;
  panY: number;
  /** Clockwise, in quarters of a turn. */
  quarters: 0 | 1 | 2 | 3;
  isFlipped: boolean;
}

export const UPRIGHT: Camera = { zoom: 1, panX: 0, panY: 0, quarters: 0, isFlipped: false };

export interface Size {
  width: number;
  height: number;
}

/** An image, and the height of its pixels divided by their width. */
export interface Matrix extends Size {
  aspect: number;
}

/** From pixels of the image to pixels of the stage: x' = a x + c y + e, y' = b x + d y + f. */
export interface Transform {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

const TURNS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
const LEAST_ZOOM = 0.1;
const MOST_ZOOM = 40;

/** Pixels of the stage for a column of the image that fills it. */
export function fitOf({ width, height, aspect }: Matrix, { quarters }: Camera, stage: Size): number {
  const tall = height * aspect;
  const isTurned = quarters % 2 === 1;
  return Math.min(stage.width / (isTurned ? tall : width), stage.height / (isTurned ? width : tall));
}

export function transformOf(image: Matrix, camera: Camera, stage: Size): Transform {
  const scale = fitOf(image, camera, stage) * camera.zoom;
  const [cosine, sine] = TURNS[camera.quarters];
  const mirror = camera.isFlipped ? -1 : 1;
  const a = scale * cosine * mirror;
  const b = scale * sine * mirror;
  const c = -scale * sine * image.aspect;
  const d = scale * cosine * image.aspect;
  const e = stage.width / 2 + camera.panX - (a * image.width + c * image.height) / 2;
  const f = stage.height / 2 + camera.panY - (b * image.width + d * image.height) / 2;
  return { a, b, c, d, e, f };
}

/** From a place on the stage to a place in the image, both in pixels; the middle of the first pixel is at 0.5. */
export function toImage({ a, b, c, d, e, f }: Transform, x: number, y: number): [number, number] {
  const area = a * d - b * c;
  return [(d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area];
}

/** Zooms so that what lies under a place of the stage stays there. */
export function zoomed(camera: Camera, factor: number, stage: Size, x: number, y: number): Camera {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, camera.zoom * factor));
  const real = zoom / camera.zoom;
  const fromMiddleX = x - stage.width / 2;
  const fromMiddleY = y - stage.height / 2;
  return {
    ...camera,
    zoom,
    panX: fromMiddleX - (fromMiddleX - camera.panX) * real,
    panY: fromMiddleY - (fromMiddleY - camera.panY) * real,
  };
}

/** Moves what is seen, in steps of so many pixels of the screen. */
export function panned(camera: Camera, across: number, down: number, pixels: number): Camera {
  return { ...camera, panX: camera.panX + across * pixels, panY: camera.panY + down * pixels };
}

export function turned(camera: Camera): Camera {
  return { ...camera, quarters: ((camera.quarters + 1) % 4) as Camera['quarters'] };
}

/** Mirrors what is seen, left to right. */
export function flipped(camera: Camera): Camera {
  const quarters = ((4 - camera.quarters) % 4) as Camera['quarters'];
  return { ...camera, isFlipped: !camera.isFlipped, quarters };
}

export interface Edges {
  top: string;
  right: string;
  bottom: string;
  left: string;
}

/** Where in the patient each edge of the stage looks to. */
export function edgesOf({ right, bottom }: Orientation, { quarters, isFlipped }: Camera): Edges {
  const side = isFlipped ? opposite(right) : right;
  const around = [opposite(bottom), side, bottom, opposite(side)];
  const at = (edge: number) => around[(edge + 4 - quarters) % 4] ?? '';
  return { top: at(0), right: at(1), bottom: at(2), left: at(3) };
}
