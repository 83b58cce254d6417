import type { Language } from '@/lib/i18n/language';
import type { Name } from './types';

/** A name in a language; one that is the same in all is itself. */
export function nameIn(name: Name, language: Language): string {
  return typeof name === 'string' ? name : name[language];
}
