import type { ViewerKey, ViewerWords } from '@/lib/i18n/viewer';
import { element } from './elements';

const LINES: readonly [string[], ViewerKey][] = [
  [['↓', '→', 'j'], 'viewer.keys.next'],
  [['↑', '←', 'k'], 'viewer.keys.previous'],
  [['Home', 'End'], 'viewer.keys.ends'],
  [['[', ']'], 'viewer.keys.series'],
  [['v'], 'viewer.invert'],
  [['t'], 'viewer.turn'],
  [['h'], 'viewer.flip'],
  [['+', '-'], 'viewer.zoom'],
  [['Shift+↑↓←→'], 'viewer.pan'],
  [['r'], 'viewer.reset'],
  [['?'], 'viewer.keys.title'],
];

/** Every key of the page and what it does; returns how to show them. */
export function keysHelp(t: ViewerWords, page: HTMLElement): () => void {
  const lines = LINES.flatMap(([keys, does]) => [
    element('dt', {}, ...keys.map((key) => element('kbd', {}, key))),
    element('dd', {}, t(does, {})),
  ]);
  const close = element('button', { type: 'button', click: () => dialog.close() }, t('viewer.keys.close', {}));
  const title = element('h2', { id: 'keys' }, t('viewer.keys.title', {}));
  const dialog = element('dialog', { 'aria-labelledby': title.id }, title, element('dl', {}, ...lines), close);
  page.append(dialog);
  return () => dialog.showModal();
}
