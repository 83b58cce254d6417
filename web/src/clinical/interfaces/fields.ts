import type { Language } from '@/lib/i18n/language';
import en from '@/lib/i18n/hl7/en.json';
import zhCN from '@/lib/i18n/hl7/zh-CN.json';

type Names = Record<string, Record<string, string>>;

const NAMES: Record<Language, Names> = { en, 'zh-CN': zhCN };

/** One field of a segment: its place in the standard, and what stands there. */
export interface Field {
  place: string;
  text: string;
}

export interface Segment {
  name: string;
  fields: Field[];
}

/** What the standard calls a field, e.g. `PID-3`, or a segment; undefined where this house does not read it. */
export function nameOf(place: string, language: Language): string | undefined {
  const [segment, number] = place.split('-');
  return NAMES[language][segment ?? '']?.[number ?? '0'];
}

const SEGMENT = /^[A-Z][A-Z0-9]{2}/;

/** The segments of a message with their fields; what goes on from the line before stays a line of its own. */
export function segmentsOf(text: string): Segment[] {
  const mark = text[3] ?? '|';
  return text.split('\n').map((line) => {
    const [name = '', ...fields] = line.split(mark);
    if (!SEGMENT.test(name)) return { name: '', fields: [{ place: '', text: line }] };
    const first = name === 'MSH' ? 2 : 1; // MSH-1 is the separator itself
    return { name, fields: fields.map((field, n) => ({ place: `${name}-${n + first}`, text: field })) };
  });
}
