import type { Types } from '@cornerstonejs/core';
import { cross, distance, dot, minus, plus, times, turned, unit, type Vector } from '@/lib/geometry/vectors';

type Turned = Pick<Types.IViewport, 'getCamera' | 'setCamera' | 'getPan' | 'setPan' | 'render'>;

/** Has who looks go around what is in the middle, in degrees: to the right, and under it. */
export function turnView(viewport: Turned, right: number, under: number): void {
  const { focalPoint, position, viewUp } = viewport.getCamera();
  if (!focalPoint || !position || !viewUp) return;
  const [middle, eye, up] = [focalPoint, position, unit(viewUp as Vector)] as [Vector, Vector, Vector];
  const across = unit(cross(minus(middle, eye), up));
  const around = (vector: Vector) => turned(turned(vector, up, right), across, under);
  const toEye = around(minus(eye, middle));
  const point = (vector: Vector) => [...vector] as Types.Point3;
  viewport.setCamera({ focalPoint, position: point(plus(middle, toEye)), viewUp: point(around(up)), viewPlaneNormal: point(unit(toEye)) });
  viewport.render();
}

/** Turns the plane that is seen as little as needed to look along `normal`, or against it. */
export function faceView(viewport: Turned, normal: Vector): void {
  const { focalPoint, position, viewUp, viewPlaneNormal } = viewport.getCamera();
  if (!focalPoint || !position || !viewUp || !viewPlaneNormal) return;
  const toEye = dot(normal, viewPlaneNormal as Vector) < 0 ? times(normal, -1) : normal;
  const up = minus(viewUp as Vector, times(toEye, dot(toEye, viewUp as Vector)));
  const eye = plus(focalPoint as Vector, times(toEye, distance(position as Vector, focalPoint as Vector)));
  const point = (vector: Vector) => [...vector] as Types.Point3;
  viewport.setCamera({ focalPoint, position: point(eye), viewUp: point(unit(up)), viewPlaneNormal: point(toEye) });
}

/** Moves what is seen, in parts of the shorter side of its pane. */
export function panView(viewport: Turned, { clientWidth, clientHeight }: HTMLElement, across: number, down: number): void {
  const side = Math.min(clientWidth, clientHeight);
  const [x = 0, y = 0] = viewport.getPan();
  viewport.setPan([x + across * side, y + down * side]);
  viewport.render();
}
