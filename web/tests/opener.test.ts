import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../src/lib/api/problem';
import type { Image } from '../src/lib/dicomweb/images';
import type { Series } from '../src/lib/dicomweb/studies';
import type { SeriesStream } from '../src/lib/stream/SeriesStream';
import { insteadOf } from '../src/view/instead';
import { type Notice, Opener } from '../src/view/Opener';

const IMAGES = [{ sopInstanceUid: '1' }] as unknown as readonly Image[];
const series = (uid: string) => ({ uid, description: uid }) as Series;

function stream(uid: string, known: readonly Image[] = []) {
  const made = { seriesUid: uid, images: known, isScrollable: false, extend: () => 0, subscribe: () => () => {}, close: () => {} };
  return made as unknown as SeriesStream;
}

/** A view that says of which series its picture is, and a server that answers when the test says so. */
function room(instead: Notice | null = null) {
  const seen = { picture: null as string | null, name: null as string | null, notice: null as Notice | null, isRefused: false };
  const asked: { answer: (images: readonly Image[]) => void; refuse: (error: Error) => void }[] = [];
  const view = {
    show: (of: { seriesUid: string }) => void (seen.picture = of.seriesUid),
    extend: () => {},
    clear: () => void (seen.picture = null),
  };
  const opener = new Opener(view, {
    fetch: () => new Promise((answer, refuse) => asked.push({ answer, refuse })),
    onShown: (one) => void (seen.name = one?.uid ?? null),
    say: (notice) => void (seen.notice = notice),
    insteadOf: () => Promise.resolve(instead),
    onRefused: () => void (seen.isRefused = true),
  });
  return { seen, asked, opener };
}

describe('a series that is chosen', () => {
  it('has no name over the picture of another while it is on its way', async () => {
    const { seen, asked, opener } = room();
    void opener.open(series('a'), stream('a', IMAGES));
    expect(seen).toMatchObject({ picture: 'a', name: 'a' });
    const second = opener.open(series('b'), stream('b'));
    expect(seen).toMatchObject({ picture: null, name: null, notice: { key: 'viewer.loading' } });
    asked[1]?.answer(IMAGES);
    await second;
    expect(seen).toMatchObject({ picture: 'b', name: 'b', notice: null });
  });

  it('says that it failed, and can be tried again', async () => {
    const { seen, asked, opener } = room();
    const first = opener.open(series('a'), stream('a'));
    asked[0]?.refuse(new Problem('unreachable', 0));
    await first;
    expect(seen).toMatchObject({ picture: null, name: null, notice: { key: 'viewer.seriesFailed' } });
    seen.notice?.retry?.();
    expect(seen.notice).toEqual({ key: 'viewer.loading' });
    asked[1]?.answer(IMAGES);
    await Promise.resolve();
    expect(seen).toMatchObject({ picture: 'a', name: 'a', notice: null });
  });

  it('hears nothing of one that was chosen before', async () => {
    const { seen, asked, opener } = room();
    const first = opener.open(series('a'), stream('a'));
    const second = opener.open(series('b'), stream('b'));
    asked[1]?.answer(IMAGES);
    await second;
    asked[0]?.refuse(new Problem('unreachable', 0));
    await first;
    expect(seen).toMatchObject({ picture: 'b', name: 'b', notice: null });
  });

  it('sends to the sign-in whoever is not signed in', async () => {
    const { seen, asked, opener } = room();
    const first = opener.open(series('a'), stream('a'));
    asked[0]?.refuse(new Problem('not_signed_in', 401));
    await first;
    expect(seen.isRefused).toBe(true);
  });

  it('that has no images says what it is, and where it can be seen', async () => {
    const report: Notice = { key: 'viewer.instead.report', href: '/studies/1?series=a' };
    const { seen, asked, opener } = room(report);
    const first = opener.open(series('a'), stream('a'));
    asked[0]?.answer([]);
    await first;
    await Promise.resolve();
    expect(seen).toMatchObject({ picture: null, name: 'a', notice: report });
  });

  it('that is no picture for nobody knows why says that', async () => {
    const { seen, asked, opener } = room();
    const first = opener.open(series('a'), stream('a'));
    asked[0]?.answer([]);
    await first;
    await Promise.resolve();
    expect(seen.notice).toEqual({ key: 'viewer.noPicture' });
  });
});

describe('what a series is', () => {
  const ECG = '1.2.840.10008.5.1.4.1.1.9.1.1';
  const told = (...objects: [sopClass: string, syntax: string][]) =>
    vi.stubGlobal('fetch', async () => Response.json(objects.map(([sopClass, syntax]) => ({ '00080016': { vr: 'UI', Value: [sopClass] }, '00083002': { vr: 'UI', Value: [syntax] } }))));
  const asked = (imageCount: number) => insteadOf({ uid: '1', hospital: '' }, { ...series('a'), imageCount });
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['1.2.840.10008.5.1.4.1.1.88.33', '1.2.840.10008.1.2.1', 'viewer.instead.report'],
    ['1.2.840.10008.5.1.4.1.1.104.1', '1.2.840.10008.1.2.1', 'viewer.instead.pdf'],
    [ECG, '1.2.840.10008.1.2.1', 'viewer.instead.ecg'],
    ['1.2.840.10008.5.1.4.1.1.77.1.1.1', '1.2.840.10008.1.2.4.102', 'viewer.instead.film'],
  ])('of class %s in %s is told', async (sopClass, syntax, key) => {
    told([sopClass, syntax]);
    expect(await asked(1)).toEqual({ key });
  });

  it('is not told where it has pictures among others, or where nobody answers', async () => {
    told([ECG, '1.2.840.10008.1.2.1'], ['1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1']);
    expect(await asked(2)).toBeNull();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await asked(1)).toBeNull();
  });
});
