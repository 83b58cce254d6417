import type { Turn } from '@/lib/api/stills';

export const FROM_THE_FRONT: Turn = { azimuth: 0, elevation: 0 };

const DEGREES_PER_PIXEL = 0.5;
const UPRIGHT_DEGREES = 90;

function around(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** Turns by degrees: the body goes with the hand, to the right and down. */
export function turnedBy({ azimuth, elevation }: Turn, right: number, down: number): Turn {
  return {
    azimuth: around(azimuth - right),
    elevation: Math.max(-UPRIGHT_DEGREES, Math.min(UPRIGHT_DEGREES, elevation + down)),
  };
}

/** Turns as a hand drags, in pixels of the page. */
export function dragged(turn: Turn, across: number, down: number): Turn {
  return turnedBy(turn, across * DEGREES_PER_PIXEL, down * DEGREES_PER_PIXEL);
}

/** To whole degrees: finer ones nobody sees, and each is a picture of its own. */
export function whole({ azimuth, elevation }: Turn): Turn {
  return { azimuth: Math.round(azimuth), elevation: Math.round(elevation) };
}
