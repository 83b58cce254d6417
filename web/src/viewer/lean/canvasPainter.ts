import { paint } from '@/lib/pixels/grey';
import { coarsenessOf, type Painter, type Scene } from './scene';

function bitmapOf({ picture, format, window, isInverted }: Scene): CanvasImageSource {
  if (picture.kind === 'drawn') return picture.bitmap;
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d', { alpha: false });
  if (context) {
    const pixels = context.createImageData(picture.width, picture.height);
    paint(picture, format, window, isInverted, pixels);
    context.putImageData(pixels, 0, 0);
  }
  return canvas;
}

/** Paints on machines without WebGL2. */
export function canvasPainter(canvas: HTMLCanvasElement): Painter | null {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return null;
  const clear = () => {
    context.resetTransform();
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  return {
    renderer: null,
    clear,
    paint(scene) {
      clear();
      const { a, b, c, d, e, f } = scene.transform;
      const { width, height } = scene.picture;
      const size = coarsenessOf(scene.format, scene.picture);
      context.setTransform(a, b, c, d, e, f);
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmapOf(scene), 0, 0, width * size, height * size);
    },
  };
}
