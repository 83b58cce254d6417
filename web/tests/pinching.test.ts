import { describe, expect, it } from 'vitest';
import { UPRIGHT } from '@/viewer/lean/camera';
import { pinched, type Spot } from '@/viewer/full/pinching';

const STAGE = { width: 400, height: 600 };

describe('two fingers', () => {
  it('carry the image along where they keep their distance', () => {
    const now = pinched(UPRIGHT, STAGE, [[100, 100], [200, 100]], [[110, 130], [210, 130]]);
    expect(now).toMatchObject({ zoom: 1, panX: 10, panY: 30 });
  });

  it('enlarge by as much as they part, and what lies between them stays there', () => {
    const [before, now]: [Spot[], Spot[]] = [[[200, 300], [300, 300]], [[150, 300], [350, 300]]];
    expect(pinched(UPRIGHT, STAGE, before, now)).toMatchObject({ zoom: 2, panX: -50, panY: 0 });
  });

  it('that lie upon each other do not make it endless', () => {
    expect(pinched(UPRIGHT, STAGE, [[200, 300], [200, 300]], [[0, 0], [400, 600]]).zoom).toBeLessThanOrEqual(40);
  });
});
