import { calibrateCanvas, ownCodes } from '../screenCodes';

/** Draws a picture of the server as this display shows it: what is bright is turned round before the table of the display. */
export function drawStill(context: CanvasRenderingContext2D, picture: ImageBitmap, isInverted: boolean): void {
  context.canvas.width = picture.width;
  context.canvas.height = picture.height;
  context.filter = isInverted ? 'invert(1)' : 'none';
  context.drawImage(picture, 0, 0);
  calibrateCanvas(context, ownCodes());
}
