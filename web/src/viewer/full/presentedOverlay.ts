import type { PresentedGraphic, PresentedImage } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, type Place, toSpace } from '@/lib/geometry/grid';
import { ellipseOutline } from '@/lib/measure/shapes';
import type { Line, Overlay, Part } from './overlays';
import { isImageOf } from './presenting';

const MARK_PIXELS = 4;

/** The outline of a graphic in the places of its image (PS3.3 C.10.5.1). */
export function outlineOf({ kind, points }: PresentedGraphic): { points: readonly Place[]; isClosed: boolean }[] {
  const [a, b] = points;
  if (kind === 'ellipse') return [{ points: ellipseOutline(points), isClosed: true }];
  if (kind === 'circle' && a && b) return [{ points: circle(a, Math.hypot(b[0] - a[0], b[1] - a[1])), isClosed: true }];
  if (kind === 'point' && a) return cross(a);
  return [{ points, isClosed: false }];
}

function circle([x, y]: Place, radius: number): readonly Place[] {
  return ellipseOutline([[x - radius, y], [x + radius, y], [x, y - radius], [x, y + radius]]);
}

function cross([x, y]: Place) {
  const across: Place[] = [[x - MARK_PIXELS, y], [x + MARK_PIXELS, y]];
  const down: Place[] = [[x, y - MARK_PIXELS], [x, y + MARK_PIXELS]];
  return [{ points: across, isClosed: false }, { points: down, isClosed: false }];
}

/** The lines and words of a presentation state, as something that lies over its images. */
export function presentedOverlay(sopInstanceUid: string, images: readonly PresentedImage[]): Overlay {
  const part: Part = { key: sopInstanceUid, name: '', colour: [214, 200, 140] };
  const of = (image: Image) => images.filter((one) => isImageOf(one)(image));
  const linesOf = (image: Image): Line[] =>
    of(image)
      .flatMap(({ graphics }) => graphics.flatMap(outlineOf))
      .map(({ points, isClosed }) => ({ part, isClosed, points: points.map((place) => toSpace(gridOf(image), place)) }));
  return {
    key: sopInstanceUid,
    title: '',
    parts: [],
    refusal: '',
    mapOf: () => null,
    contoursOf: linesOf,
    wordsOf: (image) => of(image).flatMap(({ texts }) => texts.map(({ text, anchor }) => ({ text, point: toSpace(gridOf(image), anchor) }))),
  };
}
