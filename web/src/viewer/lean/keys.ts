import type { LeanView } from './LeanView';
import { zoomed } from './camera';

const ZOOM_STEP = 1.25;

/** What each key does on a stage that goes through its series by itself. */
export function keysOf(view: LeanView): Record<string, () => void> {
  const all = Number.MAX_SAFE_INTEGER;
  const zoom = (factor: number) => {
    const camera = view.state()?.camera;
    if (camera) view.setCamera(zoomed(camera, factor, { width: 0, height: 0 }, 0, 0));
  };
  const next = () => view.step(1);
  const previous = () => view.step(-1);
  return {
    ArrowDown: next,
    ArrowRight: next,
    j: next,
    ArrowUp: previous,
    ArrowLeft: previous,
    k: previous,
    Home: () => view.step(-all),
    End: () => view.step(all),
    r: () => view.reset(),
    v: () => view.invert(),
    h: () => view.flip(),
    t: () => view.turn(),
    '+': () => zoom(ZOOM_STEP),
    '=': () => zoom(ZOOM_STEP),
    '-': () => zoom(1 / ZOOM_STEP),
  };
}

/** Listens to the keys of a page that is nothing but a stage. */
export function listenToKeys(view: LeanView): void {
  const keys = keysOf(view);
  window.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
