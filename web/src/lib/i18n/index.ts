import { createInstance, type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import enPages from './en.json';
import { firstLanguage, forgetLanguage, keepLanguage, type Language } from './language';
import enViewer from './viewer/en.json';
import zhViewer from './viewer/zh-CN.json';
import zhPages from './zh-CN.json';

const en = { ...enPages, viewer: enViewer };
const zhCN = { ...zhPages, viewer: zhViewer };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const words = createInstance();
/** Starts the words. Both catalogues travel with the page: a change of language needs no network. */
export function startWords(language: Language = firstLanguage()): void {
  void words.init({
    lng: language,
    fallbackLng: 'en',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = language;
}

export function setLanguage(language: Language): void {
  keepLanguage(language);
  showLanguage(language);
}

/** Shows a language for now (the account's, say) without making it this browser's own choice. */
export function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  void words.changeLanguage(language);
}

/** Goes back to the language that this browser is made for. */
export function dropLanguage(): void {
  forgetLanguage();
  showLanguage(firstLanguage());
}

function subscribe(listener: () => void): () => void {
  words.on('languageChanged', listener);
  return () => words.off('languageChanged', listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => words.language as Language);
}

/** The words of the language that is shown: another function for another language, so that what was said in one is said anew. */
export function useWords(): TFunction {
  return wordsIn(useLanguage());
}

const WORDS: Record<Language, TFunction> = { 'zh-CN': words.getFixedT('zh-CN'), en: words.getFixedT('en') };

/** The words of one language, whichever is shown. */
export const wordsIn = (language: Language): TFunction => WORDS[language];

export { hasChosenLanguage, LANGUAGES, type Language, toLanguage } from './language';
export type { TFunction };
