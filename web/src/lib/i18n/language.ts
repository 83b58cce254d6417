export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'lightwell.language';

export function toLanguage(tag: string | null | undefined): Language | null {
  if (!tag) return null;
  return tag.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** The language that this browser chose, or that it is made for. */
export function firstLanguage(): Language {
  return toLanguage(localStorage.getItem(KEY)) ?? toLanguage(navigator.language) ?? 'zh-CN';
}

export function hasChosenLanguage(): boolean {
  return localStorage.getItem(KEY) !== null;
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

/** The browser has no language of its own any more: what it showed was somebody's who left. */
export function forgetLanguage(): void {
  localStorage.removeItem(KEY);
}
