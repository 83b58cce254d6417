import type { Measurement } from '@/lib/api/measurements';
import type { PresentedGraphic, Presentation, PresentedImage } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, type Place, toPlace } from '@/lib/geometry/grid';
import { type Camera, fitOf, type Size, UPRIGHT } from '@/viewer/lean/camera';
import { matrixOf } from '@/viewer/lean/scene';
import type { ViewState } from '../steering';
import { type Glass, pointAt } from './seen';

/** The label of the presentation states that measurements come with. */
export const MEASUREMENTS = 'MEASUREMENTS';

/** A presentation state, and the pane in which it was asked for. */
export class Presented {
  /** Its first image was gone to. */
  isBegun = false;
  /** The reader had enough of it. */
  isOver = false;

  constructor(
    readonly as: Presentation,
    readonly pane: number,
  ) {}
}

const CLOSED: ReadonlySet<string> = new Set(['rectangle', 'freehand']);
const QUARTER = 90;

type Points = [number, number][];

/** The lines of a measurement as a presentation state draws them (PS3.3 C.10.5). */
function graphicsOf({ kind, place }: Measurement): PresentedGraphic[] {
  const points = place?.points ?? [];
  const [a, b, c, d] = points;
  const line = (some: Points): PresentedGraphic => ({ kind: 'polyline', points: some, is_filled: false });
  if (kind === 'probe') return a ? [{ kind: 'point', points: [a], is_filled: false }] : [];
  if (kind === 'ellipse') return [{ kind: 'ellipse', points, is_filled: false }];
  if ((kind === 'bidirectional' || kind === 'cobb') && a && b && c && d) return [line([a, b]), line([c, d])];
  return [line(CLOSED.has(kind) && a ? [...points, a] : points)];
}

/** What is to be shown of the images that something was measured on: its lines, and its values beside them. */
export function presentedMeasurements(measurements: readonly Measurement[], say: (one: Measurement) => string): PresentedImage[] {
  const images = new Map<string, PresentedImage>();
  for (const one of measurements) {
    const [anchor] = one.place?.points ?? [];
    if (!one.place || !anchor) continue;
    const { series_instance_uid, sop_instance_uid, frame } = one.place;
    const key = `${sop_instance_uid}/${frame}`;
    const image = images.get(key) ?? { series_instance_uid, sop_instance_uid, frame, ...PLAIN, graphics: [], texts: [] };
    image.graphics.push(...graphicsOf(one));
    const text = [one.name, say(one)].filter(Boolean).join('\n');
    if (text) image.texts.push({ text, anchor });
    images.set(key, image);
  }
  return [...images.values()];
}

const PLAIN = { window: null, is_inverted: false, rotation_deg: 0, is_flipped: false, area: null } as const;

/** Of what comes with measurements, the states that each maker saved last, all at once: older ones show other lines. */
export function counting(all: readonly Presentation[]): Presentation[] {
  const newest = new Map<string, string>();
  for (const { label, maker, made_at: madeAt } of all) {
    if (label === MEASUREMENTS && madeAt > (newest.get(maker) ?? '')) newest.set(maker, madeAt);
  }
  return all.filter(({ label, maker, made_at: madeAt }) => label !== MEASUREMENTS || madeAt === (newest.get(maker) ?? ''));
}

/** The places of an image that lie at the corners of its pane. */
export function cornersOf(image: Image, glass: Glass, { clientWidth, clientHeight }: HTMLElement): Place[] {
  const spots = [[0, 0], [clientWidth, 0], [0, clientHeight], [clientWidth, clientHeight]] as const;
  return spots.map((spot) => toPlace(gridOf(image), pointAt(glass, spot)));
}

/** The standard turns first and mirrors then (PS3.3 C.10.6); the camera mirrors first, so that it turns the other way. */
function mirroredBack(camera: Camera): Camera {
  return camera.isFlipped ? { ...camera, quarters: ((4 - camera.quarters) % 4) as Camera['quarters'] } : camera;
}

const turnOf = (camera: Camera) => mirroredBack(camera).quarters;

/** An image as it is seen now; `corners` are the places at the corners of its pane. */
export function presentedView(seriesUid: string, image: Image, { window, isInverted, camera }: ViewState, corners: readonly Place[]): PresentedImage {
  const columns = corners.map(([column]) => column);
  const rows = corners.map(([, row]) => row);
  return {
    series_instance_uid: seriesUid,
    sop_instance_uid: image.sopInstanceUid,
    frame: image.frame,
    window,
    is_inverted: isInverted,
    rotation_deg: turnOf(camera) * QUARTER,
    is_flipped: camera.isFlipped,
    area: {
      top_left: [Math.round(Math.min(...columns)) + 1, Math.round(Math.min(...rows)) + 1],
      bottom_right: [Math.round(Math.max(...columns)), Math.round(Math.max(...rows))],
    },
    graphics: [],
    texts: [],
  };
}

/** Tells whether a presentation state speaks of an image there. */
export const isImageOf =
  (shown: PresentedImage) =>
  ({ sopInstanceUid, frame }: Image): boolean =>
    shown.sop_instance_uid === sopInstanceUid && shown.frame === frame;

/** How an image is to be seen, in a pane of a certain size in pixels of the screen. */
export function viewOf({ format }: Image, shown: PresentedImage, stage: Size): ViewState {
  const camera = mirroredBack({ ...UPRIGHT, quarters: ((shown.rotation_deg / QUARTER) % 4) as Camera['quarters'], isFlipped: shown.is_flipped });
  return { window: shown.window, isInverted: shown.is_inverted, camera: shown.area ? framed(format, shown.area, camera, stage) : camera };
}

/** The camera that shows a part of an image in the middle of the pane, as large as it fits. */
function framed(format: Image['format'], area: NonNullable<PresentedImage['area']>, camera: Camera, stage: Size): Camera {
  const [left, top] = [area.top_left[0] - 1, area.top_left[1] - 1];
  const [right, bottom] = area.bottom_right;
  const whole = matrixOf(format);
  const zoom = fitOf({ ...whole, width: right - left, height: bottom - top }, camera, stage) / fitOf(whole, camera, stage);
  const scale = fitOf(whole, camera, stage) * zoom;
  const across = ((left + right) / 2 - whole.width / 2) * scale * (camera.isFlipped ? -1 : 1);
  const down = ((top + bottom) / 2 - whole.height / 2) * scale * whole.aspect;
  const turn = (camera.quarters * Math.PI) / 2;
  return {
    ...camera,
    zoom,
    panX: -(across * Math.cos(turn) - down * Math.sin(turn)),
    panY: -(across * Math.sin(turn) + down * Math.cos(turn)),
  };
}
