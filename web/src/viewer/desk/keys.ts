/**
 * The keys of the workstation, but for those of tools and links: buttons say them, the sheet lists them, and what
 * listens goes by them. Two acts may share one only where never both can be done.
 */
export const KEYS = {
  invert: 'v',
  turn: 't',
  flip: 'h',
  reset: 'r',
  cine: ' ',
  slower: '<',
  faster: '>',
  grid: 'y',
  /** On to the next pane, plane or preset, whichever there are. */
  hand: '\\',
  nextStage: '.',
  previousStage: ',',
  protocol: 'Y',
  takeDown: 'X',
  prior: 'C',
  planes: 'g',
  body: 'd',
  enhance: 'z',
  /** Of what is set where one is: slabs are thinner or thicker, enhancement is weaker or stronger. */
  less: '{',
  more: '}',
  /** On to the next kind of it: projection, look, method. */
  kind: '|',
  findings: 'o',
  nextFinding: 'J',
  previousFinding: 'K',
  rename: 'E',
  remove: 'Delete',
  undo: 'U',
  save: 's',
  overlays: 'V',
  part: 'B',
  keepState: 'I',
  nextState: 'O',
  saveImage: 'F',
  saveSeries: 'G',
  openSaved: 'Q',
  nextSeries: ']',
  previousSeries: '[',
  mark: 'm',
  nextKey: 'n',
  attributes: 'i',
  findAttribute: '/',
  download: 'D',
  record: 'A',
  back: 'Escape',
} as const;

/** What lies in a plane is tilted to the back or front by these, and to either side. */
export const TILTS = { back: 't', front: 'T', right: 'h', left: 'H' } as const;

/** Of documents: those of a series, the file, and what can be set. */
export const DOCUMENT_KEYS = {
  next: ')',
  previous: '(',
  file: 'F',
  speed: ['<', '>'],
  gain: ['{', '}'],
  layout: ['|'],
  group: ['\\'],
  nextNote: 'J',
  previousNote: 'K',
} as const;

/** What comes after one of a list, and around; the first where none is in hand. */
export function nextOf<Item>(list: readonly Item[], now: Item | undefined, by = 1): Item | undefined {
  const at = now === undefined ? -1 : list.indexOf(now);
  if (at < 0) return by > 0 ? list[0] : list.at(-1);
  return list[(at + by + list.length) % list.length];
}
