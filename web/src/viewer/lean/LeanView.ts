import type { Image, Window } from '@/lib/dicomweb/images';
import { firstWindow } from '@/lib/pixels/grey';
import type { Best } from '@/lib/stream/SeriesStream';
import { type Camera, flipped, panned, type Size, transformOf, turned, UPRIGHT, zoomed } from './camera';
import { displayTable } from './display';
import type { Steered, ViewState } from '../steering';
import { Watched } from '../Watched';
import { type Bindings, type Drag, type Gestures, listen, USUAL } from './gestures';
import { giveBack, takeGlass } from './glass';
import { glPainter } from './glPainter';
import { draggedWindow } from './windowing';
import { matrixOf, type Source, valueUnder } from './scene';

/** What stands around the picture. */
export interface Seen {
  index: number;
  total: number;
  image: Image;
  best: Best | null;
  error: Error | null;
  /** Null until a grey picture is there, and for colours. */
  window: Window | null;
  isInverted: boolean;
  camera: Camera;
  /** The value under the pointer, after rescaling. */
  value: number | null;
}

const MOST_MARKS = 1_000;

/** A stage with one image of a series on it. It needs no framework, and so is there before everything else. */
export class LeanView extends Watched<Seen> implements Steered {
  private readonly glass = takeGlass();
  private readonly canvas = this.glass.canvas;
  private readonly stop = new AbortController();
  private readonly observer: ResizeObserver;
  private stream: Source | null = null;
  private unsubscribe: () => void = () => {};
  private index = 0;
  private chosen: Window | null = null;
  private isInverted = false;
  private camera: Camera = UPRIGHT;
  /** In pixels of the page. */
  private pointer: { x: number; y: number } | null = null;
  private frame = 0;
  private drag: Drag | null = null;
  private marked = '';
  private marks = 0;
  private onIndex: (index: number) => void = (index) => this.goTo(index);
  private bindings: Bindings = USUAL;

