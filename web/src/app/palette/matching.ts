/** Something that can be found by what is typed. */
export interface Findable {
  /** What is shown, and the same in the other language. */
  labels: string[];
  /** The Chinese label in letters, a syllable for each hanzi. */
  pinyin: string;
}

const folded = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, '');

/** Whether letters are beginnings of syllables one after the other: "sz", "shez" and "shezhi" all stand for "she zhi". */
function isSpelt(letters: string, syllables: string[]): boolean {
  if (!letters) return true;
  const [syllable, ...rest] = syllables;
  if (!syllable) return false;
  for (let length = 1; length <= syllable.length && letters.startsWith(syllable.slice(0, length)); length += 1) {
    if (isSpelt(letters.slice(length), rest)) return true;
  }
  return false;
}

/** So few letters are in too many words, unless these begin so; a hanzi says more. */
const isTelling = (wanted: string): boolean => wanted.length > 2 || /[^a-z0-9]/.test(wanted);

/** How well something is meant by what was typed: 0 is best; null is not at all. */
export function rankOf(typed: string, { labels, pinyin }: Findable): number | null {
  const wanted = folded(typed);
  if (!wanted) return 0;
  const shown = labels.map(folded);
  if (shown.some((label) => label.startsWith(wanted))) return 0;
  const syllables = pinyin.split(' ').filter(Boolean);
  if (isSpelt(wanted, syllables)) return 1;
  if (isTelling(wanted) && shown.some((label) => label.includes(wanted))) return 2;
  return syllables.some((_, at) => isSpelt(wanted, syllables.slice(at))) ? 3 : null;
}

/** What is meant, the best first; among equals the order stays. */
export function found<One extends Findable>(typed: string, all: One[]): One[] {
  const ranked = all.map((one) => [rankOf(typed, one), one] as const);
  return ranked
    .filter((pair): pair is [number, One] => pair[0] !== null)
    .sort(([one], [other]) => one - other)
    .map(([, one]) => one);
}
