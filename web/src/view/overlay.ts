import type { ViewerKey, ViewerWords } from '@/lib/i18n/viewer';
import { type Absence, absenceOf } from '@/lib/stream/absence';
import { edgesOf } from '@/viewer/lean/camera';
import type { LeanView, Seen } from '@/viewer/lean/LeanView';
import { element, say } from './elements';
import type { Notice } from './Opener';

const PLACES = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'top', 'right', 'bottom', 'left'] as const;
type Place = (typeof PLACES)[number];

/** The picture that comes with the page is as coarse as a preview is. */
const isPreview = ({ best }: Seen) => best?.isPreview ?? document.getElementById('first-picture') !== null;

/** What stands at each place around the picture. */
export function wordsOf(t: ViewerWords, seen: Seen, title: string): Record<Place, string> {
  const { image, best, window, isInverted, total, index } = seen;
  const edges = best && image.orientation ? edgesOf(image.orientation, seen.camera) : null;
  const warnings = [isPreview(seen) ? t('viewer.preview', {}) : t('viewer.notForDiagnosis', {})];
  if (image.isLossy) warnings.push(t('viewer.lossy', {}));
  return {
    'top-left': title,
    'top-right': warnings.join('\n'),
    'bottom-left': [isInverted ? t('viewer.inverted', {}) : '', window ? t('viewer.window', { ...window }) : ''].filter(Boolean).join('\n'),
    'bottom-right': t('viewer.position', { index: index + 1, total }),
    top: edges?.top ?? '',
    right: edges?.right ?? '',
    bottom: edges?.bottom ?? (best ? t('viewer.noOrientation', {}) : ''),
    left: edges?.left ?? '',
  };
}

/** Says why there is no picture, or not all of them. */
function absence(t: ViewerWords) {
  let retry: (() => void) | undefined;
  const words = element('p');
  const again = element('button', { type: 'button', click: () => retry?.() }, t('viewer.retry', {}));
  const there = element('a', {}, t('viewer.openThere', {}));
  const place = element('div', { class: 'absent', hidden: true }, words, again, there);
  const show = (notice: Notice | null) => {
    retry = notice?.retry;
    place.hidden = notice === null;
    words.setAttribute('role', notice?.key === 'viewer.loading' ? 'status' : 'alert');
    again.hidden = retry === undefined;
    there.hidden = notice?.href === undefined;
    if (notice?.href) there.href = notice.href;
    say(words, notice ? t(notice.key, {}) : '');
  };
  return { place, show };
}

const REASONS: Record<Absence, ViewerKey> = { none: 'viewer.noPicture', damaged: 'viewer.damaged', failed: 'viewer.failed' };

/** What is wrong with the image that is looked at; what may pass can be tried again. */
function noticeOf({ error }: Seen, view: LeanView): Notice | null {
  const key = error && REASONS[absenceOf(error)];
  return key && { key, ...(key === 'viewer.failed' && { retry: () => view.retry() }) };
}

/**
 * Writes around the picture what must be known of it; `title` says which series it is. Returns how to say something of
 * the series, which stands before what is said of its images.
 */
export function overlay(t: ViewerWords, stage: HTMLElement, view: LeanView, title: () => string): (notice: Notice | null) => void {
  const places = new Map(PLACES.map((place) => [place, element('p', { class: place })]));
  const absent = absence(t);
  let ofSeries: Notice | null = null;
  stage.append(...places.values(), absent.place);
  const write = () => {
    const seen = view.state();
    const words = seen && wordsOf(t, seen, title());
    places.forEach((place, name) => say(place, words?.[name] ?? ''));
    absent.show(ofSeries ?? (seen && noticeOf(seen, view)));
    view.setLabel(seen ? t('viewer.picture', { index: seen.index + 1, total: seen.total, series: title() }) : t(ofSeries?.key ?? 'viewer.loading', {}));
  };
  view.subscribe(write);
  return (notice) => {
    ofSeries = notice;
    write();
  };
}
