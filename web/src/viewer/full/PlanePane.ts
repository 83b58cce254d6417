import { Enums, type Types } from '@cornerstonejs/core';
import type { Window } from '@/lib/dicomweb/images';
import { type Standing, wayMm } from '@/lib/geometry/following';
import { cross, dot } from '@/lib/geometry/vectors';
import { isInverse } from '@/lib/pixels/grey';
import type { Edges } from '@/viewer/lean/camera';
import { type Assembled, reachMm, valueAt, wholeWindow } from '@/volume/Assembled';
import type { PlaneName, Slab } from '../planes/slab';
import type { Steered } from '../steering';
import { Watched } from '../Watched';
import type { Followed, Framing } from './links';
import { PlaneGlass } from './PlaneGlass';
import { directionsOf, pointAt } from './seen';
import { type HeldVolume, type VolumeOf, VolumePanes } from './volumes';
import { windowOf } from './windows';

/** What stands around a plane that hangs in a pane. */
export interface PlaneSeen extends Standing {
  window: Window | null;
  isInverted: boolean;
  edges: Edges | null;
  /** The value under the pointer, after rescaling; null beside the volume, and of previews. */
  value: number | null;
}

/** A pane that shows a plane through the volume of a series, or a slab of it. */
export class PlanePane extends Watched<PlaneSeen> implements Steered, Followed {
  readonly glass: PlaneGlass;
  private readonly stop = new AbortController();
  private readonly panes: VolumePanes;
  private chosen: Window | null = null;
  private own: Window | null = null;
  private isInverted = false;
  private pointer: readonly [number, number] | null = null;

  constructor(
    viewportId: string,
    private readonly element: HTMLDivElement,
    plane: PlaneName,
    private slab: Slab,
    readonly modality: string,
  ) {
    super();
    this.glass = new PlaneGlass(viewportId, element, plane, this.stop.signal);
    this.panes = new VolumePanes([viewportId], this.stop.signal);
    this.listen();
  }

  get volume(): HeldVolume | null {
    return this.panes.now;
  }

  get isDrawn(): boolean {
    return this.volume !== null;
  }

  /** Shows the volume of the series, or a better one. */
  show(volume: Assembled, of: VolumeOf): Promise<void> {
    return this.panes.show(volume, of, () => {
      this.own = volume.sample.format.window ?? wholeWindow(volume);
      this.glass.setSlab(this.slab);
      this.draw();
    });
  }

  step(steps: number): void {
    this.glass.step(steps);
  }

  next(): void {
    this.step(1);
  }

  setWindow(window: Window | null): void {
    this.chosen = window;
    this.draw();
  }

  setSlab(slab: Slab): void {
    this.slab = slab;
    this.glass.setSlab(slab);
    this.draw();
  }

  invert(): void {
    this.isInverted = !this.isInverted;
    this.draw();
  }

  turn(): void {} // a plane of the patient stays upright

  flip(): void {}

  zoom(factor: number): void {
    this.glass.zoom(factor);
    this.draw();
  }

  reset(): void {
    this.chosen = null;
    this.isInverted = false;
    this.glass.straighten();
    this.draw();
  }

  standing(): Standing | null {
    return this.state()?.plane ? this.state() : null;
  }

  follow({ plane: to }: Standing, offsetMm: number): void {
    const plane = this.planeNow();
    const byMm = plane && to && wayMm(plane, to, offsetMm);
    if (!plane || !this.volume || byMm === null) return;
    const normal = cross(plane.along, plane.down);
    const [first, last] = reachMm(this.volume, normal);
    const nowMm = dot(plane.position, normal);
    this.glass.moveBy(Math.max(first, Math.min(last, nowMm + byMm)) - nowMm);
  }

  chosenWindow(): Window | null {
    return this.chosen;
  }

  framing(): Framing {
    const [across = 0, down = 0] = this.glass.viewport.getPan();
    const side = this.shorterSide();
    return { zoom: this.glass.viewport.getZoom() || 1, across: across / side, down: down / side };
  }

  setFraming({ zoom, across, down }: Framing): void {
    const side = this.shorterSide();
    this.glass.viewport.setZoom(zoom);
    this.glass.viewport.setPan([across * side, down * side]);
    this.draw();
  }

  close(): void {
    this.stop.abort();
    this.forgetListeners();
    this.glass.close();
    this.panes.end();
  }

  private listen(): void {
    const { signal } = this.stop;
    const on = (name: string, act: (event: Event) => void) => this.element.addEventListener(name, act, { signal });
    on(Enums.Events.CAMERA_MODIFIED, () => this.tell());
    on(Enums.Events.VOI_MODIFIED, (event) => this.noteWindow((event as CustomEvent<Types.EventTypes.VoiModifiedEventDetail>).detail));
    on('pointermove', (event) => this.hover(event as PointerEvent));
    on('pointerleave', () => this.hover(null));
  }

  /** The hand moved the window. */
  private noteWindow({ range }: Types.EventTypes.VoiModifiedEventDetail): void {
    this.chosen = windowOf(range.lower, range.upper);
    this.tell();
  }

  private hover(event: PointerEvent | null): void {
    const box = this.element.getBoundingClientRect();
    this.pointer = event && [event.clientX - box.left, event.clientY - box.top];
    this.tell();
  }

  private shownWindow(): Window | null {
    return this.chosen ?? this.own;
  }

  private draw(): void {
    const window = this.shownWindow();
    if (!this.volume || !window) return;
    this.glass.setInverse(isInverse(this.volume.sample.format, this.isInverted));
    this.glass.setWindow(window);
    this.glass.viewport.render();
    this.tell();
  }

  private shorterSide(): number {
    return Math.max(1, Math.min(this.element.clientWidth, this.element.clientHeight));
  }

  /** The plane that is looked at, at the middle of the pane. */
  private planeNow(): Standing['plane'] {
    if (!this.volume) return null;
    const { right, down } = directionsOf(this.glass.viewport);
    const position = pointAt(this.glass.viewport, [this.element.clientWidth / 2, this.element.clientHeight / 2]);
    return { position, along: right, down };
  }

  protected look(): PlaneSeen {
    const { volume, pointer } = this;
    return {
      plane: this.planeNow(),
      frameOfReferenceUid: volume?.frameOfReferenceUid ?? '',
      window: this.shownWindow(),
      isInverted: this.isInverted,
      edges: volume && this.glass.edges(),
      value: volume && pointer && !volume.isPreview && this.slab.thicknessMm === 0 ? valueAt(volume, pointAt(this.glass.viewport, pointer)) : null,
    };
  }
}
