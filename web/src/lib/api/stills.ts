import { send } from './http';
import { addressOf, type StudyAt } from './studyAddress';

export type StillPlane = 'axial' | 'coronal' | 'sagittal';
export type StillProjection = 'average' | 'maximum' | 'minimum';
export type StillPreset = 'ct-bone' | 'ct-soft' | 'ct-angio' | 'mr-default' | 'mip';

/** From where a series is looked at: azimuth 0 is from the front, 90 from the patient's left; elevation 90 from above. */
export interface Turn {
  azimuth: number;
  elevation: number;
}

/** A cut through a series. */
export interface CutAsked {
  plane: StillPlane;
  /** In the patient; null for the middle of what there is. */
  positionMm: number | null;
  slabMm: number;
  projection: StillProjection;
  /** Null for the window that the images bring. */
  window: { center: number; width: number } | null;
}

/** A picture of a whole series that the server drew. */
export interface Still {
  bitmap: ImageBitmap;
  /** Where in the patient each edge looks to. */
  edges: { left: string; right: string; top: string; bottom: string };
  /** Of a cut: where it is, and from where to where there is something to cut. */
  positionMm: number;
  rangeMm: [number, number];
  /** Whether the images were made even first: they stand tilted, or not evenly. */
  isResampled: boolean;
  /** Whether images are missing between others, so that nothing is known there. */
  hasGaps: boolean;
}

const CUT_PIXELS = 768;
const pathOf = ({ at, seriesUid }: { at: StudyAt; seriesUid: string }, what: string, params: Record<string, string>) =>
  addressOf('/api/studies', at, `/series/${seriesUid}/${what}`, params);

/** Where the server draws a cut through a series. */
export function cutPath(series: { at: StudyAt; seriesUid: string }, { plane, positionMm, slabMm, projection, window }: CutAsked): string {
  return pathOf(series, 'reformatted', {
    plane,
    ...(positionMm !== null && { position_mm: String(positionMm) }),
    slab_mm: String(slabMm),
    projection,
    ...(window && { window: `${window.center},${window.width}` }),
    size: String(CUT_PIXELS),
  });
}

/** Where the server draws a series as it is seen from outside. */
export function viewPath(series: { at: StudyAt; seriesUid: string }, preset: StillPreset, { azimuth, elevation }: Turn): string {
  return pathOf(series, 'volume', { preset, azimuth: String(azimuth), elevation: String(elevation) });
}

const numbersOf = (header: string | null) => (header ?? '').split(',').map(Number);

/** Reads what the headers of a picture say of it. */
export function toldOf(headers: Headers): Omit<Still, 'bitmap'> {
  const [left = '', right = '', top = '', bottom = ''] = (headers.get('Lightwell-Orientation') ?? '').split(',');
  const [first = 0, last = 0] = numbersOf(headers.get('Lightwell-Range-Mm'));
  const geometry = headers.get('Lightwell-Geometry') ?? 'even';
  return {
    edges: { left, right, top, bottom },
    positionMm: Number(headers.get('Lightwell-Position-Mm') ?? 0),
    rangeMm: [first, last],
    isResampled: geometry !== 'even',
    hasGaps: geometry.includes('gaps='),
  };
}

export async function fetchStill(path: string, stop: AbortController): Promise<Still> {
  const response = await send(path, { headers: { Accept: 'image/jpeg' }, signal: stop.signal });
  const bitmap = await createImageBitmap(await response.blob());
  return { bitmap, ...toldOf(response.headers) };
}
