import { Enums, type Types, utilities, type VolumeViewport } from '@cornerstonejs/core';
import type { Window } from '@/lib/dicomweb/images';
import { cross, dot, minus, plus, times, unit, type Vector } from '@/lib/geometry/vectors';
import { type PlaneName, type Projection, type Slab } from '../planes/slab';
import type { Edges } from '@/viewer/lean/camera';
import type { Glass } from './cuts';
import { closePane, openPane, renderingEngine } from './engine';
import { normalOf } from './planesOf';
import { directionsOf, edgesOf, pointAt } from './seen';
import { faceView, panView, turnView } from './turnView';
import { rangeOf } from './windows';

const BLENDS: Record<Projection, Enums.BlendModes> = {
  average: Enums.BlendModes.AVERAGE_INTENSITY_BLEND,
  maximum: Enums.BlendModes.MAXIMUM_INTENSITY_BLEND,
  minimum: Enums.BlendModes.MINIMUM_INTENSITY_BLEND,
};
/** Cornerstone knows no plane without thickness; one of this stands for it. */
export const THINNEST_MM = 0.05;

/** A plane through a volume, drawn in an element of its own. */
export class PlaneGlass {
  private readonly axis: Enums.OrientationAxis;

  constructor(
    readonly viewportId: string,
    readonly element: HTMLDivElement,
    plane: PlaneName,
    signal: AbortSignal,
  ) {
    this.axis = Enums.OrientationAxis[plane.toUpperCase() as 'AXIAL'];
    openPane(viewportId, element, Enums.ViewportType.ORTHOGRAPHIC, signal, this.axis);
  }

  get viewport(): VolumeViewport {
    return renderingEngine().getViewport(this.viewportId) as VolumeViewport;
  }

  get hasVolume(): boolean {
    return this.viewport.getActors().length > 0;
  }

  setWindow(window: Window): void {
    this.viewport.setProperties({ voiRange: rangeOf(window) }, undefined, true);
  }

  /** Whether low values are bright. */
  setInverse(isInverse: boolean): void {
    this.viewport.setProperties({ invert: isInverse }, undefined, true);
  }

  setSlab({ thicknessMm, projection }: Slab): void {
    this.viewport.setBlendMode(thicknessMm > 0 ? BLENDS[projection] : Enums.BlendModes.COMPOSITE);
    this.viewport.setSlabThickness(Math.max(THINNEST_MM, thicknessMm));
  }

  /** A straight plane through the middle of the volume, as large as it fits. */
  straighten(): void {
    this.viewport.setOrientation(this.axis);
    this.viewport.resetCamera();
  }

  step(steps: number): void {
    utilities.scroll(this.viewport as Types.IViewport, { delta: steps });
  }

  zoom(factor: number): void {
    this.viewport.setZoom(this.viewport.getZoom() * factor);
  }

  pan(across: number, down: number): void {
    panView(this.viewport, this.element, across, down);
  }

  /** Tilts the plane around its middle, in degrees. */
  tilt(right: number, under: number): void {
    turnView(this.viewport, right, under);
  }

  /** Moves the plane along its normal, which looks away from who looks. */
  moveBy(mm: number): void {
    this.move(times(this.normal, mm));
  }

  private move(by: Vector): void {
    const { focalPoint, position } = this.viewport.getCamera();
    const moved = (point: unknown) => [...plus(point as Vector, by)] as Types.Point3;
    this.viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
    this.viewport.render();
  }

  /** How far from each other points lie in front of the plane and behind it, in mm. */
  depthOf(points: readonly Vector[]): number {
    const depths = points.map((point) => dot(this.normal, point));
    return Math.max(...depths) - Math.min(...depths);
  }

  /** Tilts the plane until points can lie in it. */
  lieAlong(points: readonly Vector[]): void {
    const [a, b] = points;
    if (!a || !b) return;
    const line = unit(minus(b, a));
    faceView(this.viewport, normalOf(points) ?? unit(minus(this.normal, times(line, dot(line, this.normal)))));
  }

  /** Moves the plane to a point, and what is seen of it too where the point is out of sight. */
  moveTo(point: Vector): void {
    const { clientWidth, clientHeight } = this.element;
    const [x, y] = this.spotOf(point);
    const way = minus(point, this.viewport.getCamera().focalPoint as unknown as Vector);
    const isInSight = x > 0 && y > 0 && x < clientWidth && y < clientHeight;
    this.move(isInSight ? times(this.normal, dot(this.normal, way)) : way);
  }

  private get normal(): Vector {
    const { right, down } = directionsOf(this.viewport);
    return unit(cross(right, down));
  }

  /** Where in the patient the glass lies. */
  glass(): Glass {
    const corner = pointAt(this.viewport, [0, 0]);
    return { corner, right: minus(pointAt(this.viewport, [1, 0]), corner), down: minus(pointAt(this.viewport, [0, 1]), corner) };
  }

  /** Where a point of the patient is, in pixels of the page. */
  spotOf(point: Vector): readonly [number, number] {
    const [x = 0, y = 0] = this.viewport.worldToCanvas([...point]);
    return [x, y];
  }

  /** Calls whenever the plane was drawn. */
  onDrawn(listener: () => void): () => void {
    this.element.addEventListener(Enums.Events.IMAGE_RENDERED, listener);
    return () => this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, listener);
  }

  edges(): Edges | null {
    return this.hasVolume ? edgesOf(directionsOf(this.viewport)) : null;
  }

  close(): void {
    closePane(this.viewportId, this.element);
  }
}
