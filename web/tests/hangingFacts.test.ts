import { describe, expect, it } from 'vitest';
import { imagesOf } from '../src/lib/dicomweb/images';
import type { DataSet } from '../src/lib/dicomweb/json';
import { picked } from '../src/lib/hanging';
import { type Hangable, hungOf } from '../src/viewer/hanging/facts';

const AT = { uid: '1', hospital: '' };
const values = (of: Record<string, [string, ...unknown[]]>): DataSet =>
  Object.fromEntries(Object.entries(of).map(([tag, [vr, ...Value]]) => [tag, { vr, Value }]));

/** Slices as a server tells them. */
function slices(count: number, stepMm: number | null, more: DataSet = {}): DataSet[] {
  return Array.from({ length: count }, (_, place) => ({
    ...values({ '00080018': ['UI', `1.${place}`], '00200013': ['IS', place], '00280010': ['US', 64], '00280011': ['US', 64] }),
    ...(stepMm !== null && values({ '00200032': ['DS', 0, 0, place * stepMm], '00200037': ['DS', 1, 0, 0, 0, 1, 0], '00280030': ['DS', 0.5, 0.5] })),
    ...more,
  }));
}

function hangable(seriesUid: string, instances: DataSet[], modality = 'CT'): Hangable {
  const series = { at: AT, seriesUid, modality, title: '', place: null };
  return { series, number: 1, description: '', bodyPart: '', imageCount: instances.length, images: imagesOf(instances) };
}

const factsOf = (...hangables: Hangable[]) => hungOf(hangables).map(({ facts }) => facts);
const thickness = (mm: number) => values({ '00180050': ['DS', mm] });
const taken = (date: string, time: string) => values({ '00080022': ['DA', date], '00080032': ['TM', time] });

describe('what is known of a series by its images', () => {
  it('is how thick it is, so that the thinnest can hang', () => {
    const facts = factsOf(hangable('thick', slices(5, null, thickness(5))), hangable('thin', slices(5, null, thickness(1))));
    expect(facts.map((one) => one.sliceThicknessMm)).toEqual([5, 1]);
    expect(picked({ prefer: 'thinnest' }, facts)[0]?.uid).toBe('thin');
  });

  it('is the step between its positions before what it says of its thickness', () => {
    const [facts] = factsOf(hangable('overlapping', slices(5, 0.7, thickness(1))));
    expect(facts?.sliceThicknessMm).toBeCloseTo(0.7);
  });

  it('is when it was taken, so that the newest can hang', () => {
    const early = hangable('early', slices(3, 1, taken('20261127', '093000.5')));
    const late = hangable('late', slices(3, 1, values({ '0008002A': ['DT', '20261127101530.25+0800'] })));
    const facts = factsOf(early, late, hangable('silent', slices(3, 1)));
    expect(facts.map((one) => one.acquiredAt)).toEqual(['20261127093000', '20261127101530', '']);
    expect(picked({ prefer: 'newest' }, facts).map(({ uid }) => uid)).toEqual(['late', 'early', 'silent']);
  });

  it('is told of images that hang one by one, each for itself', () => {
    const [first = {}] = slices(1, null, taken('20261127', '0930'));
    const [second = {}] = slices(1, null, values({ '00080023': ['DA', '20261127'], '00080033': ['TM', '0945'] }));
    const facts = factsOf(hangable('chest', [first, { ...second, ...values({ '00080018': ['UI', '2'] }) }], 'DX'));
    expect(facts.map((one) => one.acquiredAt)).toEqual(['202611270930', '202611270945']);
  });

  it('is in the groups of an enhanced image', () => {
    const enhanced: DataSet = {
      ...values({ '00080018': ['UI', '1'], '00280008': ['IS', 2], '00280010': ['US', 64], '00280011': ['US', 64] }),
      '52009229': { vr: 'SQ', Value: [{ '00289110': { vr: 'SQ', Value: [thickness(0.8)] } }] },
      '52009230': { vr: 'SQ', Value: [1, 2].map((n) => ({ '00209111': { vr: 'SQ', Value: [values({ '00189074': ['DT', `2026112710000${n}`] })] } })) },
    };
    const [facts] = factsOf(hangable('enhanced', [enhanced], 'MR'));
    expect(facts).toMatchObject({ sliceThicknessMm: 0.8, acquiredAt: '20261127100002' });
  });
});
