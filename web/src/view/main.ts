import { fetchOpening, type First, type Opening, type OpeningSaid, openingOf } from '@/lib/api/opening';
import { Problem } from '@/lib/api/problem';
import type { StudyAt } from '@/lib/api/studyAddress';
import { fetchImages } from '@/lib/dicomweb/fetching';
import type { Series } from '@/lib/dicomweb/studies';
import { firstLanguage } from '@/lib/i18n/language';
import { viewerWords } from '@/lib/i18n/viewer';
import { absenceOf } from '@/lib/stream/absence';
import { pictureKey } from '@/lib/stream/frames';
import { machines } from '@/lib/stream/machines';
import { SeriesStream } from '@/lib/stream/SeriesStream';
import { LeanView } from '@/viewer/lean/LeanView';
import { listenToKeys } from '@/viewer/steering';
import { arrived, firstFrame } from './arriving';
import { banner } from './banner';
import { element } from './elements';
import { insteadOf } from './instead';
import { keysHelp } from './keys';
import { markFirstPicture, removeFirstPicture, watchFirstPicture } from './firstPicture';
import { Opener, REFUSALS } from './Opener';
import { overlay } from './overlay';
import { rail, titleOf } from './rail';
import { tools } from './tools';
import './view.css';

const t = viewerWords(firstLanguage());
const { organisation: hospital = '', ...wish } = Object.fromEntries(new URLSearchParams(location.search));
const at: StudyAt = {
  uid: decodeURIComponent(location.pathname.split('/')[2] ?? ''),
  hospital,
};
const workstation = `/studies/${at.uid}${at.hospital && `?hospital=${encodeURIComponent(at.hospital)}`}`;
const workstationAt = (series: string) => `${workstation}${at.hospital ? '&' : '?'}series=${series}`;
document.documentElement.lang = firstLanguage();

const said = () => document.getElementById('opening');

/** What came with the page, or else what the server says now. */
function opening(): Promise<Opening> {
  const text = said()?.textContent;
  return text ? Promise.resolve(openingOf(JSON.parse(text) as OpeningSaid)) : fetchOpening(at, wish);
}

/** Has the frame read that comes with the page; what does not come is asked for. */
function takeFrame({ seriesUid, image }: First): Promise<unknown> {
  const { cache, decoder } = machines();
  const frame = firstFrame();
  const decoded = async () => decoder.decode({ bytes: await frame, transferSyntax: '', isHtj2k: true, format: image.format });
  cache.bring(pictureKey({ at, seriesUid }, image), decoded).catch(() => undefined);
  return frame.catch(() => undefined);
}

/** Has the images of a series come, at once the one that is known. */
function bring(seriesUid: string, first: Opening['first'] = null): SeriesStream {
  const begun = first?.seriesUid === seriesUid && first.image.format.rows ? first : null;
  const frame = begun && said()?.dataset.hasFrame !== undefined ? takeFrame(begun) : null;
  const stream = new SeriesStream(machines(), { at, seriesUid }, begun ? [begun.image] : [], 0, begun?.expected);
  void frame?.then(() => stream.beginPack());
  return stream;
}

/** The first image is on its way before there is a place for it: the line is slower than the page. */
function start(root: HTMLElement, { study, series, first }: Opening): void {
  const begin = series.find((one) => one.uid === first?.seriesUid) ?? series[0];
  const begun = begin && bring(begin.uid, first);
  const stage = element('main');
  const view = new LeanView(stage);
  let shown: Series | null = null;
  const say = overlay(t, stage, view, () => (shown ? titleOf(t, shown) : ''));
  const opener = new Opener(view, {
    fetch: (uid) => fetchImages(at, uid),
    onShown: (one) => {
      shown = one;
      chooser.mark(one?.uid ?? null);
      if (one?.uid !== first?.seriesUid) removeFirstPicture();
    },
    say,
    insteadOf: async (one) => {
      const instead = await insteadOf(at, one);
      return instead && { ...instead, href: workstationAt(one.uid) };
    },
    onRefused: () => location.replace(workstation),
  });
  const choose = (one: Series) => void opener.open(one, bring(one.uid));
  const chooser = rail(t, at, series, choose);
  document.title = study.name.main || t('viewer.study', {});
  root.replaceChildren(banner(t, study, workstation), stage, tools(t, view), chooser.list);
  markFirstPicture(stage);
  const step = (by: number) => {
    const other = series[series.findIndex(({ uid }) => uid === opener.chosen?.uid) + by];
    if (other) choose(other);
  };
  listenToKeys(view, { '[': () => step(-1), ']': () => step(1), '?': keysHelp(t, root) });
  watchFirstPicture(view, first);
  view.subscribe(() => {
    const { error } = view.state() ?? {};
    if (error && absenceOf(error) === 'none') void opener.explain();
  });
  if (begin && begun) void opener.open(begin, begun);
  else say({ key: 'viewer.noPicture' });
}

/** Whoever is not signed in does so in the workstation, and finds the study there. */
function fail(error: unknown): void {
  const status = error instanceof Problem ? error.status : 0;
  if (REFUSALS.includes(status)) return location.replace(workstation);
  const again = element('a', { href: location.href }, t('viewer.retry', {}));
  document.body.append(element('p', { role: 'alert', class: 'alert' }, t(status === 404 ? 'viewer.notFound' : 'viewer.failed', {}), ' ', again));
  return undefined;
}

arrived('view')
  .then(async (root) => start(root, await opening()))
  .catch(fail);
