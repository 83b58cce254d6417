import { afterEach, expect, it } from 'vitest';
import { setDisplayTable } from '@/viewer/lean/display';
import { drawStill } from '@/viewer/stills/drawStill';

const GREY = 200;

/** A canvas of one pixel that knows no more than to draw a grey and to turn it round. */
function paper() {
  const data = new Uint8ClampedArray(4);
  const context = {
    canvas: { width: 0, height: 0 },
    filter: 'none',
    drawImage: () => data.fill(context.filter === 'none' ? GREY : 255 - GREY),
    getImageData: () => ({ data, width: 1, height: 1 }),
    putImageData: () => undefined,
  };
  return { data, context: context as unknown as CanvasRenderingContext2D };
}

const drawn = (isInverted: boolean) => {
  const { data, context } = paper();
  drawStill(context, { width: 1, height: 1 } as ImageBitmap, isInverted);
  return data[0];
};

afterEach(() => setDisplayTable(null));

it('leaves greys as they are on a display that nobody calibrated', () => expect([drawn(false), drawn(true)]).toEqual([GREY, 255 - GREY]));

it('turns bright and dark round before the table of the display, not after it', () => {
  setDisplayTable(Float32Array.from({ length: 256 }, (_, level) => (level / 255) ** 2));
  expect(drawn(false)).toBeCloseTo(255 * (GREY / 255) ** 2, -1);
  expect(drawn(true)).toBeCloseTo(255 * (1 - GREY / 255) ** 2, -1);
});
