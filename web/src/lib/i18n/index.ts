import { createInstance, type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import enPages from './en.json';
import enViewer from './viewer/en.json';
import zhViewer from './viewer/zh-CN.json';
import zhPages from './zh-CN.json';

const en = { ...enPages, viewer: enViewer };
const zhCN = { ...zhPages, viewer: zhViewer };

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const words = createInstance();
const KEY = 'lightwell.language';

export function toLanguage(tag: string | null | undefined): Language | null {
  if (!tag) return null;
  return tag.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

function firstLanguage(): Language {
  return toLanguage(localStorage.getItem(KEY)) ?? toLanguage(navigator.language) ?? 'zh-CN';
}

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

export function hasChosenLanguage(): boolean {
  return localStorage.getItem(KEY) !== null;
}

export function setLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
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

export type { TFunction };
