const SHIFT = 'Shift+';
const SHOWN: Record<string, string> = {
  ' ': 'Space',
  Escape: 'Esc',
  Delete: 'Del',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const SAID: Record<string, string> = { ' ': 'Space', '+': 'Plus' };

const isCapital = (key: string) => /^[A-Z]$/.test(key);

/** A key as it is printed: what it says on the keyboard, and Shift where it has to be held for a letter. */
export function shownKey(key: string): string {
  if (isCapital(key)) return SHIFT + key;
  return key.startsWith(SHIFT) ? SHIFT + shownKey(key.slice(SHIFT.length)) : (SHOWN[key] ?? key);
}

const saidKey = (key: string) => (isCapital(key) ? SHIFT + key : (SAID[key] ?? key));

/** The keys of a button or slider, as who hears the page is told them. */
export const saidKeys = (...keys: string[]) => ({ 'aria-keyshortcuts': keys.map(saidKey).join(' ') });

/** The same, and what it does and its keys as the pointer is told. */
export const hotkey = (name: string, ...keys: string[]) => ({ title: `${name} (${keys.map(shownKey).join(' ')})`, ...saidKeys(...keys) });
