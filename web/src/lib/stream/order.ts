/** How many frames ahead of the eye are loaded for each one behind it. */
const AHEAD = 3;

/**
 * The frame to load next: the one looked at, then those around it, more of them in the direction that somebody scrolls
 * in. Returns null when nothing is wanted any more.
 */
export function nextWanted(eye: number, direction: 1 | -1, total: number, isWanted: (index: number) => boolean): number | null {
  if (isWanted(eye)) return eye;
  let ahead = eye + direction;
  let behind = eye - direction;
  const isInside = (index: number) => index >= 0 && index < total;
  while (isInside(ahead) || isInside(behind)) {
    for (let step = 0; step < AHEAD; step += 1, ahead += direction) if (isInside(ahead) && isWanted(ahead)) return ahead;
    if (isInside(behind) && isWanted(behind)) return behind;
    behind -= direction;
  }
  return null;
}
