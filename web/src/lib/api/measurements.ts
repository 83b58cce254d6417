import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import { addressOf, type StudyAt } from './studyAddress';

/** Column and row of an image: 0,0 is the corner of its first pixel, 0.5,0.5 the middle of it (PS3.3 C.10.5.1.2). */
export type ImagePoint = [number, number];

/** In mm, in the coordinate system of the patient (PS3.3 C.7.6.2.1.1). */
export type SpacePoint = [number, number, number];

/**
 * How many points there are, and in which order:
 * length 2; bidirectional 4 (long axis, short axis); angle 3 (end, vertex, end); cobb 4 (two lines); ellipse 4 (ends of
 * the major axis, of the minor axis); rectangle 4 corners; freehand any (closed, the first is not repeated); probe 1;
 * arrow 2 (the tip first).
 */
export type MeasurementKind =
  | 'length'
  | 'bidirectional'
  | 'angle'
  | 'cobb'
  | 'ellipse'
  | 'rectangle'
  | 'freehand'
  | 'probe'
  | 'arrow';

export type Quantity =
  | 'length'
  | 'short_axis'
  | 'angle'
  | 'area'
  | 'mean'
  | 'deviation'
  | 'minimum'
  | 'maximum'
  | 'value';

export interface MeasuredValue {
  quantity: Quantity;
  value: number;
  /** A code of UCUM: `mm`, `deg`, `mm2`, `[hnsf'U]`, `1`, `{pixels}`, `{pixels2}`. */
  unit: string;
}

export interface MeasurementPlace {
  series_instance_uid: string;
  sop_instance_uid: string;
  /** From 1; 1 where the image has no frames. */
  frame: number;
  points: ImagePoint[];
}

export interface MeasurementSpace {
  frame_of_reference_uid: string;
  series_instance_uid: string;
  points: SpacePoint[];
}

/** Something measured; exactly one of `place` and `space` says where. */
export interface Measurement {
  /** Tracking unique identifier: the same for the same finding in each set that has it. */
  uid: string;
  kind: MeasurementKind;
  /** What its maker calls it, and the words of an arrow; may be empty. */
  name: string;
  place: MeasurementPlace | null;
  space: MeasurementSpace | null;
  values: MeasuredValue[];
  /** Values in mm are as large as on the detector of a radiograph, not as in the patient; the server tells it of its own. */
  is_at_detector: boolean;
}

/** What one maker measured: the content of one document. */
export interface MeasurementSet {
  sop_instance_uid: string;
  /** ISO 8601, or empty where the document does not say. */
  made_at: string;
  maker: string;
  /** One's own set is replaced by the next one that is saved; others' stand as they are. */
  is_mine: boolean;
  measurements: Measurement[];
}

export interface Measurements {
  sets: MeasurementSet[];
  /** How many documents, and groups in readable ones, cannot be read. */
  unreadable: number;
}

/** `sop_instance_uid` is null where an empty list was saved and there was nothing to withdraw. */
export interface Filed {
  sop_instance_uid: string | null;
}

const pathOf = (at: StudyAt) => addressOf('/api/studies', at, '/measurements');

export function measurementsQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'measurements'],
    queryFn: ({ signal }) => getJson<Measurements>(pathOf(at), signal),
  });
}

/**
 * Saves all that the reader measured in a study as one document, instead of the one before; an empty list withdraws.
 *
 * `basedOn` is the reader's own document that all this began with, null where there was none.
 *
 * Refused with the codes `measurement_mismatch` (the server computes another value from the points), `no_spacing`
 * (mm, on an image that says nothing of the size of its pixels) and `measurements_changed` (another page of the reader
 * saved since).
 */
export async function saveMeasurements(at: StudyAt, measurements: Measurement[], basedOn: string | null): Promise<Filed> {
  const response = await change('POST', pathOf(at), { measurements, based_on: basedOn });
  return (await response.json()) as Filed;
}
