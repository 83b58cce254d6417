import type { ViewerKey, ViewerWords } from '@/lib/i18n/viewer';
import type { Drag } from '@/viewer/lean/gestures';
import type { LeanView } from '@/viewer/lean/LeanView';
import { element } from './elements';

const DRAGS: readonly [Drag, ViewerKey][] = [
  ['scroll', 'viewer.scroll'],
  ['window', 'viewer.windowing'],
  ['pan', 'viewer.pan'],
  ['zoom', 'viewer.zoom'],
];

/** What a finger does on the picture, and what is done to it at once. */
export function tools(t: ViewerWords, view: LeanView): HTMLElement {
  const drags = DRAGS.map(([drag, words]) => ({ drag, button: act(t(words, {}), () => choose(drag)) }));
  const choose = (chosen: Drag) => {
    view.setDrag(chosen);
    for (const { drag, button } of drags) button.setAttribute('aria-pressed', String(drag === chosen));
  };
  const acts: [ViewerKey, () => void][] = [
    ['viewer.invert', () => view.invert()],
    ['viewer.turn', () => view.turn()],
    ['viewer.flip', () => view.flip()],
    ['viewer.reset', () => view.reset()],
  ];
  choose(matchMedia('(pointer: coarse)').matches ? 'scroll' : 'window');
  return element(
    'div',
    { role: 'toolbar', 'aria-label': t('viewer.tools', {}) },
    ...drags.map(({ button }) => button),
    ...acts.map(([words, does]) => act(t(words, {}), does)),
  );
}

function act(words: string, does: () => void): HTMLButtonElement {
  return element('button', { type: 'button', click: does }, words);
}
