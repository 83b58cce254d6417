import { describe, expect, it } from 'vitest';
import { codesOf, passThrough } from '@/viewer/screenCodes';

function image(width: number, height: number, grey: number): ImageData {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < data.length; at += 4) data.fill(grey, at, at + 3);
  return { data, width, height, colorSpace: 'srgb' } as ImageData;
}

const mean = ({ data }: ImageData) => data.filter((_, at) => at % 4 === 0).reduce((sum, one) => sum + one, 0) / (data.length / 4);

describe('the table of a display', () => {
  it('changes nothing where it is straight', () => {
    const codes = codesOf(Float32Array.from({ length: 1024 }, (_, at) => at / 1023));
    for (const grey of [0, 1, 100, 254, 255]) {
      const pixels = image(16, 16, grey);
      passThrough(pixels, codes);
      expect(mean(pixels)).toBeCloseTo(grey, 1);
    }
  });

  it('gives fractions of a code as an even grain', () => {
    const pixels = image(64, 64, 100);
    passThrough(pixels, Float32Array.from({ length: 256 }, () => 90.25));
    expect(mean(pixels)).toBeCloseTo(90.25, 2);
    expect(new Set(pixels.data.filter((_, at) => at % 4 === 0))).toEqual(new Set([90, 91]));
  });

  it('leaves what is in colour', () => {
    const pixels = image(8, 8, 100);
    pixels.data.set([214, 138, 118], 0);
    passThrough(pixels, new Float32Array(256));
    expect(pixels.data.slice(0, 3)).toEqual(new Uint8ClampedArray([214, 138, 118]));
  });
});
