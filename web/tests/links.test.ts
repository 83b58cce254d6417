import { describe, expect, it } from 'vitest';
import type { Window } from '@/lib/dicomweb/images';
import { nearest, type Standing, wayMm } from '@/lib/geometry/following';
import type { Vector } from '@/lib/geometry/vectors';
import { type Followed, type Framing, link } from '@/viewer/full/links';

const AS_IT_CAME: Framing = { zoom: 1, across: 0, down: 0 };

const UPRIGHT = { along: [1, 0, 0], down: [0, 0, -1] } as const;
const LYING = { along: [1, 0, 0], down: [0, 1, 0] } as const;

/** A pane of five images 2 mm apart, lying or upright, that remembers what it was told. */
class Pane implements Followed {
  isDrawn = true;
  private index = 0;
  private window: Window | null = null;
  private seen = AS_IT_CAME;
  private readonly listeners = new Set<() => void>();

  private readonly all: readonly Standing[];

  constructor(readonly modality = 'CT', startMm = 0, frame = '', lies: typeof UPRIGHT | typeof LYING = LYING) {
    const at = (mm: number): Vector => (lies === LYING ? [0, 0, mm] : [0, mm, 0]);
    this.all = [0, 1, 2, 3, 4].map((one) => ({ frameOfReferenceUid: frame, plane: { position: at(startMm + 2 * one), ...lies } }));
  }

  standing = () => this.all[this.index] as Standing;
  chosenWindow = () => this.window;
  framing = () => this.seen;
  get at(): number {
    return this.index;
  }

  goTo(index: number): void {
    this.index = index;
    this.tell();
  }

  follow(to: Standing, offsetMm: number): void {
    const place = nearest(this.all, to, offsetMm);
    if (place !== null) this.goTo(place);
  }

  setWindow(window: Window | null): void {
    this.window = window;
    this.tell();
  }

  setFraming(framing: Framing): void {
    this.seen = framing;
    this.tell();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const BONE = { center: 500, width: 2000 };
const LARGE = { zoom: 2, across: 0.25, down: -0.1 };

describe('panes that do something together', () => {
  it('do only what they are linked in', () => {
    const [lead, other] = [new Pane(), new Pane()];
    link(lead, [other], {});
    lead.goTo(3);
    lead.setWindow(BONE);
    lead.setFraming(LARGE);
    expect([other.at, other.chosenWindow(), other.framing()]).toEqual([0, null, AS_IT_CAME]);
  });

  it('scroll to what lies nearest, as far off as they stood', () => {
    const [lead, same, prior] = [new Pane('CT', 0, '1.9'), new Pane('CT', 2, '1.9'), new Pane('CT', 100, '1.8')];
    link(lead, [same, prior], { scroll: true });
    lead.goTo(3);
    expect([same.at, prior.at]).toEqual([2, 3]);
  });

  it('rest where they lie across: an upright plane has no place in a lying one', () => {
    const [lead, upright] = [new Pane('CT', 0, '1.9'), new Pane('CT', 0, '1.9', UPRIGHT)];
    link(lead, [upright], { scroll: true });
    lead.goTo(3);
    expect(upright.at).toBe(0);
  });

  it('go along their own normal to where another plane lies, whichever way it looks', () => {
    const plane = (mm: number) => ({ position: [5, 7, mm] as const, ...LYING });
    const fromBelow = { position: [0, 0, 10], along: [-1, 0, 0], down: [0, 1, 0] } as const;
    expect(wayMm(plane(4), plane(10))).toBe(6);
    expect(wayMm(plane(4), plane(10), 1.5)).toBe(7.5);
    expect(wayMm(fromBelow, plane(4))).toBe(6); // towards the feet, which is where its normal looks
    expect(wayMm(plane(4), { position: [0, 0, 0], ...UPRIGHT })).toBeNull();
  });

  it('have the window that was chosen, and their own again, where the modality is the same', () => {
    const [lead, ct, mr] = [new Pane(), new Pane(), new Pane('MR')];
    link(lead, [ct, mr], { window: true });
    lead.setWindow(BONE);
    expect([ct.chosenWindow(), mr.chosenWindow()]).toEqual([BONE, null]);
    lead.setWindow(null);
    expect(ct.chosenWindow()).toBeNull();
  });

  it('keep a window of their own until somebody chooses another one', () => {
    const [lead, other] = [new Pane(), new Pane()];
    other.setWindow(BONE);
    link(lead, [other], { window: true });
    lead.goTo(2);
    expect(other.chosenWindow()).toBe(BONE);
  });

  it('are enlarged and moved alike, once their images are there', () => {
    const [lead, other, late] = [new Pane(), new Pane('MR'), new Pane()];
    late.isDrawn = false;
    const end = link(lead, [other, late], { zoom: true });
    lead.setFraming(LARGE);
    expect([other.framing(), late.framing()]).toEqual([LARGE, AS_IT_CAME]);
    end();
    lead.setFraming(AS_IT_CAME);
    expect(other.framing()).toEqual(LARGE);
  });

  it('rest while the pane in hand still loads', () => {
    const [lead, other] = [new Pane(), new Pane()];
    link(lead, [other], { zoom: true, window: true });
    lead.isDrawn = false;
    lead.setFraming(LARGE);
    lead.setWindow(BONE);
    expect([other.framing(), other.chosenWindow()]).toEqual([AS_IT_CAME, null]);
  });
});
