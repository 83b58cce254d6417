import { Enums, type StackViewport } from '@cornerstonejs/core';
import type { PresentedImage } from '@/lib/api/presentations';
import type { Image, Window } from '@/lib/dicomweb/images';
import type { SeriesStream } from '@/lib/stream/SeriesStream';
import { nearest, type Standing } from '@/lib/geometry/following';
import type { Vector } from '@/lib/geometry/vectors';
import { firstWindow, isInverse } from '@/lib/pixels/grey';
import { AS_IT_CAME, type Steered, type ViewState } from '../steering';
import { Watched } from '../Watched';
import { closePane, openPane, renderingEngine } from './engine';
import { type About, hold } from './held';
import type { Followed, Framing } from './links';
import { cornersOf, type Presented, presentedView, viewOf } from './presenting';
import { directionsOf, imageEdges, type Seen, valueUnder } from './seen';
import { StackCamera } from './StackCamera';
import { StackImages } from './StackImages';
import { StatesShown } from './StatesShown';
import { isNear, rangeOf, windowOf } from './windows';

/** A pane that shows a series image by image, drawn by Cornerstone. */
export class StackPane extends Watched<Seen> implements Steered, Followed {
  private readonly viewport: StackViewport;
  private readonly camera: StackCamera;
  private readonly drawing: StackImages;
  private readonly stop = new AbortController();
  private stream: SeriesStream | null = null;
  private unsubscribe: () => void = () => {};
  private about: About = { modality: '', at: { uid: '', hospital: '' } };
  private index = 0;
  private chosen: Window | null = null;
  private isInverted = false;
  private pointer: [number, number] | null = null;
  private last: ViewState = AS_IT_CAME;
  private readonly states = new StatesShown();

  constructor(
    readonly viewportId: string,
    private readonly element: HTMLDivElement,
  ) {
    super();
    openPane(viewportId, element, Enums.ViewportType.STACK, this.stop.signal);
    this.viewport = renderingEngine().getViewport(viewportId) as StackViewport;
    this.camera = new StackCamera(this.viewport, element);
    this.drawing = new StackImages(this.viewport, this.stop.signal, element, () => this.onGlass());
    this.listen();
  }

  /** Shows a series from one of its images on; the series belongs to whoever opened it. */
  async show(stream: SeriesStream, about: About, index: number, as: ViewState): Promise<void> {
    this.leave();
    this.stream = stream;
    this.about = about;
    this.index = index;
    this.chosen = as.window;
    this.isInverted = as.isInverted;
    this.camera.expect(as.camera);
    this.unsubscribe = stream.subscribe(() => this.onStream());
    stream.look(index);
    this.tell();
    await this.drawing.load(hold(stream, about), index);
    if (this.stop.signal.aborted || this.stream !== stream) return;
    this.camera.arrive();
    this.begin();
  }

  /** Lets go of the series, which somebody else may close now. */
  leave(): void {
    this.unsubscribe();
    this.stream = null;
  }

  /** Takes all images of the series, or those that came since. */
  async extend(images: SeriesStream['images']): Promise<void> {
    if (!this.stream || this.viewport.getImageIds().length === images.length) return;
    this.index = this.stream.extend(images);
    const presentation = this.viewport.getViewPresentation();
    await this.drawing.load(hold(this.stream, this.about), this.index);
    if (this.stop.signal.aborted) return;
    this.viewport.setViewPresentation(presentation);
    this.draw();
  }

  goTo(index: number): void {
    if (!this.stream) return;
    const place = Math.max(0, Math.min(this.stream.images.length - 1, index));
    if (place !== this.index) void this.viewport.setImageIdIndex(place);
  }

  step(steps: number): void {
    this.goTo(this.index + steps);
  }

  /** On to the next image, once the one that is looked at is there. */
  next(): void {
    if (this.state()?.best) this.goTo((this.index + 1) % Math.max(1, this.stream?.images.length ?? 1));
  }

  setWindow(window: Window | null): void {
    this.chosen = window;
    this.draw();
  }

  invert(): void {
    this.isInverted = !this.isInverted;
    this.draw();
  }

  /** A quarter clockwise, as it is seen. */
  turn(): void {
    this.camera.turn();
    this.draw();
  }

  /** Mirrors what is seen, left to right. */
  flip(): void {
    this.camera.flip();
    this.draw();
  }

  zoom(factor: number): void {
    this.camera.zoom(factor);
    this.draw();
  }

  reset(): void {
    this.states.forget();
    this.take(AS_IT_CAME);
    this.draw();
  }

  retry(): void {
    this.stream?.look(this.index);
    this.tell();
  }

  /** The image as it is seen now, for a presentation state. */
  presented(): PresentedImage | null {
    const image = this.stream?.images[this.index];
    if (!this.stream || !image || !this.viewport.getCurrentImageId()) return null;
    return presentedView(this.stream.seriesUid, image, this.viewState(), cornersOf(image, this.viewport, this.element));
  }

  /** Goes to the first image of a presentation state, once it is there; each of its images is shown as it says. */
  present(state: Presented): void {
    this.states.take(state);
    if (!this.drawing.isLoading) this.begin();
  }

