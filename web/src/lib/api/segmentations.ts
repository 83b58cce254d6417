import { queryOptions } from '@tanstack/react-query';
import { getJson, send } from './http';
import { addressOf, type StudyAt } from './studyAddress';

export interface Segment {
  /** From 1; the value in the label maps. */
  number: number;
  label: string;
  description: string;
  /** Red, green and blue, 0 to 255. */
  colour: [number, number, number];
  /** `MANUAL`, `SEMIAUTOMATIC` or `AUTOMATIC`, and the name of the algorithm. */
  algorithm: string;
  category: string;
  type: string;
}

export interface SegmentedImage {
  sop_instance_uid: string;
  /** From 1. */
  frame: number;
}

export interface Segmentation {
  sop_instance_uid: string;
  series_instance_uid: string;
  label: string;
  description: string;
  source_series_uid: string;
  rows: number;
  columns: number;
  segments: Segment[];
  /** The images that it marks something in, in the order of the label maps; empty where `refusal` says why. */
  images: SegmentedImage[];
  is_fractional: boolean;
  /** Where segments overlap, the label maps have the highest number. */
  has_overlaps: boolean;
  /** How many of its frames lie on images that are not there. */
  absent: number;
  /** Why it cannot be laid over the images of the study; empty where it can. */
  refusal: '' | 'grid' | 'no_images' | 'too_large' | 'unreadable' | 'too_many';
}

/** A contour in space: x, y, z, x, y, z … in mm. */
export interface Contour {
  kind: 'POINT' | 'OPEN_PLANAR' | 'OPEN_NONPLANAR' | 'CLOSED_PLANAR' | 'CLOSEDPLANAR_XOR';
  sop_instance_uid: string | null;
  /** Of a multi-frame image, from 1; empty where none is named. */
  frames: number[];
  points: number[];
}

export interface Roi {
  number: number;
  name: string;
  colour: [number, number, number];
  /** `ORGAN`, `PTV`, `EXTERNAL` …, or empty. */
  interpreted_type: string;
  contours: Contour[];
}

export interface StructureSet {
  sop_instance_uid: string;
  label: string;
  source_series_uid: string;
  frame_of_reference_uid: string;
  rois: Roi[];
  /** Whether it is damaged, so that nothing but its UID is known. */
  is_unreadable: boolean;
}

/** The server reads whole files before it says anything of them. */
const READING_MS = 180_000;

const rest = (at: StudyAt, path: string) => addressOf('/api/studies', at, path);

export function segmentationsQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'segmentations'],
    queryFn: ({ signal }) => getJson<Segmentation[]>(rest(at, '/segmentations'), signal, 'application/json', READING_MS),
  });
}

/** The label maps of a segmentation: rows × columns bytes for each of its `images`, one after the other. */
export async function fetchLabels(at: StudyAt, sopInstanceUid: string, signal?: AbortSignal): Promise<Uint8Array> {
  const path = rest(at, `/segmentations/${sopInstanceUid}/labels`);
  const response = await send(path, { headers: { Accept: 'application/octet-stream' }, ...(signal && { signal }) });
  return new Uint8Array(await response.arrayBuffer());
}

export function structuresQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'structures'],
    queryFn: ({ signal }) => getJson<StructureSet[]>(rest(at, '/structures'), signal, 'application/json', READING_MS),
  });
}
