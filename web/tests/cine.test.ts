import { describe, expect, it } from 'vitest';
import { imagesOf } from '../src/lib/dicomweb/images';
import type { DataSet } from '../src/lib/dicomweb/json';
import { rateOf, ratesWith } from '../src/viewer/desk/useCine';

const SHAPE: DataSet = { '00280010': { vr: 'US', Value: [8] }, '00280011': { vr: 'US', Value: [8] }, '00280008': { vr: 'IS', Value: [2] } };
const RECOMMENDED: DataSet = { '00082144': { vr: 'IS', Value: [30] } };
const CINE_RATE: DataSet = { '00180040': { vr: 'IS', Value: [24] } };
const FRAME_TIME: DataSet = { '00181063': { vr: 'DS', Value: [40] } };

describe('how fast a series goes by', () => {
  it.each([
    ['the recommended rate first', { ...FRAME_TIME, ...CINE_RATE, ...RECOMMENDED }, 30],
    ['then the rate of the cine', { ...FRAME_TIME, ...CINE_RATE }, 24],
    ['then the time of a frame', FRAME_TIME, 25],
    ['nothing where nothing is said', {}, null],
    ['nothing where 0 is said', { '00181063': { vr: 'DS', Value: [0] }, '00180040': { vr: 'IS', Value: [0] } }, null],
  ])('is what its images say: %s', (_which, said, expected) => {
    expect(imagesOf([{ ...SHAPE, ...said }]).map(({ ratePerS }) => ratePerS)).toEqual([expected, expected]);
  });

  it('is what the reader chose for it before that, and the usual without either', () => {
    const chosen = { seriesUid: 'a', ratePerS: 10 };
    expect([rateOf('a', chosen, 24), rateOf('b', chosen, 24), rateOf('b', null, null)]).toEqual([10, 24, 15]);
  });

  it('can be chosen again when it is none of the usual', () => {
    expect(ratesWith(24)).toEqual([5, 10, 15, 24, 25, 30]);
    expect(ratesWith(25)).toEqual([5, 10, 15, 25, 30]);
  });
});