  private begin(): void {
    const index = this.states.begin(this.images());
    if (index !== null) this.goTo(index);
    this.onGlass();
  }

  /** An image came on the glass, or came on it anew. */
  private onGlass(): void {
    const image = this.stream?.images[this.index];
    const said = this.drawing.isLoading || !this.drawing.isDrawn ? null : this.states.next(image);
    if (image && said) this.take(viewOf(image, said, this.camera.stage()));
    this.draw();
  }

  private take({ window: chosen, isInverted, camera }: ViewState): void {
    this.chosen = chosen;
    this.isInverted = isInverted;
    this.camera.place(camera);
  }

  /** How it is seen, for whoever goes on from here. */
  viewState(): ViewState {
    if (this.stop.signal.aborted) return this.last;
    return { window: this.chosen, isInverted: this.isInverted, camera: this.camera.now() };
  }

  get modality(): string {
    return this.about.modality;
  }

  chosenWindow = (): Window | null => this.chosen;

  framing = (): Framing => this.camera.framing();

  setFraming(framing: Framing): void {
    this.camera.frame(framing);
    this.draw();
  }

  standing = (): Standing | null => this.state()?.image ?? null;

  follow(to: Standing, offsetMm: number): void {
    const place = nearest(this.images(), to, offsetMm);
    if (place !== null) this.goTo(place);
  }

  private images = (): readonly Image[] => this.stream?.images ?? [];

  get isDrawn(): boolean {
    return this.drawing.isDrawn;
  }

  /** Where a point of the patient is in the pane, in pixels of the page. */
  spotOf(point: Vector): readonly [number, number] {
    return this.viewport.worldToCanvas([...point]) as [number, number];
  }

  /** Calls whenever the image was drawn, or drawn elsewhere. */
  onDrawn(listener: () => void): () => void {
    this.element.addEventListener(Enums.Events.IMAGE_RENDERED, listener);
    return () => this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, listener);
  }

  close(): void {
    this.last = this.viewState();
    this.stop.abort();
    this.leave();
    this.forgetListeners();
    closePane(this.viewportId, this.element);
  }

  private listen(): void {
    const on = (name: string, act: (event: Event) => void) => this.element.addEventListener(name, act, { signal: this.stop.signal });
    on(Enums.Events.PRE_STACK_NEW_IMAGE, (event) => this.lookAt((event as CustomEvent<{ imageIdIndex: number }>).detail.imageIdIndex));
    on(Enums.Events.VOI_MODIFIED, (event) => this.noteWindow((event as CustomEvent<{ range: { lower: number; upper: number } }>).detail.range));
    on(Enums.Events.CAMERA_MODIFIED, () => this.tell());
    on('pointermove', (event) => this.hover(event as PointerEvent));
    on('pointerleave', () => this.hover(null));
  }

  private lookAt(index: number): void {
    if (!this.stream || index === this.index) return;
    this.index = index;
    this.states.leave();
    this.stream.look(index);
    this.tell();
  }

  private onStream(): void {
    this.renew();
    this.tell();
  }

  /** Puts the image itself where its preview stood, or where it could not be had before. */
  private renew(): void {
    const best = this.stream?.best(this.index);
    if (best) void this.drawing.renew(best.isPreview);
  }

  /** The hand moved the window: from then on it holds for every image. */
  private noteWindow({ lower, upper }: { lower: number; upper: number }): void {
    const moved = windowOf(lower, upper);
    const shown = this.shownWindow();
    if (this.drawing.isLoading || (shown && isNear(shown, moved))) return;
    this.chosen = moved;
    this.tell();
  }

  private shownWindow(): Window | null {
    const image = this.stream?.images[this.index];
    const picture = this.stream?.best(this.index)?.picture;
    return image && picture?.kind === 'grey' ? (this.chosen ?? firstWindow(image.format, picture.range)) : null;
  }

  private draw(): void {
    const shown = this.shownWindow();
    const image = this.stream?.images[this.index];
    const kind = this.stream?.best(this.index)?.picture.kind;
    if (image && kind && this.viewport.getCurrentImageId()) {
      const invert = kind === 'grey' && isInverse(image.format, this.isInverted); // what the server draws is as it is seen
      this.viewport.setProperties({ ...(shown && { voiRange: rangeOf(shown) }), invert }, true);
    }
    this.viewport.render();
    this.renew();
    this.tell();
  }

  private hover(event: PointerEvent | null): void {
    const box = this.element.getBoundingClientRect();
    this.pointer = event && [event.clientX - box.left, event.clientY - box.top];
    this.tell();
  }

  protected look(): Seen | null {
    const image = this.stream?.images[this.index];
    if (!this.stream || !image) return null;
    const { isDrawn } = this.drawing;
    const there = this.stream.best(this.index);
    const best = isDrawn ? there : null;
    return {
      index: this.index,
      total: this.stream.images.length,
      image,
      best,
      error: there ? null : this.stream.errorOf(this.index),
      window: this.shownWindow(),
      isInverted: this.isInverted,
      edges: isDrawn ? imageEdges(image, directionsOf(this.viewport)) : null,
      value: this.pointer ? valueUnder(image, best, this.viewport, this.pointer) : null,
    };
  }
}
