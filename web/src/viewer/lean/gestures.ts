/** What a hand does on a stage; distances are in pixels of the page. */
export interface Gestures {
  onScroll(steps: number): void;
  onWindow(across: number, down: number): void;
  onPan(across: number, down: number): void;
  onZoom(factor: number, x: number, y: number): void;
  onReset(): void;
  onHover(x: number, y: number): void;
}

/** What dragging with a mouse button, or with one finger, does. */
export type Drag = 'window' | 'pan' | 'zoom' | 'scroll';

export interface Bindings {
  left: Drag;
  middle: Drag;
  right: Drag;
  finger: Drag;
}

export const USUAL: Bindings = { left: 'window', middle: 'pan', right: 'zoom', finger: 'scroll' };

const NOTCH = 40;
const FINGER_STEP = 14;
const ZOOM_STEP = 1.005;

interface Spot {
  x: number;
  y: number;
}

const buttonOf = (button: number) => (['left', 'middle', 'right'] as const)[button] ?? null;

/** Turns small distances into whole steps. */
function stepper(size: number, each: (steps: number) => void): (distance: number) => void {
  let travelled = 0;
  return (distance) => {
    travelled += distance;
    const steps = Math.trunc(travelled / size);
    travelled -= steps * size;
    if (steps) each(steps);
  };
}

/** Steps once per notch of a wheel, and by the distance of a touchpad; with Ctrl held, as when pinching one, it zooms. */
function listenToWheel(stage: HTMLElement, gestures: Gestures, signal: AbortSignal): void {
  const step = stepper(NOTCH, (steps) => gestures.onScroll(Math.sign(steps)));
  const roll = (event: WheelEvent) => {
    event.preventDefault();
    const distance = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * NOTCH;
    if (event.ctrlKey) gestures.onZoom(ZOOM_STEP ** -distance, event.offsetX, event.offsetY);
    else step(distance);
  };
  stage.addEventListener('wheel', roll, { passive: false, signal });
}

class Hand {
  private readonly fingers = new Map<number, Spot>();
  private drag: Drag | null = null;
  private readonly scroll: (distance: number) => void;

  constructor(private readonly stage: HTMLElement, private readonly gestures: Gestures, private readonly bindings: () => Bindings) {
    this.scroll = stepper(FINGER_STEP, (steps) => gestures.onScroll(steps));
  }

  down(event: PointerEvent): void {
    const button = buttonOf(event.button);
    if (!button) return;
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.drag = this.bindings()[event.pointerType === 'touch' ? 'finger' : button];
  }

  move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    const box = this.stage.getBoundingClientRect();
    if (!before) return this.gestures.onHover(event.clientX - box.left, event.clientY - box.top);
    const after = { x: event.clientX, y: event.clientY };
    if (this.fingers.size > 1) this.pinch(event.pointerId, before, after, box);
    else this.pull(after.x - before.x, after.y - before.y, after, box);
    this.fingers.set(event.pointerId, after);
    return undefined;
  }

  up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
  }

  private pull(across: number, down: number, at: Spot, box: DOMRect): void {
    if (this.drag === 'window') this.gestures.onWindow(across, down);
    if (this.drag === 'pan') this.gestures.onPan(across, down);
    if (this.drag === 'zoom') this.gestures.onZoom(ZOOM_STEP ** -down, at.x - box.left, at.y - box.top);
    if (this.drag === 'scroll') this.scroll(down);
  }

  /** Two fingers: what lies between them goes with them and grows with their distance. */
  private pinch(moved: number, before: Spot, after: Spot, box: DOMRect): void {
    const other = [...this.fingers].find(([id]) => id !== moved)?.[1];
    if (!other) return;
    const apart = (one: Spot) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
    this.gestures.onPan((after.x - before.x) / 2, (after.y - before.y) / 2);
    this.gestures.onZoom(apart(after) / apart(before), (after.x + other.x) / 2 - box.left, (after.y + other.y) / 2 - box.top);
  }
}

/** Listens to mouse, fingers and wheel until the signal says stop. */
export function listen(stage: HTMLElement, gestures: Gestures, bindings: () => Bindings, signal: AbortSignal): void {
  const hand = new Hand(stage, gestures, bindings);
  listenToWheel(stage, gestures, signal);
  stage.addEventListener('pointerdown', (event) => hand.down(event), { signal });
  stage.addEventListener('pointermove', (event) => hand.move(event), { signal });
  stage.addEventListener('pointerup', (event) => hand.up(event), { signal });
  stage.addEventListener('pointercancel', (event) => hand.up(event), { signal });
  stage.addEventListener('dblclick', () => gestures.onReset(), { signal });
  stage.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
}
