import type { PresentedImage } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import { isImageOf, type Presented } from './presenting';

/** The presentation state of a pane: its first image is gone to once, and each is shown as it says when it comes in sight. */
export class StatesShown {
  private state: Presented | null = null;
  private isDone = false;

  take(state: Presented): void {
    this.state = state;
    this.isDone = false;
  }

  /** The reader wants to see images as they came. */
  forget(): void {
    if (this.state) this.state.isOver = true;
  }

  /** Where to go to, once however often panes come and go: null if nothing is to be shown, or the image is not there yet. */
  begin(images: readonly Image[]): number | null {
    const [first] = this.said();
    const index = first && !this.state?.isBegun ? images.findIndex(isImageOf(first)) : -1;
    if (index < 0 || !this.state) return null;
    this.state.isBegun = true;
    this.isDone = false;
    return index;
  }

  /** Another image is looked at. */
  leave(): void {
    this.isDone = false;
  }

  /** What is said of an image that came on the glass; null if it came anew: what the reader changed since holds. */
  next(image: Image | undefined): PresentedImage | null {
    const said = image && !this.isDone ? this.said().find((one) => isImageOf(one)(image)) : undefined;
    this.isDone ||= said !== undefined;
    return said ?? null;
  }

  private said(): readonly PresentedImage[] {
    return this.state && !this.state.isOver ? this.state.as.images : [];
  }
}
