import { describe, expect, it } from 'vitest';
import { ageOn, daysBefore, shownDate, shownDateTime } from '../src/lib/dicomweb/dates';
import { imagesOf } from '../src/lib/dicomweb/images';
import { onlyPart } from '../src/lib/dicomweb/multipart';
import { shownName } from '../src/lib/dicomweb/names';
import { studyParams } from '../src/lib/dicomweb/queries';
import { studyOf } from '../src/lib/dicomweb/studies';

function bytesOf(latin: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(latin, (char) => char.charCodeAt(0));
}

describe('names', () => {
  it('put hanzi first and pinyin beside', () => {
    const name = { Alphabetic: 'Li^Donghua', Ideographic: '李^东华' };
    expect(shownName(name)).toEqual({ main: '李东华', other: 'Li Donghua' });
  });

  it('accept hanzi in the alphabetic group, as many hospitals store them', () => {
    expect(shownName({ Alphabetic: '欧阳^修' })).toEqual({ main: '欧阳修', other: '' });
  });

  it('keep characters beyond the basic plane', () => {
    expect(shownName({ Ideographic: '𠮷^野' }).main).toBe('𠮷野');
  });

  it('are empty when nobody gave one', () => {
    expect(shownName({})).toEqual({ main: '', other: '' });
  });
});

describe('dates', () => {
  it('are absolute', () => {
    expect(shownDateTime('20261123', '140507.123')).toBe('2026-11-23 14:05');
    expect(shownDateTime('20261123', '')).toBe('2026-11-23');
    expect(shownDate('2026')).toBe('');
  });

  it('count ages as a ward says them', () => {
    expect(ageOn('19710610', '20261123')).toEqual({ count: 55, unit: 'years' });
    expect(ageOn('20250101', '20261123')).toEqual({ count: 22, unit: 'months' });
    expect(ageOn('20261114', '20261123')).toEqual({ count: 9, unit: 'days' });
    expect(ageOn('20261124', '20261123')).toBeNull();
    expect(ageOn('', '20261123')).toBeNull();
  });

  it('count back over a month', () => {
    expect(daysBefore('20260302', 6)).toBe('20260224');
  });
});

describe('a query', () => {
  it('names only what narrows it', () => {
    const params = studyParams({ search: '李', studyDate: '20260101-20260131', modality: '', organisation: '', isOldestFirst: false });
    expect(Object.fromEntries(params)).toEqual({ includefield: 'all', search: '李', StudyDate: '20260101-20260131' });
  });

  it('reads a study that holds almost nothing', () => {
    const study = studyOf({ '0020000D': { vr: 'UI', Value: ['1.2'] }, '00100010': { vr: 'PN' } });
    expect(study).toMatchObject({ uid: '1.2', modalities: [], imageCount: null, name: { main: '' } });
  });
});

describe('images of a series', () => {
  it('follow the instance number and count every frame', () => {
    const instance = (uid: string, place: number, frames: number) => ({
      '00080018': { vr: 'UI', Value: [uid] },
      '00200013': { vr: 'IS', Value: [place] },
      '00280008': { vr: 'IS', Value: [frames] },
      '00280010': { vr: 'US', Value: [4] },
      '00280011': { vr: 'US', Value: [4] },
    });
    const images = imagesOf([instance('b', 2, 1), instance('a', 1, 2), { '00080018': { vr: 'UI', Value: ['sr'] } }]);
    expect(images.map((image) => [image.sopInstanceUid, image.frame])).toEqual([['a', 1], ['a', 2], ['b', 1]]);
  });
});

describe('multipart/related', () => {
  const type = 'multipart/related; type="application/octet-stream"; boundary="b1"';

  it('gives the bytes as they are, also where they look like a boundary', () => {
    const payload = '\x00\xff--b1\r\n\r\n\x07';
    const head = '--b1\r\nContent-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n';
    const part = onlyPart(type, bytesOf(`${head}${payload}\r\n--b1--`).buffer);
    expect(part.transferSyntax).toBe('1.2.840.10008.1.2.1');
    expect([...part.bytes]).toEqual([...bytesOf(payload)]);
  });

  it('takes a single-part answer too', () => {
    const part = onlyPart('application/octet-stream; transfer-syntax=1.2.840.10008.1.2', bytesOf('abc').buffer);
    expect(part).toMatchObject({ transferSyntax: '1.2.840.10008.1.2' });
  });

  it('refuses a body without a part', () => {
    expect(() => onlyPart(type, bytesOf('nothing').buffer)).toThrow();
  });
});
