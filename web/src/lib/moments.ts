/** A moment as the server writes it, in local time: 2026-11-23 14:05. */
export function shownMoment(iso: string): string {
  const at = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const MEGA = 1_000_000;
const KILO = 1000;

/** A length in bytes: 1.5 MB, 12 kB. */
export function shownLength(bytes: number): string {
  if (bytes >= MEGA) return `${(bytes / MEGA).toFixed(1)} MB`;
  return `${Math.ceil(bytes / KILO)} kB`;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago a moment is: 5 minutes ago. Clocks that differ a little never make it the future. */
export function shownAgo(iso: string, now: number, language: string): string {
  const passed = Math.max(0, now - new Date(iso).getTime());
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const [unit, length] = UNITS.find(([, ms]) => passed >= ms) ?? ['second', Number.POSITIVE_INFINITY];
  return words.format(-Math.floor(passed / length), unit);
}
