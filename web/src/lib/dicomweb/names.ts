import type { PersonName } from './json';

export interface ShownName {
  /** What is read first: hanzi where there are any. */
  main: string;
  /** The alphabetic form (pinyin), when it says something else. */
  other: string;
}

const HAN = /\p{Script=Han}/u;

function parts(group: string | undefined): string[] {
  const [family = '', given = '', middle = ''] = (group ?? '').split('^').map((part) => part.trim());
  return [family, given, middle].filter(Boolean);
}

/** Hanzi are written without a space, the alphabet with one. */
function joined(group: string | undefined): string {
  const words = parts(group);
  const isHan = words.length > 0 && words.every((word) => HAN.test(word));
  return words.join(isHan ? '' : ' ');
}

export function shownName(name: PersonName): ShownName {
  const ideographic = joined(name.Ideographic);
  const alphabetic = joined(name.Alphabetic);
  const main = ideographic || alphabetic || joined(name.Phonetic);
  return { main, other: alphabetic === main ? '' : alphabetic };
}
