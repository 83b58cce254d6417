export const PLANES = ['axial', 'coronal', 'sagittal'] as const;
export type PlaneName = (typeof PLANES)[number];

export const PROJECTIONS = ['average', 'maximum', 'minimum'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** How thick what a plane shows is, and how the values within are put together. */
export interface Slab {
  thicknessMm: number;
  projection: Projection;
}

/** What a pane of the largest values shows until somebody makes it thicker: a nodule stays a nodule, a vessel becomes a line. */
export const BRIGHTEST: Slab = { thicknessMm: 10, projection: 'maximum' };

export const THIN: Slab = { thicknessMm: 0, projection: 'average' };
