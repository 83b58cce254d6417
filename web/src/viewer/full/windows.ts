import { utilities } from '@cornerstonejs/core';
import type { Window } from '@/lib/dicomweb/images';

const NEAR = 0.5;

/** The window between two values, in whole numbers as readers say it. */
export function windowOf(lower: number, upper: number): Window {
  const { windowWidth, windowCenter } = utilities.windowLevel.toWindowLevel(lower, upper);
  return { width: Math.max(1, Math.round(windowWidth)), center: Math.round(windowCenter) };
}

export const rangeOf = ({ width, center }: Window) => utilities.windowLevel.toLowHighRange(width, center);

/** Whether two windows are the same but for rounding. */
export const isNear = (one: Window, other: Window) =>
  Math.abs(one.width - other.width) <= NEAR && Math.abs(one.center - other.center) <= NEAR;
