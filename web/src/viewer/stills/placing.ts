import type { Framing } from '../full/links';

/** How a picture lies on its stage: `zoom` 1 fills it, the shift is in pixels of the page. */
export interface Placing {
  zoom: number;
  x: number;
  y: number;
}

export const FILLING: Placing = { zoom: 1, x: 0, y: 0 };

const LEAST_ZOOM = 0.25;
const MOST_ZOOM = 8;

/** Enlarges around the middle of what is seen. */
export function enlarged({ zoom, x, y }: Placing, factor: number): Placing {
  const next = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * factor));
  const real = next / zoom;
  return { zoom: next, x: x * real, y: y * real };
}

export function shifted({ zoom, x, y }: Placing, across: number, down: number): Placing {
  return { zoom, x: x + across, y: y + down };
}

/** The shorter side of a stage, in pixels of the page. */
export const sideOf = (stage: HTMLElement | null) => Math.max(1, Math.min(stage?.clientWidth ?? 1, stage?.clientHeight ?? 1));

export const framed = ({ zoom, x, y }: Placing, side: number): Framing => ({ zoom, across: x / side, down: y / side });
export const placed = ({ zoom, across, down }: Framing, side: number): Placing => ({ zoom, x: across * side, y: down * side });
