import type { DocumentItem } from '@/lib/api/documents';

/** Values that point at an object of the study (PS3.3 C.17.3.2). */
const REFERENCES: ReadonlySet<string> = new Set(['IMAGE', 'COMPOSITE', 'WAVEFORM']);
/** Values that are for machines: what was drawn is said by what stands around it. */
const SHAPES: ReadonlySet<string> = new Set(['SCOORD', 'SCOORD3D', 'TCOORD']);

const UNIT_SIGNS: Record<string, string> = {
  mm2: 'mm²',
  mm3: 'mm³',
  cm2: 'cm²',
  cm3: 'cm³',
  um: 'µm',
  deg: '°',
  'm/s2': 'm/s²',
  "[hnsf'U]": 'HU',
  'mm[Hg]': 'mmHg',
  '{pixels}': 'px',
  '{pixels2}': 'px²',
  '1': '',
  '{ratio}': '',
};

export const isReference = ({ kind }: DocumentItem): boolean => REFERENCES.has(kind);
export const isShape = ({ kind }: DocumentItem): boolean => SHAPES.has(kind);

/** A value with its unit as it is written; what has no sign of its own stays as UCUM has it. */
export function withUnit(value: string, unit: string): string {
  const sign = UNIT_SIGNS[unit] ?? unit.replace(/^\{(.+)\}$/, '$1');
  return `${value}${sign && sign !== '°' && sign !== '%' ? ' ' : ''}${sign}`;
}

/** A piece of a report as it is read: a part with a heading, or values that follow each other. */
export type Block = { section: DocumentItem } | { lines: DocumentItem[] };

export function blocksOf(items: readonly DocumentItem[]): Block[] {
  const blocks: Block[] = [];
  for (const item of items) {
    const last = blocks.at(-1);
    if (item.kind === 'CONTAINER') blocks.push({ section: item });
    else if (last && 'lines' in last) last.lines.push(item);
    else blocks.push({ lines: [item] });
  }
  return blocks;
}

/** A number for each object that a report points at, from 1, in the order in which they are first named. */
export function numbersOf(tree: readonly DocumentItem[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const walk = (items: readonly DocumentItem[]) => {
    for (const item of items) {
      if (isReference(item) && item.value && !found.has(item.value)) found.set(item.value, found.size + 1);
      walk(item.children);
    }
  };
  walk(tree);
  return found;
}
