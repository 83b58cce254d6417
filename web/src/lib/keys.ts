/**
 * The name of a pressed key, as maps of keys have it: letters by Shift alone, whatever Caps Lock makes of them, and keys
 * without a sign of their own (arrows, say) with `Shift+` before them where it is held.
 */
export function keyOf({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): string {
  if (/^[a-z]$/i.test(key)) return shiftKey ? key.toUpperCase() : key.toLowerCase();
  return shiftKey && key.length > 1 ? `Shift+${key}` : key;
}
