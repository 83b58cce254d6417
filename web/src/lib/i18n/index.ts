import { createInstance, type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import enPages from './en.json';
import { firstLanguage, keepLanguage, type Language } from './language';
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

function subscribe(listener: () => void): () => void {
  words.on('languageChanged', listener);
  return () => words.off('languageChanged', listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => words.language as Language);
}

export function useWords(): TFunction {
  useLanguage();
  return words.t;
}

export { hasChosenLanguage, LANGUAGES, type Language, toLanguage } from './language';
export type { TFunction };
