import { describe, expect, it } from 'vitest';
import type { PixelFormat } from '../src/lib/dicomweb/images';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN } from '../src/lib/dicomweb/syntaxes';
import { firstWindow, paint, placeIn } from '../src/lib/pixels/grey';
import { hasValues, readNative } from '../src/lib/pixels/picture';

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
  unit: '',
  window: null,
  voiFunction: 'LINEAR',
  hasTable: false,
  aspect: 1,
};

function painted(format: PixelFormat, bytes: number[], syntax = EXPLICIT_LITTLE_ENDIAN): number[] {
  const picture = readNative(Uint8Array.from(bytes), syntax, format);
  const data = new Uint8ClampedArray(format.rows * format.columns * 4);
  paint(picture, format, firstWindow(format, picture.range), false, { data } as unknown as ImageData);
  return [...data];
}

describe('stored values', () => {
  it('keep the stored bits only', () => {
    const picture = readNative(Uint8Array.of(0xff, 0xff, 0x01, 0xf0), EXPLICIT_LITTLE_ENDIAN, GREY);
    expect([...picture.samples]).toEqual([4095, 1]);
  });

  it('carry the sign of the highest stored bit', () => {
    const picture = readNative(Uint8Array.of(0xff, 0x0f, 0x00, 0x08), EXPLICIT_LITTLE_ENDIAN, { ...GREY, isSigned: true });
    expect([...picture.samples]).toEqual([-1, -2048]);
  });

  it('are read in the order of the transfer syntax', () => {
    const picture = readNative(Uint8Array.of(0x01, 0x02, 0x00, 0x05), EXPLICIT_BIG_ENDIAN, GREY);
    expect([...picture.samples]).toEqual([0x0102, 5]);
  });

  it('refuse a frame that is too short', () => {
    expect(() => readNative(Uint8Array.of(1, 2), EXPLICIT_LITTLE_ENDIAN, GREY)).toThrow();
  });
});

describe('the window', () => {
  it('follows the linear function of the standard', () => {
    const window = { center: 2048, width: 4096 };
    expect([0, 2047.5, 4095].map((value) => placeIn(value, window, 'LINEAR'))).toEqual([0, 0.5, 1]);
    expect([placeIn(-5000, window, 'LINEAR'), placeIn(9000, window, 'LINEAR')]).toEqual([0, 1]);
  });

  it('follows the exact and the sigmoid function where an image says so', () => {
    const window = { center: 100, width: 50 };
    expect([75, 100, 125].map((value) => placeIn(value, window, 'LINEAR_EXACT'))).toEqual([0, 0.5, 1]);
    expect(placeIn(100, window, 'SIGMOID')).toBe(0.5);
    expect(placeIn(125, window, 'SIGMOID')).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });

  it('is a step when it is one wide', () => {
    const window = { center: 10, width: 1 };
    expect([placeIn(9, window, 'LINEAR'), placeIn(10, window, 'LINEAR')]).toEqual([0, 1]);
  });

  it('begins with the full range, in rescaled units, when none is stored', () => {
    const format = { ...GREY, intercept: -1024 };
    const picture = readNative(Uint8Array.of(0, 0, 0xff, 0x0f), EXPLICIT_LITTLE_ENDIAN, format);
    expect(firstWindow(format, picture.range)).toEqual({ center: 1024, width: 4096 });
  });
});

describe('painting', () => {
  it('draws low values dark, or bright for MONOCHROME1', () => {
    expect(painted(GREY, [0, 0, 0xff, 0x0f])).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect(painted({ ...GREY, photometric: 'MONOCHROME1' }, [0, 0, 0xff, 0x0f])[0]).toBe(255);
  });

  it('leaves to the server what has no values that can be read here', () => {
    expect(hasValues(GREY)).toBe(true);
    expect(hasValues({ ...GREY, samplesPerPixel: 3, photometric: 'RGB', bitsAllocated: 8 })).toBe(false);
    expect(hasValues({ ...GREY, photometric: 'PALETTE COLOR' })).toBe(false);
    expect(hasValues({ ...GREY, bitsAllocated: 32 })).toBe(false);
    expect(hasValues({ ...GREY, hasTable: true })).toBe(false);
  });
});
