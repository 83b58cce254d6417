import { describe, expect, it } from 'vitest';
import { keyImagesQuery } from '../src/lib/api/keyImages';
import { addressOf } from '../src/lib/api/studyAddress';
import { attributesQuery } from '../src/lib/dicomweb/attributes';
import { frameThumbnailPath, framePath, renderedPath, thumbnailPath, zipPath } from '../src/lib/dicomweb/addresses';
import { copiesQuery, imagesQuery, seriesQuery } from '../src/lib/dicomweb/queries';
import { studyKey, studyOf } from '../src/lib/dicomweb/studies';

const COUNTY = { uid: '1.2', hospital: 'county' };
const CENTRE = { uid: '1.2', hospital: 'centre' };
const ONLY = { uid: '1.2', hospital: '' };
const PLACE = { seriesUid: '1.2.3', sopInstanceUid: '1.2.3.4', frame: 5 };

describe('the address of something of a study', () => {
  it('names the hospital where one is meant, and none where one alone can be', () => {
    expect(addressOf('/dicom-web/studies', COUNTY, '/series')).toBe('/dicom-web/studies/1.2/series?organisation=county');
    expect(addressOf('/dicom-web/studies', ONLY, '/series')).toBe('/dicom-web/studies/1.2/series');
    expect(addressOf('/api/studies', { uid: '1.2', hospital: 'a&b' })).toBe('/api/studies/1.2?organisation=a%26b');
  });

  it('names it with every picture and file', () => {
    const paths = [
      thumbnailPath(COUNTY, PLACE.seriesUid),
      frameThumbnailPath(COUNTY, PLACE),
      renderedPath(COUNTY, PLACE),
      zipPath(COUNTY),
    ];
    const asked = paths.map((path) => new URL(path, 'http://here').searchParams.get('organisation'));
    expect(asked).toEqual(['county', 'county', 'county', 'county']);
    expect(renderedPath(ONLY, PLACE)).toBe('/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/5/rendered?accept=image%2Fpng');
  });
});

describe('what is kept of two copies of a study', () => {
  it.each([copiesQuery, seriesQuery, keyImagesQuery])('is kept apart', (query) => {
    expect(query(COUNTY).queryKey).not.toEqual(query(CENTRE).queryKey);
  });

  it('is kept apart for images, frames and attributes too', () => {
    expect(imagesQuery(COUNTY, '1.2.3').queryKey).not.toEqual(imagesQuery(CENTRE, '1.2.3').queryKey);
    expect(framePath(COUNTY, PLACE)).not.toEqual(framePath(CENTRE, PLACE));
    expect(attributesQuery(COUNTY, '1.2.3', '1.2.3.4').queryKey).not.toEqual(attributesQuery(CENTRE, '1.2.3', '1.2.3.4').queryKey);
  });

  it('is a row of its own in the list', () => {
    const row = (code: string) =>
      studyOf({ '0020000D': { vr: 'UI', Value: ['1.2'] }, '00091002': { vr: 'LO', Value: [code] } });
    expect(studyKey(row('county'))).not.toBe(studyKey(row('centre')));
  });
});
