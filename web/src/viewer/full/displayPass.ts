import { Enums } from '@cornerstonejs/core';
import { calibrateCanvas, ownCodes } from '../screenCodes';

/** Has everything that is drawn in a pane go through the table of this display; without one nothing is done. */
export function calibrate(element: HTMLDivElement, signal: AbortSignal): void {
  const codes = ownCodes();
  if (!codes) return;
  const pass = () => {
    const context = element.querySelector('canvas')?.getContext('2d');
    if (context) calibrateCanvas(context, codes);
  };
  element.addEventListener(Enums.Events.IMAGE_RENDERED, pass, { signal });
}
