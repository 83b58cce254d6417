import type { Language } from '../language';
import en from './en.json';
import zhCN from './zh-CN.json';

type Leaves<Words, Way extends string> = {
  [Key in keyof Words & string]: Words[Key] extends string ? `${Way}.${Key}` : Leaves<Words[Key], `${Way}.${Key}`>;
}[keyof Words & string];

export type ViewerKey = Leaves<typeof en, 'viewer'>;
export type ViewerWords = (key: ViewerKey, values: Record<string, string | number>) => string;

type Catalogue = { [key: string]: string | Catalogue };

function found(catalogue: Catalogue, way: string[]): string {
  const next = catalogue[way[0] ?? ''];
  return typeof next === 'object' ? found(next, way.slice(1)) : (next ?? '');
}

/** The words of the lean viewer, for pages that have no room for more than these. */
export function viewerWords(language: Language): ViewerWords {
  const catalogue: Catalogue = language === 'en' ? en : zhCN;
  return (key, values) =>
    found(catalogue, key.split('.').slice(1)).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}
