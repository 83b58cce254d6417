import { getEnabledElement, type Types } from '@cornerstonejs/core';
import { type Camera, type Size, UPRIGHT, zoomed } from '../lean/camera';

/** A place in a pane, in pixels of the page. */
export type Spot = readonly [number, number];

/** What Cornerstone says of fingers that move. */
export interface Fingers {
  element: HTMLDivElement;
  currentPointsList: readonly { canvas: ArrayLike<number> }[];
  lastPointsList: readonly { canvas: ArrayLike<number> }[];
}

/** How an image is seen once two fingers have moved: what lies between them goes with them, and grows with their distance. */
export function pinched(camera: Camera, stage: Size, before: readonly Spot[], now: readonly Spot[]): Camera {
  const [from, to] = [middleOf(before), middleOf(now)];
  const moved = { ...camera, panX: camera.panX + to[0] - from[0], panY: camera.panY + to[1] - from[1] };
  return zoomed(moved, apart(now) / apart(before), stage, to[0], to[1]);
}

const middleOf = ([[x, y] = [0, 0], [otherX, otherY] = [0, 0]]: readonly Spot[]): Spot => [(x + otherX) / 2, (y + otherY) / 2];
const apart = ([[x, y] = [0, 0], [otherX, otherY] = [0, 0]]: readonly Spot[]) => Math.hypot(otherX - x, otherY - y) || 1;

/** Has a pane follow two fingers; nothing is done until both are on it. */
export function pinch({ element, currentPointsList: now, lastPointsList: before }: Fingers): void {
  const viewport = getEnabledElement(element)?.viewport as Types.IStackViewport | undefined;
  if (!viewport || before.length < 2 || now.length < 2) return;
  const [panX = 0, panY = 0] = viewport.getPan();
  const stage = { width: element.clientWidth, height: element.clientHeight };
  const next = pinched({ ...UPRIGHT, zoom: viewport.getZoom(), panX, panY }, stage, spots(before), spots(now));
  viewport.setZoom(next.zoom);
  viewport.setPan([next.panX, next.panY]);
  viewport.render();
}

const spots = (points: Fingers['lastPointsList']): Spot[] => points.map(({ canvas }) => [canvas[0] ?? 0, canvas[1] ?? 0]);
