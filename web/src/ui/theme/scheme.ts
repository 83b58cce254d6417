import { useSyncExternalStore } from 'react';

export const SCHEMES = ['reading', 'dark', 'light'] as const;
export type Scheme = (typeof SCHEMES)[number];

const KEY = 'lightwell.scheme';
const listeners = new Set<() => void>();

function isScheme(value: string | null): value is Scheme {
  return SCHEMES.some((scheme) => scheme === value);
}

function stored(): Scheme {
  const value = localStorage.getItem(KEY);
  return isScheme(value) ? value : 'reading';
}

function show(scheme: Scheme): void {
  document.documentElement.dataset.scheme = scheme;
}

let current = stored();
show(current);

export function setScheme(scheme: Scheme): void {
  current = scheme;
  localStorage.setItem(KEY, scheme);
  show(scheme);
  listeners.forEach((listener) => listener());
}

/** Goes back to the light of a reading room: what was shown was somebody's who left. */
export function dropScheme(): void {
  setScheme('reading');
  localStorage.removeItem(KEY);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useScheme(): Scheme {
  return useSyncExternalStore(subscribe, () => current);
}
