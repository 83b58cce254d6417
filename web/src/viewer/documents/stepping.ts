/** How long a frame is taken to be seen where the film does not say it: 25 a second, as Chinese cameras do. */
const USUAL_FRAME_MS = 40;

/**
 * Where in a film the frame is that lies so many frames on; the middle of it, which no rounding takes for its neighbour.
 */
export function frameStep(atS: number, frames: number, frameMs: number | null): number {
  const frameS = (frameMs ?? USUAL_FRAME_MS) / 1000;
  return Math.max(0, (Math.floor(atS / frameS + 1e-6) + frames + 0.5) * frameS);
}
