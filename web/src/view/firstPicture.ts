import type { Opening } from '@/lib/api/opening';
import { UPRIGHT } from '@/viewer/lean/camera';
import type { LeanView } from '@/viewer/lean/LeanView';

const picture = () => document.getElementById('first-picture');

/** Takes the picture away that came with the page. */
export const removeFirstPicture = (): void => picture()?.remove();

/** Puts the picture that came with the page on the stage, and says when it was seen. */
export function markFirstPicture(stage: HTMLElement): void {
  const first = picture();
  if (!(first instanceof HTMLImageElement)) return;
  stage.append(first);
  void first.decode().then(() => requestAnimationFrame(() => performance.mark('lightwell:preview', { detail: { index: -1 } })));
}

/** It stands until something better is drawn under it, or another image is to be seen, or this one in another way. */
export function watchFirstPicture(view: LeanView, first: Opening['first']): void {
  view.subscribe(() => {
    const { image, best } = view.state() ?? {};
    if (!image) return;
    const isOther = image.sopInstanceUid !== first?.image.sopInstanceUid || image.frame !== first.image.frame;
    if (best || isOther || isSeenOtherwise(view)) removeFirstPicture();
  });
}

function isSeenOtherwise(view: LeanView): boolean {
  const { window, isInverted, camera } = view.viewState();
  return window !== null || isInverted || Object.entries(UPRIGHT).some(([name, usual]) => camera[name as keyof typeof camera] !== usual);
}
