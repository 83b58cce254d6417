import { Enums, setVolumesForViewports, type Types, utilities, type VolumeViewport } from '@cornerstonejs/core';
import type { Window } from '@/lib/dicomweb/images';
import { minus, type Vector } from '@/lib/geometry/vectors';
import { type PlaneName, PLANES, type Projection, type Slab, THIN } from '../planes/slab';
import { Watched } from '../Watched';
import type { Edges } from '@/viewer/lean/camera';
import type { Assembled } from '@/volume/Assembled';
import type { Glass } from './cuts';
import { closePane, ENGINE, openPane, renderingEngine } from './engine';
import { directionsOf, edgesOf, pointAt } from './seen';
import { inTurn, keepOnly, showVolume, type VolumeOf } from './volumes';
import { rangeOf, windowOf } from './windows';

const BLENDS: Record<Projection, Enums.BlendModes> = {
  average: Enums.BlendModes.AVERAGE_INTENSITY_BLEND,
  maximum: Enums.BlendModes.MAXIMUM_INTENSITY_BLEND,
  minimum: Enums.BlendModes.MINIMUM_INTENSITY_BLEND,
};
const THINNEST_MM = 0.05;

const axisOf = (plane: PlaneName) => Enums.OrientationAxis[plane.toUpperCase() as 'AXIAL'];

export interface PlanesSeen {
  window: Window | null;
  edges: Partial<Record<PlaneName, Edges>>;
}

/** Three planes through one volume. */
export class PlanesView extends Watched<PlanesSeen> {
  private readonly stop = new AbortController();
  private window: Window | null = null;
  private slab = THIN;
  private isSharing = false;
  private pointed: PlaneName = 'axial';

  constructor(private readonly elements: Record<PlaneName, HTMLDivElement>) {
    super();
    for (const plane of PLANES) {
      openPane(plane, elements[plane], Enums.ViewportType.ORTHOGRAPHIC, this.stop.signal, axisOf(plane));
      this.listen(plane, elements[plane]);
    }
  }

  /** Shows a volume; what is looked at stays where it was when a better one of the same series comes. */
  show(volume: Assembled, of: VolumeOf, window: Window | null): Promise<void> {
    return inTurn(() => this.put(volume, of, window));
  }

  private async put(volume: Assembled, of: VolumeOf, window: Window | null): Promise<void> {
    if (this.stop.signal.aborted) return;
    const cameras = this.hasVolume() ? PLANES.map((plane) => this.viewport(plane).getCamera()) : [];
    const volumeId = showVolume(volume, of);
    this.isSharing = true; // the window that it comes with is nobody's choice
    await setVolumesForViewports(renderingEngine(), [{ volumeId }], [...PLANES]);
    this.isSharing = false;
    keepOnly(this.stop.signal.aborted ? null : volumeId);
    if (this.stop.signal.aborted) return;
    for (const [at, camera] of cameras.entries()) this.viewport(PLANES[at] as PlaneName).setCamera(camera);
    this.setWindow(this.window ?? window);
    this.setSlab(this.slab);
  }

  setWindow(window: Window | null): void {
    this.window = window;
    if (window) {
      const voiRange = rangeOf(window);
      this.isSharing = true;
      for (const plane of PLANES) this.viewport(plane).setProperties({ voiRange });
      this.isSharing = false;
    }
    this.render();
  }

  setSlab(slab: Slab): void {
    this.slab = slab;
    for (const plane of PLANES) {
      const viewport = this.viewport(plane);
      viewport.setBlendMode(slab.thicknessMm > 0 ? BLENDS[slab.projection] : Enums.BlendModes.COMPOSITE);
      viewport.setSlabThickness(Math.max(THINNEST_MM, slab.thicknessMm));
    }
    this.render();
  }

  slabNow(): Slab {
    return this.slab;
  }

  /** Moves the plane that the pointer was in last. */
  step(steps: number): void {
    utilities.scroll(this.viewport(this.pointed) as Types.IViewport, { delta: steps });
  }

  zoom(factor: number): void {
    for (const plane of PLANES) this.viewport(plane).setZoom(this.viewport(plane).getZoom() * factor);
    this.render();
  }

  invert(): void {
    for (const plane of PLANES) {
      const viewport = this.viewport(plane);
      viewport.setProperties({ invert: !viewport.getProperties()?.invert });
    }
    this.render();
  }

  /** As it was when the volume was opened: straight planes through its middle. */
  reset(window: Window | null): void {
    for (const plane of PLANES) {
      const viewport = this.viewport(plane);
      viewport.setOrientation(axisOf(plane));
      viewport.resetCamera();
    }
    this.setWindow(window);
  }

  close(): void {
    this.stop.abort();
    this.forgetListeners();
    for (const plane of PLANES) closePane(plane, this.elements[plane]);
    keepOnly(null);
  }

  /** Where in the patient the glass of a plane lies. */
  glassOf(plane: PlaneName): Glass {
    const viewport = this.viewport(plane);
    const corner = pointAt(viewport, [0, 0]);
    return { corner, right: minus(pointAt(viewport, [1, 0]), corner), down: minus(pointAt(viewport, [0, 1]), corner) };
  }

  /** Where a point of the patient is in a plane, in pixels of the page. */
  spotOf(plane: PlaneName, point: Vector): readonly [number, number] {
    const [x = 0, y = 0] = this.viewport(plane).worldToCanvas([...point]);
    return [x, y];
  }

  /** Calls whenever a plane was drawn. */
  onDrawn(plane: PlaneName, listener: () => void): () => void {
    const element = this.elements[plane];
    element.addEventListener(Enums.Events.IMAGE_RENDERED, listener);
    return () => element.removeEventListener(Enums.Events.IMAGE_RENDERED, listener);
  }

  viewport(plane: PlaneName): VolumeViewport {
    return renderingEngine().getViewport(plane) as VolumeViewport;
  }

  private hasVolume(): boolean {
    return this.viewport('axial').getActors().length > 0;
  }

  private render(): void {
    renderingEngine().renderViewports([...PLANES]);
    this.tell();
  }

  private listen(plane: PlaneName, element: HTMLDivElement): void {
    const { signal } = this.stop;
    const point = () => {
      this.pointed = plane;
    };
    element.addEventListener('pointerenter', point, { signal });
    element.addEventListener(Enums.Events.CAMERA_MODIFIED, () => this.tell(), { signal });
    element.addEventListener(Enums.Events.VOI_MODIFIED, (event) => this.shareWindow((event as CustomEvent<Types.EventTypes.VoiModifiedEventDetail>).detail), { signal });
  }

  /** The three planes are one picture: a window that the hand moved in one of them holds in all. */
  private shareWindow({ range, renderingEngineId }: { range: Types.VOIRange; renderingEngineId?: string }): void {
    if (this.isSharing || (renderingEngineId && renderingEngineId !== ENGINE)) return;
    this.setWindow(windowOf(range.lower, range.upper));
  }

  protected look(): PlanesSeen {
    const edges = Object.fromEntries(PLANES.map((plane) => [plane, this.edges(plane)] as const).filter(([, found]) => found));
    return { window: this.window, edges };
  }

  private edges(plane: PlaneName): Edges | null {
    if (!this.hasVolume()) return null;
    return edgesOf(directionsOf(this.viewport(plane)));
  }
}
