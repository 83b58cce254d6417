import { Enums, type StackViewport } from '@cornerstonejs/core';
import { freshImage, isCoarse } from './images';

/** The images of a pane: which of them is asked for, and which is really on the glass. */
export class StackImages {
  private drawnId = '';
  private isDrawnCoarse = false;
  private isRenewing = false;
  /** While images are taken; the window that they come with is nobody's choice. */
  isLoading = false;

  constructor(
    private readonly viewport: StackViewport,
    private readonly signal: AbortSignal,
    element: HTMLElement,
    private readonly onDrawn: () => void,
  ) {
    const note = (event: Event) => this.note((event as CustomEvent<{ imageId: string }>).detail.imageId);
    element.addEventListener(Enums.Events.STACK_NEW_IMAGE, note, { signal });
  }

  /** Whether the image that is asked for is on the glass; until then another one may be, or none. */
  get isDrawn(): boolean {
    return this.drawnId !== '' && this.drawnId === this.viewport.getCurrentImageId();
  }

  async load(imageIds: string[], index: number): Promise<void> {
    this.isLoading = true;
    this.drawnId = '';
    await this.viewport.setStack(imageIds, index).catch(() => {});
    this.isLoading = false;
  }

  /** Draws what is there of the image that is asked for, where Cornerstone gave up on it or drew its preview. */
  async renew(isPreview: boolean): Promise<void> {
    const imageId = this.viewport.getCurrentImageId();
    const isUpToDate = this.isDrawn && (isPreview || !this.isDrawnCoarse);
    if (!imageId || isUpToDate || this.isRenewing) return;
    this.isRenewing = true;
    const image = await freshImage(imageId);
    this.isRenewing = false;
    if (!image || this.signal.aborted || this.viewport.getCurrentImageId() !== imageId) return;
    this.viewport.renderImageObject(image);
    this.note(imageId);
  }

  private note(imageId: string): void {
    this.drawnId = imageId;
    this.isDrawnCoarse = isCoarse(imageId);
    this.onDrawn();
  }
}
