import type { Image, Window } from '@/lib/dicomweb/images';
import { lettersOf, opposite } from '@/lib/dicomweb/planes';
import { dot, minus, unit, type Vector } from '@/lib/geometry/vectors';
import { gridOf, toPlace } from '@/lib/geometry/grid';
import { valuesIn } from '@/lib/pixels/values';
import type { Best } from '@/lib/stream/SeriesStream';
import type { Edges } from '@/viewer/lean/camera';

/** What stands around the picture of a pane that shows a series image by image. */
export interface Seen {
  index: number;
  total: number;
  image: Image;
  best: Best | null;
  error: Error | null;
  window: Window | null;
  isInverted: boolean;
  /** Null where nobody said how the image lies. */
  edges: Edges | null;
  /** The value under the pointer, after rescaling. */
  value: number | null;
}

/** Directions on the glass, in the patient. */
export interface Directions {
  right: Vector;
  down: Vector;
}

/** What a pane needs to say where a spot of it lies in the patient. */
export interface Glass {
  canvasToWorld(spot: [number, number]): readonly number[];
}

export const pointAt = (glass: Glass, spot: readonly [number, number]) => glass.canvasToWorld([...spot]) as unknown as Vector;

export function directionsOf(glass: Glass): Directions {
  const corner = pointAt(glass, [0, 0]);
  return { right: unit(minus(pointAt(glass, [1, 0]), corner)), down: unit(minus(pointAt(glass, [0, 1]), corner)) };
}

/** The value under a spot of a pane, after rescaling; null beside the image, and of what is not there without loss. */
export function valueUnder(image: Image, best: Best | null, glass: Glass, spot: readonly [number, number]): number | null {
  if (best?.picture.kind !== 'grey' || best.isPreview) return null;
  const [column, row] = toPlace(gridOf(image), pointAt(glass, spot)).map(Math.floor) as [number, number];
  const { columns, rows } = image.format;
  if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
  return valuesIn(best.picture, image.format)[row * columns + column] ?? null;
}

export function edgesOf({ right, down }: Directions): Edges {
  const [toRight, toBottom] = [lettersOf(right), lettersOf(down)];
  return { right: toRight, left: opposite(toRight), bottom: toBottom, top: opposite(toBottom) };
}

/** The letters at the edges of an image: from where it lies, or from what a projection says of itself. */
export function imageEdges(image: Image, { right, down }: Directions): Edges | null {
  if (image.plane) return edgesOf({ right, down });
  const { orientation } = image;
  if (!orientation) return null;
  const { along, down: downwards } = gridOf(image);
  const letter = (direction: Vector) => {
    const [across, below] = [dot(unit(direction), along), dot(unit(direction), downwards)];
    const said = Math.abs(across) > Math.abs(below) ? orientation.right : orientation.bottom;
    return (Math.abs(across) > Math.abs(below) ? across : below) > 0 ? said : opposite(said);
  };
  const [toRight, toBottom] = [letter(right), letter(down)];
  return { right: toRight, left: opposite(toRight), bottom: toBottom, top: opposite(toBottom) };
}
