/** A moment as the server writes it, in local time: 2026-11-23 14:05. */
export function shownMoment(iso: string): string {
  const at = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const MEGA = 1_000_000;

/** A length in bytes: 0.5 MB. */
export function shownLength(bytes: number): string {
  return `${(bytes / MEGA).toFixed(1)} MB`;
}
