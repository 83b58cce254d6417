import type { Contour, Roi, Segment, Segmentation, StructureSet } from '@/lib/api/segmentations';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, toSpace } from '@/lib/geometry/grid';
import { cross, dot, minus, type Vector } from '@/lib/geometry/vectors';

export type Colour = [number, number, number];

/** A part that can be seen or not: a segment, or a structure. */
export interface Part {
  key: string;
  name: string;
  colour: Colour;
}

/** A label map of one image, ready to be drawn over it. */
export interface LabelMap {
  columns: number;
  rows: number;
  labels: Uint8Array;
}

/** A line over an image, in the patient. */
export interface Line {
  part: Part;
  points: Vector[];
  isClosed: boolean;
}

/** Words over an image, at a point of the patient. */
export interface Words {
  text: string;
  point: Vector;
}

/** Something that lies over images: what parts it has, and what of it lies on an image. */
export interface Overlay {
  key: string;
  title: string;
  parts: Part[];
  /** Why it cannot be laid over images; the words stand under `overlays.refused`. */
  refusal: Segmentation['refusal'];
  mapOf(image: Image): LabelMap | null;
  contoursOf(image: Image): Line[];
  wordsOf(image: Image): Words[];
}

const FILL = 0.35;
const DOT = 1.5;
const NEAR_MM = 0.6;
const WORDS = 'rgb(214, 200, 140)';

const partKey = (owner: string, number: number) => `${owner}/${number}`;

/** A segmentation whose label maps are here. */
export function segmentationOverlay(one: Segmentation, labels: Uint8Array | null): Overlay {
  const key = one.sop_instance_uid;
  const size = one.rows * one.columns;
  const places = new Map(one.images.map(({ sop_instance_uid: uid, frame }, at) => [`${uid}/${frame}`, at]));
  return {
    key,
    title: one.label || one.description,
    refusal: one.refusal,
    parts: one.segments.map(({ number, label, colour }: Segment) => ({ key: partKey(key, number), name: label, colour })),
    mapOf: ({ sopInstanceUid, frame }) => {
      const at = places.get(`${sopInstanceUid}/${frame}`);
      if (at === undefined || !labels) return null;
      return { columns: one.columns, rows: one.rows, labels: labels.subarray(at * size, (at + 1) * size) };
    },
    contoursOf: () => [],
    wordsOf: () => [],
  };
}

/** A structure set: its contours lie on the frame that they name, or on the one whose plane they lie in. */
export function structureOverlay(one: StructureSet): Overlay {
  const key = one.sop_instance_uid;
  const partOf = ({ number, name, colour }: Roi): Part => ({ key: partKey(key, number), name, colour });
  return {
    key,
    title: one.label,
    refusal: one.is_unreadable ? 'unreadable' : '',
    parts: one.rois.map(partOf),
    mapOf: () => null,
    wordsOf: () => [],
    contoursOf: (image) =>
      one.rois.flatMap((roi) =>
        roi.contours
          .filter((contour) => isOn(contour, image, one.frame_of_reference_uid))
          .map((contour) => ({ part: partOf(roi), points: vectors(contour.points), isClosed: contour.kind.startsWith('CLOSED') })),
      ),
  };
}

/** Points of the patient lie nowhere on an image of which nobody knows where it lies, whatever names it. */
function isOn({ sop_instance_uid: uid, frames, points }: Contour, image: Image, frameOfReference: string): boolean {
  const { plane } = image;
  if (!plane || (uid ? uid !== image.sopInstanceUid : image.frameOfReferenceUid !== frameOfReference)) return false;
  if (uid && !image.isOneOfMany) return true;
  if (uid && frames.length) return frames.includes(image.frame);
  const [first] = vectors(points.slice(0, 3)); // of thousands of points
  return first !== undefined && Math.abs(dot(cross(plane.along, plane.down), minus(first, plane.position))) < NEAR_MM;
}

const vectors = (flat: number[]): Vector[] =>
  Array.from({ length: Math.floor(flat.length / 3) }, (_, at) => [flat[at * 3] ?? 0, flat[at * 3 + 1] ?? 0, flat[at * 3 + 2] ?? 0]);

export type ToSpot = (point: Vector) => readonly [number, number];

/** Draws what lies over an image; `toSpot` says where a point of the patient is in the pane. */
export function drawOverlays(context: CanvasRenderingContext2D, overlays: readonly Overlay[], hidden: ReadonlySet<string>, image: Image, toSpot: ToSpot): void {
  for (const overlay of overlays) {
    const map = overlay.mapOf(image);
    if (map) drawMap(context, map, overlay.parts, hidden, image, toSpot);
    for (const { part, points, isClosed } of overlay.contoursOf(image)) {
      if (!hidden.has(part.key)) drawContour(context, points.map(toSpot), part.colour, isClosed);
    }
    for (const { text, point } of overlay.wordsOf(image)) drawWords(context, text, toSpot(point));
  }
}

/** What the pixels of each label that can be seen are painted with. */
export function paintsOf(parts: readonly Part[], hidden: ReadonlySet<string>): Map<number, readonly number[]> {
  const seen = parts.filter(({ key }) => !hidden.has(key));
  return new Map(seen.map(({ key, colour }) => [Number(key.split('/').at(-1)), [...colour, Math.round(255 * FILL)]]));
}

function drawMap(context: CanvasRenderingContext2D, { columns, rows, labels }: LabelMap, parts: Part[], hidden: ReadonlySet<string>, image: Image, toSpot: ToSpot): void {
  const pixels = new ImageData(columns, rows);
  const paints = paintsOf(parts, hidden);
  for (const [at, label] of labels.entries()) {
    const paint = label ? paints.get(label) : undefined;
    if (paint) pixels.data.set(paint, at * 4);
  }
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  const grid = gridOf(image);
  const [corner, right, down] = [toSpot(toSpace(grid, [0, 0])), toSpot(toSpace(grid, [columns, 0])), toSpot(toSpace(grid, [0, rows]))];
  context.save();
  context.imageSmoothingEnabled = false;
  context.transform(
    (right[0] - corner[0]) / columns,
    (right[1] - corner[1]) / columns,
    (down[0] - corner[0]) / rows,
    (down[1] - corner[1]) / rows,
    corner[0],
    corner[1],
  );
  context.drawImage(canvas, 0, 0);
  context.restore();
}

/** A line between spots; one spot alone is a dot. */
export function drawContour(context: CanvasRenderingContext2D, spots: (readonly [number, number])[], colour: Colour, isClosed: boolean): void {
  const [[x, y] = [0, 0], ...others] = spots;
  context.beginPath();
  if (others.length) for (const spot of spots) context.lineTo(...spot);
  else context.arc(x, y, DOT, 0, 2 * Math.PI);
  if (isClosed) context.closePath();
  context.strokeStyle = `rgb(${colour.join(' ')})`;
  context.lineWidth = 1.5;
  context.stroke();
}

const LINE_HEIGHT = 17;

function drawWords(context: CanvasRenderingContext2D, text: string, [x, y]: readonly [number, number]): void {
  context.font = '13px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';
  context.fillStyle = WORDS;
  context.shadowColor = '#000';
  context.shadowBlur = 3;
  for (const [line, words] of text.split('\n').entries()) context.fillText(words, x + 8, y + line * LINE_HEIGHT);
  context.shadowBlur = 0;
}
