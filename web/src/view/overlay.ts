import type { ViewerKey, ViewerWords } from '@/lib/i18n/viewer';
import { type Absence, absenceOf } from '@/lib/stream/absence';
import { edgesOf } from '@/viewer/lean/camera';
import type { LeanView, Seen } from '@/viewer/lean/LeanView';
import { element, say } from './elements';

const PLACES = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'top', 'right', 'bottom', 'left'] as const;
type Place = (typeof PLACES)[number];

/** The picture that comes with the page is as coarse as a preview is. */
const isPreview = ({ best }: Seen) => best?.isPreview ?? document.getElementById('first-picture') !== null;

function wordsOf(t: ViewerWords, seen: Seen, title: string): Record<Place, string> {
  const { image, best, window, total, index } = seen;
  const edges = best && image.orientation ? edgesOf(image.orientation, seen.camera) : null;
  const warnings = [isPreview(seen) ? t('viewer.preview', {}) : t('viewer.notForDiagnosis', {})];
  if (image.isLossy) warnings.push(t('viewer.lossy', {}));
  return {
    'top-left': title,
    'top-right': warnings.join('\n'),
    'bottom-left': window ? t('viewer.window', { ...window }) : '',
    'bottom-right': t('viewer.position', { index: index + 1, total }),
    top: edges?.top ?? '',
    right: edges?.right ?? '',
    bottom: edges?.bottom ?? (best ? t('viewer.noOrientation', {}) : ''),
    left: edges?.left ?? '',
  };
}

/** Says why there is no picture; what may pass can be tried again. */
function absence(t: ViewerWords, view: LeanView) {
  const words = element('p', { role: 'alert' });
  const again = element('button', { type: 'button', click: () => view.retry() }, t('viewer.retry', {}));
  const place = element('div', { class: 'absent', hidden: true }, words, again);
  const show = (key: ViewerKey | null) => {
    place.hidden = key === null;
    again.hidden = key !== 'viewer.failed';
    say(words, key ? t(key, {}) : '');
  };
  return { place, show };
}

const REASONS: Record<Absence, ViewerKey> = { none: 'viewer.noPicture', damaged: 'viewer.damaged', failed: 'viewer.failed' };

/** Writes around the picture what must be known of it; `title` says which series it is. Returns how to say that a series has none. */
export function overlay(t: ViewerWords, stage: HTMLElement, view: LeanView, title: () => string): () => void {
  const places = new Map(PLACES.map((place) => [place, element('p', { class: place })]));
  const absent = absence(t, view);
  stage.append(...places.values(), absent.place);
  view.subscribe(() => {
    const seen = view.state();
    if (!seen) return;
    const words = wordsOf(t, seen, title());
    places.forEach((place, name) => say(place, words[name]));
    absent.show(seen.error && REASONS[absenceOf(seen.error)]);
    view.setLabel(t('viewer.picture', { index: seen.index + 1, total: seen.total, series: title() }));
  });
  return () => absent.show('viewer.noPicture');
}
