import type { StackViewport } from '@cornerstonejs/core';
import { type Camera, flipped, type Size, turned, UPRIGHT } from '@/viewer/lean/camera';
import type { Framing } from './links';

const QUARTER = 90;

/** How the image lies in its pane: as large, as far moved, turned and mirrored as both viewers say it. */
export class StackCamera {
  private turning: Pick<Camera, 'quarters' | 'isFlipped'> = UPRIGHT;
  private coming: Camera | null = null;

  constructor(
    private readonly viewport: StackViewport,
    private readonly element: HTMLElement,
  ) {}

  /** Keeps how an image is to lie that is not there yet; what is turned or moved meanwhile holds for it too. */
  expect(camera: Camera): void {
    this.coming = camera;
    this.turning = camera;
  }

  /** The image is there. */
  arrive(): void {
    const camera = this.coming;
    this.coming = null;
    if (camera) this.place(camera);
  }

  now(): Camera {
    if (this.coming) return this.coming;
    const zoom = this.viewport.getZoom() || 1;
    const [panX = 0, panY = 0] = this.viewport.getPan();
    const density = window.devicePixelRatio;
    return { ...this.turning, zoom, panX: panX * density, panY: panY * density };
  }

  place(camera: Camera): void {
    if (this.coming) return this.expect(camera);
    const { zoom, panX, panY, quarters, isFlipped } = camera;
    const density = window.devicePixelRatio * zoom;
    this.turning = { quarters, isFlipped };
    this.viewport.setViewPresentation({ zoom, pan: [panX / density, panY / density], rotation: quarters * QUARTER, flipHorizontal: isFlipped });
  }

  zoom(factor: number): void {
    if (this.coming) this.coming = { ...this.coming, zoom: this.coming.zoom * factor };
    else this.viewport.setZoom(this.viewport.getZoom() * factor);
  }

  /** A quarter clockwise, as it is seen. */
  turn(): void {
    this.turnTo(turned({ ...UPRIGHT, ...this.turning }));
  }

  /** Mirrors what is seen, left to right. */
  flip(): void {
    this.turnTo(flipped({ ...UPRIGHT, ...this.turning }));
  }

  framing(): Framing {
    const { zoom, panX, panY } = this.now();
    const side = this.shorterSide();
    return { zoom, across: panX / side, down: panY / side };
  }

  /** Takes over how large and where another pane shows its image; turning and mirroring stay its own. */
  frame({ zoom, across, down }: Framing): void {
    const side = this.shorterSide();
    this.place({ ...this.turning, zoom, panX: across * side, panY: down * side });
  }

  private turnTo({ quarters, isFlipped }: Camera): void {
    if (this.coming) return this.expect({ ...this.coming, quarters, isFlipped });
    this.turning = { quarters, isFlipped };
    this.viewport.setViewPresentation({ ...this.viewport.getViewPresentation(), rotation: quarters * QUARTER, flipHorizontal: isFlipped });
  }

  /** The pane, in pixels of the screen. */
  stage(): Size {
    const density = window.devicePixelRatio;
    return { width: this.element.clientWidth * density, height: this.element.clientHeight * density };
  }

  private shorterSide(): number {
    const { width, height } = this.stage();
    return Math.max(1, Math.min(width, height));
  }
}
