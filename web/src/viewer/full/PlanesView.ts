import { Enums, type Types } from '@cornerstonejs/core';
import type { Window } from '@/lib/dicomweb/images';
import { type PlaneName, PLANES, type Slab, THIN } from '../planes/slab';
import { Watched } from '../Watched';
import type { Edges } from '@/viewer/lean/camera';
import { isInverse } from '@/lib/pixels/grey';
import type { Assembled } from '@/volume/Assembled';
import { plus, times, type Vector } from '@/lib/geometry/vectors';
import { ENGINE, renderingEngine } from './engine';
import { PlaneGlass } from './PlaneGlass';
import { type HeldVolume, type VolumeOf, VolumePanes } from './volumes';
import { windowOf } from './windows';

export interface PlanesSeen {
  window: Window | null;
  /** The plane that keys move. */
  inHand: PlaneName;
  edges: Partial<Record<PlaneName, Edges>>;
}

/** Three planes through one volume. */
export class PlanesView extends Watched<PlanesSeen> {
  private readonly stop = new AbortController();
  private readonly panes = new VolumePanes(PLANES, this.stop.signal);
  private readonly planes: Record<PlaneName, PlaneGlass>;
  private window: Window | null = null;
  private isInverted = false;
  private slab = THIN;
  private pointed: PlaneName = 'axial';

  constructor(elements: Record<PlaneName, HTMLDivElement>) {
    super();
    const glassIn = (plane: PlaneName) => new PlaneGlass(plane, elements[plane], plane, this.stop.signal);
    this.planes = { axial: glassIn('axial'), coronal: glassIn('coronal'), sagittal: glassIn('sagittal') };
    for (const plane of PLANES) this.listen(plane, elements[plane]);
  }

  /** Shows a volume, in the window to begin with. */
  show(volume: Assembled, of: VolumeOf, window: Window | null): Promise<void> {
    return this.panes.show(volume, of, () => {
      this.shade();
      this.setWindow(this.window ?? window);
      this.setSlab(this.slab);
    });
  }

  setWindow(window: Window | null): void {
    this.window = window;
    if (window) for (const plane of PLANES) this.planes[plane].setWindow(window);
    this.render();
  }

  setSlab(slab: Slab): void {
    this.slab = slab;
    for (const plane of PLANES) this.planes[plane].setSlab(slab);
    this.render();
  }

  slabNow(): Slab {
    return this.slab;
  }

  /** Moves the plane that the pointer was in last. */
  step(steps: number): void {
    this.planes[this.pointed].step(steps);
  }

  /** Puts the hand in the next plane. */
  pointNext(): void {
    this.point(PLANES[(PLANES.indexOf(this.pointed) + 1) % PLANES.length] ?? 'axial');
  }

  pan(across: number, down: number): void {
    this.planes[this.pointed].pan(across, down);
  }

  tilt(right: number, under: number): void {
    this.planes[this.pointed].tilt(right, under);
  }

  /** Moves the planes to where something lies; the one that it lies in, or nearly, is tilted into it, and is in hand. */
  goTo(points: readonly Vector[]): void {
    const middle = times(points.reduce(plus, [0, 0, 0]), 1 / points.length);
    const [nearest = 'axial'] = [...PLANES].sort((one, other) => this.planes[one].depthOf(points) - this.planes[other].depthOf(points));
    this.planes[nearest].lieAlong(points);
    for (const plane of PLANES) this.planes[plane].moveTo(middle);
    this.point(nearest);
    this.render();
  }

  zoom(factor: number): void {
    for (const plane of PLANES) this.planes[plane].zoom(factor);
    this.render();
  }

  invert(): void {
    this.isInverted = !this.isInverted;
    this.shade();
    this.render();
  }

  /** As it was when the volume was opened: straight planes through its middle. */
  reset(window: Window | null): void {
    for (const plane of PLANES) this.planes[plane].straighten();
    this.isInverted = false;
    this.shade();
    this.setWindow(window);
  }

  close(): void {
    this.stop.abort();
    this.forgetListeners();
    for (const plane of PLANES) this.planes[plane].close();
    this.panes.end();
  }

  get volume(): HeldVolume | null {
    return this.panes.now;
  }

  plane(plane: PlaneName): PlaneGlass {
    return this.planes[plane];
  }

  private shade(): void {
    const format = this.panes.now?.sample.format;
    if (format) for (const plane of PLANES) this.planes[plane].setInverse(isInverse(format, this.isInverted));
  }

  private render(): void {
    renderingEngine().renderViewports([...PLANES]);
    this.tell();
  }

  private listen(plane: PlaneName, element: HTMLDivElement): void {
    const { signal } = this.stop;
    element.addEventListener('pointerenter', () => this.point(plane), { signal });
    element.addEventListener(Enums.Events.CAMERA_MODIFIED, () => this.tell(), { signal });
    element.addEventListener(Enums.Events.VOI_MODIFIED, (event) => this.shareWindow((event as CustomEvent<Types.EventTypes.VoiModifiedEventDetail>).detail), { signal });
  }

  private point(plane: PlaneName): void {
    this.pointed = plane;
    this.tell();
  }

  /** The three planes are one picture: a window that the hand moved in one of them holds in all. */
  private shareWindow({ range, renderingEngineId }: { range: Types.VOIRange; renderingEngineId?: string }): void {
    if (renderingEngineId && renderingEngineId !== ENGINE) return;
    this.setWindow(windowOf(range.lower, range.upper));
  }

  protected look(): PlanesSeen {
    const edges = Object.fromEntries(PLANES.map((plane) => [plane, this.planes[plane].edges()] as const).filter(([, found]) => found));
    return { window: this.window, inHand: this.pointed, edges };
  }
}
