import { describe, expect, it } from 'vitest';
import { problemOf } from '../src/lib/api/problem';
import { cutPath, toldOf, viewPath } from '../src/lib/api/stills';
import { graphicsBy } from '../src/viewer/stills/graphics';
import { enlarged, FILLING, shifted } from '../src/viewer/stills/placing';
import { dragged, turnedBy, whole } from '../src/viewer/stills/turning';

const SERIES = { at: { uid: '1', hospital: '' }, seriesUid: '1.2' };

describe('the machine', () => {
  it.each([
    [null, 'none'],
    ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', 'software'],
    ['llvmpipe (LLVM 15.0.7, 256 bits)', 'software'],
    ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)', 'software'],
    ['ANGLE (Intel, Intel(R) UHD Graphics 630 Direct3D11)', 'card'],
    ['', 'card'],
  ] as const)('with %s draws by %s', (renderer, drawnBy) => {
    expect(graphicsBy(renderer)).toBe(drawnBy);
  });
});

describe('a body in the hand', () => {
  it('goes with it: to the right shows its own right side, down shows it from above', () => {
    expect(dragged({ azimuth: 0, elevation: 0 }, 100, 40)).toEqual({ azimuth: -50, elevation: 20 });
  });

  it('goes around without end, and no further than upright', () => {
    expect(turnedBy({ azimuth: -170, elevation: 80 }, 20, 30)).toEqual({ azimuth: 170, elevation: 90 });
    expect(turnedBy({ azimuth: 0, elevation: 0 }, 3600 + 15, 0).azimuth).toBe(-15);
  });

  it('is asked for by whole degrees', () => {
    expect(viewPath(SERIES, 'ct-bone', whole({ azimuth: 12.4, elevation: -7.6 }))).toBe('/api/studies/1/series/1.2/volume?preset=ct-bone&azimuth=12&elevation=-8');
  });
});

describe('a cut', () => {
  const cut = { plane: 'coronal', positionMm: null, slabMm: 0, projection: 'average', window: null } as const;

  it('is in the middle and in the window of the series unless somebody says where and which', () => {
    expect(cutPath(SERIES, cut)).toBe('/api/studies/1/series/1.2/reformatted?plane=coronal&slab_mm=0&projection=average&size=768');
    const path = cutPath(SERIES, { ...cut, positionMm: -12.5, slabMm: 10, projection: 'maximum', window: { center: 40, width: 400 } });
    expect(new URLSearchParams(path.split('?')[1])).toEqual(
      new URLSearchParams('plane=coronal&position_mm=-12.5&slab_mm=10&projection=maximum&window=40,400&size=768'),
    );
  });

  it('says where it lies and what is at its edges', () => {
    const headers = new Headers({
      'Lightwell-Orientation': 'R,L,H,F',
      'Lightwell-Position-Mm': '-3.50',
      'Lightwell-Range-Mm': '-120.00,95.50',
      'Lightwell-Geometry': 'made-even, tilt=18.5, gaps=2',
    });
    expect(toldOf(headers)).toEqual({ edges: { left: 'R', right: 'L', top: 'H', bottom: 'F' }, positionMm: -3.5, rangeMm: [-120, 95.5], isResampled: true, hasGaps: true });
  });

  it('without such words has no letters and lies nowhere', () => {
    expect(toldOf(new Headers())).toEqual({ edges: { left: '', right: '', top: '', bottom: '' }, positionMm: 0, rangeMm: [0, 0], isResampled: false, hasGaps: false });
  });

  it('that is refused says for which reason', async () => {
    const body = { code: 'no_volume', detail: 'the images differ in size', reason: 'mixed_size' };
    expect(await problemOf(new Response(JSON.stringify(body), { status: 422 }))).toMatchObject({ code: 'no_volume', reason: 'mixed_size' });
  });
});

describe('a picture on its stage', () => {
  it('grows around the middle of the stage, within limits', () => {
    expect(enlarged(shifted(FILLING, 10, -4), 2)).toEqual({ zoom: 2, x: 20, y: -8 });
    expect(enlarged(FILLING, 100).zoom).toBe(8);
    expect(enlarged(FILLING, 0.001).zoom).toBe(0.25);
  });
});