  constructor(stage: HTMLElement) {
    super();
    this.canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;touch-action:none';
    this.canvas.setAttribute('role', 'img');
    stage.append(this.canvas);
    listen(this.canvas, this.gestures(), () => this.bound(), this.stop.signal);
    const { signal } = this.stop;
    this.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault(), { signal });
    this.canvas.addEventListener('webglcontextrestored', () => this.revive(), { signal });
    this.canvas.addEventListener('pointerleave', () => this.hover(null), { signal });
    this.observer = new ResizeObserver(([entry]) => entry && this.resize(entry));
    this.observe();
  }

  /** Shows a series from one of its images on; the series belongs to whoever opened it. */
  show(stream: Source, index: number): void {
    this.unsubscribe();
    this.stream = stream;
    this.index = index;
    this.chosen = null;
    this.camera = UPRIGHT;
    this.isInverted = false;
    this.unsubscribe = stream.subscribe(() => this.refresh());
    stream.look(index);
    this.refresh();
  }

  /** Shows nothing, until a series is shown. */
  clear(): void {
    this.unsubscribe();
    this.stream = null;
    this.refresh();
  }

  /** Takes all images of the series, or those that came since; what is looked at stays as it is. */
  extend(images: readonly Image[]): void {
    if (!this.stream || this.stream.images === images) return;
    this.index = this.stream.extend(images);
    this.refresh();
  }

  goTo(index: number): void {
    if (!this.stream) return;
    const place = this.within(index);
    if (place === this.index) return;
    this.index = place;
    this.stream.look(place);
    this.refresh();
  }

  /** Has somebody else decide what scrolling shows. */
  follow(onIndex: (index: number) => void): void {
    this.onIndex = onIndex;
  }

  step(steps: number): void {
    this.onIndex(this.within(this.index + steps));
  }

  next(): void {
    this.onIndex((this.index + 1) % Math.max(1, this.stream?.images.length ?? 1));
  }

  setWindow(window: Window | null): void {
    this.chosen = window;
    this.refresh();
  }

  setCamera(camera: Camera): void {
    this.camera = camera;
    this.refresh();
  }

  /** Enlarges what is seen around its middle. */
  zoom(factor: number): void {
    this.setCamera(zoomed(this.camera, factor, { width: 0, height: 0 }, 0, 0));
  }

  pan(across: number, down: number): void {
    this.setCamera(panned(this.camera, across, down, Math.min(this.canvas.width, this.canvas.height)));
  }

  /** How it is seen, for whoever goes on from here. */
  viewState(): ViewState {
    return { window: this.chosen, isInverted: this.isInverted, camera: this.camera };
  }

  /** Shows it as it is seen elsewhere. */
  seeAs({ window, isInverted, camera }: ViewState): void {
    this.chosen = window;
    this.isInverted = isInverted;
    this.setCamera(camera);
  }

  invert(): void {
    this.isInverted = !this.isInverted;
    this.refresh();
  }

  turn(): void {
    this.setCamera(turned(this.camera));
  }

  flip(): void {
    this.setCamera(flipped(this.camera));
  }

  /** As it was when the series was opened. */
  reset(): void {
    this.chosen = null;
    this.isInverted = false;
    this.setCamera(UPRIGHT);
  }

  /** Asks for an image again that could not be had. */
  retry(): void {
    this.stream?.look(this.index);
    this.refresh();
  }

  /** What one finger, or the left button, does from now on; null is what is usual. */
  setDrag(drag: Drag | null): void {
    this.drag = drag;
  }

  /** Has the buttons of the mouse do what its owner wants. */
  bind({ left, middle, right }: Omit<Bindings, 'finger'>): void {
    this.bindings = { ...this.bindings, left, middle, right };
  }

  setLabel(label: string): void {
    this.canvas.setAttribute('aria-label', label);
  }

  close(): void {
    this.unsubscribe();
    this.stop.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.forgetListeners();
    giveBack(this.glass);
  }

  private within = (index: number): number => Math.max(0, Math.min((this.stream?.images.length ?? 1) - 1, index));

  private bound(): Bindings {
    return this.drag ? { ...this.bindings, left: this.drag, finger: this.drag } : this.bindings;
  }

  private gestures(): Gestures {
    return {
      onScroll: (steps) => this.step(steps),
      onWindow: (across, down) => this.dragWindow(across, down),
      onPan: (across, down) => this.setCamera(panned(this.camera, across, down, this.density)),
      onZoom: (factor, x, y) => this.setCamera(zoomed(this.camera, factor, this.size, x * this.density, y * this.density)),
      onReset: () => this.reset(),
      onHover: (x, y) => this.hover({ x, y }),
    };
  }

  private dragWindow(across: number, down: number): void {
    const window = this.state()?.window;
    if (window) this.setWindow(draggedWindow(window, across, down));
  }

  private hover(pointer: { x: number; y: number } | null): void {
    this.pointer = pointer;
    this.refresh();
  }

  private get size(): Size {
    return { width: this.canvas.width, height: this.canvas.height };
  }

  /** Pixels of the screen for one of the page. */
  private get density(): number {
    return this.canvas.width / Math.max(1, this.canvas.clientWidth);
  }

  private observe(): void {
    try {
      this.observer.observe(this.canvas, { box: 'device-pixel-content-box' });
    } catch {
      this.observer.observe(this.canvas); // a browser that cannot tell: its own pixels times their density
    }
  }

  private resize(entry: ResizeObserverEntry): void {
    const exact = entry.devicePixelContentBoxSize?.[0];
    this.canvas.width = Math.max(1, exact?.inlineSize ?? Math.round(entry.contentRect.width * devicePixelRatio));
    this.canvas.height = Math.max(1, exact?.blockSize ?? Math.round(entry.contentRect.height * devicePixelRatio));
    this.tell();
    this.draw();
  }

  private revive(): void {
    this.glass.painter = glPainter(this.canvas, displayTable());
    this.refresh();
  }

  /** Says what is seen now, and draws it before the screen is next refreshed. */
  private refresh(): void {
    this.tell();
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  protected look(): Seen | null {
    const image = this.stream?.images[this.index];
    if (!this.stream || !image) return null;
    const best = this.stream.best(this.index);
    const { picture } = best ?? {};
    const window = picture?.kind === 'grey' ? (this.chosen ?? firstWindow(image.format, picture.range)) : null;
    return {
      index: this.index,
      total: this.stream.images.length,
      image,
      best,
      error: best ? null : this.stream.errorOf(this.index),
      window,
      isInverted: this.isInverted,
      camera: this.camera,
      value: this.pointer && valueUnder(image, best, transformOf(matrixOf(image.format), this.camera, this.size), this.pointer.x * this.density, this.pointer.y * this.density),
    };
  }

  private draw(): void {
    this.frame = 0;
    const seen = this.state();
    if (!seen?.best) {
      this.glass.painter?.clear();
      return;
    }
    const { image: { format }, best: { picture, isPreview }, isInverted, camera } = seen;
    const transform = transformOf(matrixOf(format), camera, this.size);
    const window = seen.window ?? { center: 0, width: 1 };
    this.glass.painter?.paint({ picture, format, window, isInverted, transform });
    this.mark(isPreview ? 'lightwell:preview' : 'lightwell:lossless', seen.index);
  }

  /** Leaves a mark in the timeline of the page: how fast an image came is measured by it. Those of long ago go. */
  private mark(name: string, index: number): void {
    const key = `${name} ${this.stream?.seriesUid} ${index}`;
    if (key === this.marked) return;
    this.marked = key;
    this.marks += 1;
    if (this.marks % MOST_MARKS === 0) performance.clearMarks(name);
    performance.mark(name, { detail: { index } });
  }
}
