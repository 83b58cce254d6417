import type { Window } from '@/lib/dicomweb/images';
import { apartMm, isSamePlace, type Standing } from '@/lib/geometry/following';
import type { Links } from '@/lib/hanging/types';

/** How large an image is seen, and how far it was moved, in parts of the shorter side of its pane. */
export interface Framing {
  zoom: number;
  across: number;
  down: number;
}

/** A pane that others follow, or that follows others. */
export interface Followed {
  readonly modality: string;
  /** Whether its image is on the glass; until then it neither leads nor follows by window and zoom. */
  readonly isDrawn: boolean;
  /** Null until it is known. */
  standing(): Standing | null;
  /** Goes to what lies nearest to a place, as far off as said; stays where nothing lies parallel to it. */
  follow(to: Standing, offsetMm: number): void;
  /** The window that somebody chose; null while each image has its own. */
  chosenWindow(): Window | null;
  setWindow(window: Window | null): void;
  framing(): Framing;
  setFraming(framing: Framing): void;
  subscribe(listener: () => void): () => void;
}

/** Has the others do what the pane in hand does, as far as they are linked; returns what ends it. */
export function link(lead: Followed, others: readonly Followed[], links: Links): () => void {
  const ends = [
    links.scroll && linkScroll(lead, others),
    links.window && linkWindow(lead, others),
    links.zoom && linkZoom(lead, others),
  ];
  return () => {
    for (const end of ends) if (end) end();
  };
}

/** Whether something that is looked at can lead others, and follow: what is turned by hand has no place to go to. */
export const isFollowed = <View extends object>(view: View): view is View & Followed => 'follow' in view;

const isSameFrame = (a: Standing, b: Standing) => a.frameOfReferenceUid !== '' && a.frameOfReferenceUid === b.frameOfReferenceUid;

/**
 * Has the others show what lies nearest to what is looked at in the pane in hand. Two examinations never lie alike on the
 * table: how far they stood off when the link was made, they go on standing off. A pane whose place is not known yet rests.
 */
function linkScroll(lead: Followed, others: readonly Followed[]): () => void {
  const offsetsMm = new Map<Followed, number>();
  let before = lead.standing();
  return lead.subscribe(() => {
    const now = lead.standing();
    if (!now || (before && isSamePlace(now, before))) return;
    for (const other of others) if (before) bring(other, now, before, offsetsMm);
    before = now;
  });
}

function bring(other: Followed, now: Standing, before: Standing, offsetsMm: Map<Followed, number>): void {
  const theirs = other.standing();
  if (!theirs) return;
  const offsetMm = offsetsMm.get(other) ?? (isSameFrame(before, theirs) ? 0 : apartMm(before, theirs));
  offsetsMm.set(other, offsetMm);
  other.follow(now, offsetMm);
}

/** Gives a window that was chosen to the others of the same modality: the values of another one mean something else. */
function linkWindow(lead: Followed, others: readonly Followed[]): () => void {
  return onChange(lead, () => lead.chosenWindow(), isSameWindow, (window) => {
    for (const other of others) if (other.isDrawn && other.modality === lead.modality) other.setWindow(window);
  });
}

const isSameWindow = (one: Window | null, other: Window | null) => one?.center === other?.center && one?.width === other?.width;

/** Has the others seen as large as the pane in hand, and moved as far. */
function linkZoom(lead: Followed, others: readonly Followed[]): () => void {
  return onChange(lead, () => lead.framing(), isSameFraming, (framing) => {
    for (const other of others) if (other.isDrawn) other.setFraming(framing);
  });
}

const NEAR = 1e-3;
const isSameFraming = (one: Framing, other: Framing) =>
  [one.zoom - other.zoom, one.across - other.across, one.down - other.down].every((by) => Math.abs(by) < NEAR);

/** Calls with what is there now, whenever that is another than before. */
function onChange<Value>(lead: Followed, look: () => Value, isSame: (one: Value, other: Value) => boolean, act: (now: Value) => void): () => void {
  let before = look();
  return lead.subscribe(() => {
    const now = look();
    if (!lead.isDrawn || isSame(before, now)) return;
    before = now;
    act(now);
  });
}
