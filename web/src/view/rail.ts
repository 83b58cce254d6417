import type { StudyAt } from '@/lib/api/studyAddress';
import { thumbnailPath } from '@/lib/dicomweb/addresses';
import type { Series } from '@/lib/dicomweb/studies';
import type { ViewerWords } from '@/lib/i18n/viewer';
import { element } from './elements';

export function titleOf(t: ViewerWords, series: Series): string {
  return series.description || series.bodyPart || t('viewer.seriesNumber', { number: series.number ?? '–' });
}

/** The series of the study, side by side under the thumb. */
export function rail(t: ViewerWords, at: StudyAt, series: Series[], onChoose: (series: Series) => void) {
  const buttons = new Map(series.map((one) => [one.uid, button(t, at, one, () => onChoose(one))]));
  const list = element('nav', { 'aria-label': t('viewer.series', {}) }, ...buttons.values());
  const mark = (uid: string | null) => buttons.forEach((made, key) => made.setAttribute('aria-current', String(key === uid)));
  return { list, mark };
}

function button(t: ViewerWords, at: StudyAt, series: Series, onChoose: () => void): HTMLElement {
  const picture = element('img', { src: thumbnailPath(at, series.uid), alt: '', loading: 'lazy', error: (event) => (event.target as Element).remove() });
  const count = series.imageCount === null ? '' : ` · ${series.imageCount}`;
  return element('button', { type: 'button', click: onChoose }, picture, element('span', {}, `${titleOf(t, series)}${count}`));
}
