/** A place or a direction in the patient, in mm: to the left, to the back, to the head (PS3.3 C.7.6.2.1.1). */
export type Vector = readonly [number, number, number];

export const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
export const lengthOf = (a: Vector) => Math.hypot(...a);
export const unit = (a: Vector): Vector => times(a, 1 / (lengthOf(a) || 1));
export const distance = (a: Vector, b: Vector) => lengthOf(minus(a, b));

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** A vector turned around a direction of length 1, by Rodrigues: counter-clockwise as seen from where it points to. */
export function turned(a: Vector, around: Vector, degrees: number): Vector {
  const angle = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return plus(plus(times(a, cosine), times(cross(around, a), sine)), times(around, dot(around, a) * (1 - cosine)));
}

/** The angle at `corner` between two ends, in degrees. */
export function angleDeg(end: Vector, corner: Vector, other: Vector): number {
  return between(minus(end, corner), minus(other, corner));
}

/** The angle between two directions, in degrees. */
export function between(a: Vector, b: Vector): number {
  const cosine = dot(unit(a), unit(b));
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}
