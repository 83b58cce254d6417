import { describe, expect, it } from 'vitest';
import type { PixelFormat } from '../src/lib/dicomweb/images';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN } from '../src/lib/dicomweb/syntaxes';
import { canShow, firstWindow, linear, paint, readPicture } from '../src/viewer/lean/pixels';

const GREY: PixelFormat = {
  rows: 1,
  columns: 2,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  isPlanar: false,
  bitsAllocated: 16,
  bitsStored: 12,
  isSigned: false,
  slope: 1,
  intercept: 0,
  window: null,
  aspect: 1,
};

const COLOUR: PixelFormat = { ...GREY, samplesPerPixel: 3, photometric: 'RGB', bitsAllocated: 8, bitsStored: 8 };

function painted(format: PixelFormat, bytes: number[], syntax = EXPLICIT_LITTLE_ENDIAN): number[] {
  const picture = readPicture(Uint8Array.from(bytes), syntax, format);
  const data = new Uint8ClampedArray(format.rows * format.columns * 4);
  paint(picture, firstWindow(picture), { data } as unknown as ImageData);
  return [...data];
}

describe('stored values', () => {
  it('keep the stored bits only', () => {
    const picture = readPicture(Uint8Array.of(0xff, 0xff, 0x01, 0xf0), EXPLICIT_LITTLE_ENDIAN, GREY);
    expect([...picture.samples]).toEqual([4095, 1]);
  });

  it('carry the sign of the highest stored bit', () => {
    const picture = readPicture(Uint8Array.of(0xff, 0x0f, 0x00, 0x08), EXPLICIT_LITTLE_ENDIAN, { ...GREY, isSigned: true });
    expect([...picture.samples]).toEqual([-1, -2048]);
  });

  it('are read in the order of the transfer syntax', () => {
    const picture = readPicture(Uint8Array.of(0x01, 0x02, 0x00, 0x05), EXPLICIT_BIG_ENDIAN, GREY);
    expect([...picture.samples]).toEqual([0x0102, 5]);
  });

  it('refuse a frame that is too short', () => {
    expect(() => readPicture(Uint8Array.of(1, 2), EXPLICIT_LITTLE_ENDIAN, GREY)).toThrow();
  });
});

describe('the window', () => {
  it('follows the linear function of the standard', () => {
    const window = { center: 2048, width: 4096 };
    expect([linear(0, window), linear(4095, window), linear(2048, window)]).toEqual([0, 255, 128]);
    expect([linear(-5000, window), linear(9000, window)]).toEqual([0, 255]);
  });

  it('is a step when it is one wide', () => {
    const window = { center: 10, width: 1 };
    expect([linear(9, window), linear(10, window)]).toEqual([0, 255]);
  });

  it('begins with the full range, in rescaled units, when none is stored', () => {
    const format = { ...GREY, intercept: -1024 };
    const picture = readPicture(Uint8Array.of(0, 0, 0xff, 0x0f), EXPLICIT_LITTLE_ENDIAN, format);
    expect(firstWindow(picture)).toEqual({ center: 1024, width: 4096 });
  });
});

describe('painting', () => {
  it('draws low values dark, or bright for MONOCHROME1', () => {
    expect(painted(GREY, [0, 0, 0xff, 0x0f])).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect(painted({ ...GREY, photometric: 'MONOCHROME1' }, [0, 0, 0xff, 0x0f])[0]).toBe(255);
  });

  it('draws colour', () => {
    expect(painted(COLOUR, [1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('knows what it cannot draw', () => {
    expect([canShow(GREY), canShow(COLOUR)]).toEqual([true, true]);
    expect(canShow({ ...COLOUR, photometric: 'YBR_FULL_422' })).toBe(false);
    expect(canShow({ ...COLOUR, isPlanar: true })).toBe(false);
    expect(canShow({ ...GREY, bitsAllocated: 32 })).toBe(false);
  });
});
