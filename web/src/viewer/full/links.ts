import type { Image, Window } from '@/lib/dicomweb/images';
import { apartMm, nearest } from '@/lib/geometry/following';
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
  state(): { image: Image } | null;
  images(): readonly Image[];
  goTo(index: number): void;
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

const isSameFrame = (a: Image, b: Image) => a.frameOfReferenceUid !== '' && a.frameOfReferenceUid === b.frameOfReferenceUid;

/**
 * Has the others show what lies nearest to what is looked at in the pane in hand. Two examinations never lie alike on the
 * table: how far they stood off when the link was made, they go on standing off. A pane whose image is not known yet rests.
 */
function linkScroll(lead: Followed, others: readonly Followed[]): () => void {
  const offsetsMm = new Map<Followed, number>();
  let before = lead.state()?.image;
  return lead.subscribe(() => {
    const now = lead.state()?.image;
    if (!now || now === before) return;
    for (const other of others) follow(other, now, before, offsetsMm);
    before = now;
  });
}

function follow(other: Followed, now: Image, before: Image | undefined, offsetsMm: Map<Followed, number>): void {
  const theirs = other.state()?.image;
  if (!theirs || !before) return;
  if (!offsetsMm.has(other)) offsetsMm.set(other, isSameFrame(before, theirs) ? 0 : apartMm(before, theirs));
  const place = nearest(other.images(), now, offsetsMm.get(other));
  if (place !== null) other.goTo(place);
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
