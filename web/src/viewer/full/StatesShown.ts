import type { PresentedImage } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import { isImageOf } from './presenting';

/** The presentation state of a pane: its first image is gone to once, and each is shown as it says when it comes in sight. */
export class StatesShown {
  private shown: readonly PresentedImage[] = [];
  private isToBegin = false;
  private isDone = false;

  take(shown: readonly PresentedImage[]): void {
    this.shown = shown;
    this.isToBegin = true;
  }

  forget(): void {
    this.shown = [];
  }

  /** Where to go to, once: null if nothing is to be shown, or the image is not there yet. */
  begin(images: readonly Image[]): number | null {
    const [first] = this.shown;
    const index = first && this.isToBegin ? images.findIndex(isImageOf(first)) : -1;
    if (index < 0) return null;
    this.isToBegin = false;
    this.isDone = false;
    return index;
  }

  /** Another image is looked at. */
  leave(): void {
    this.isDone = false;
  }

  /** What is said of an image that came on the glass; null if it came anew: what the reader changed since holds. */
  next(image: Image | undefined): PresentedImage | null {
    const said = image && !this.isDone ? this.shown.find((one) => isImageOf(one)(image)) : undefined;
    this.isDone ||= said !== undefined;
    return said ?? null;
  }
}
