import type { Window } from '@/lib/dicomweb/images';
import { keyOf } from '@/lib/keys';
import type { Followed } from './full/links';
import { type Camera, UPRIGHT } from './lean/camera';

/** How an image is seen: what one viewer hands over to the other. */
export interface ViewState {
  /** Null for the window that the image brings. */
  window: Window | null;
  isInverted: boolean;
  camera: Camera;
}

/** How a series was seen last. */
export interface Handover extends ViewState {
  seriesUid: string;
}

export const AS_IT_CAME: ViewState = { window: null, isInverted: false, camera: UPRIGHT };

/** What keys and tools can do to what is looked at, whichever viewer shows it. */
export interface Steered {
  step(steps: number): void;
  /** On to the next image, and from the last to the first. */
  next(): void;
  setWindow(window: Window | null): void;
  invert(): void;
  turn(): void;
  flip(): void;
  zoom(factor: number): void;
  reset(): void;
  /** Moves what is seen, in parts of the shorter side of its pane; what is framed is moved by that. */
  pan?(across: number, down: number): void;
  /** Keys that do something else here. */
  ownKeys?: Record<string, () => void>;
}

const nothing = () => {};

/** What most keys do nothing to: a body has no order, no window and no mirror image. */
export const UNMOVED: Omit<Steered, 'zoom' | 'reset' | 'pan'> = { step: nothing, next: nothing, setWindow: nothing, invert: nothing, turn: nothing, flip: nothing };

const ZOOM_STEP = 1.25;
const PAN_STEP = 0.1;

function pan(view: Steered & Partial<Pick<Followed, 'framing' | 'setFraming'>>, across: number, down: number): void {
  if (view.pan) view.pan(across, down);
  else if (view.framing) {
    const now = view.framing();
    view.setFraming?.({ ...now, across: now.across + across, down: now.down + down });
  }
}

const TURN_DEGREES = 15;

/** Keys that turn a body, in degrees to the right and down. */
export function turningKeys(turn: (right: number, down: number) => void): Record<string, () => void> {
  return {
    ArrowRight: () => turn(TURN_DEGREES, 0),
    ArrowLeft: () => turn(-TURN_DEGREES, 0),
    ArrowDown: () => turn(0, TURN_DEGREES),
    ArrowUp: () => turn(0, -TURN_DEGREES),
  };
}

/** What each key does on a stage. */
export function keysOf(view: Steered): Record<string, () => void> {
  const all = Number.MAX_SAFE_INTEGER;
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
    '+': () => view.zoom(ZOOM_STEP),
    '=': () => view.zoom(ZOOM_STEP),
    '-': () => view.zoom(1 / ZOOM_STEP),
    'Shift+ArrowUp': () => pan(view, 0, -PAN_STEP),
    'Shift+ArrowDown': () => pan(view, 0, PAN_STEP),
    'Shift+ArrowLeft': () => pan(view, -PAN_STEP, 0),
    'Shift+ArrowRight': () => pan(view, PAN_STEP, 0),
    ...view.ownKeys,
  };
}

/** Listens to the keys of a page that is little but a stage; `more` are those of the rest of it. */
export function listenToKeys(view: Steered, more: Record<string, () => void> = {}): void {
  const keys = { ...keysOf(view), ...more };
  window.addEventListener('keydown', (event) => {
    if (event.target instanceof Element && event.target.closest('dialog[open]')) return;
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[keyOf(event)];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
