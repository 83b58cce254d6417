import { annotation as annotations, type Types } from '@cornerstonejs/tools';
import type { MeasuredValue, Measurement, MeasurementKind } from '@/lib/api/measurements';
import { gridAt, gridOf, type Place, toPlace } from '@/lib/geometry/grid';
import { cross, type Vector } from '@/lib/geometry/vectors';
import { type Field, valuesOf } from '@/lib/measure/values';
import type { Picture } from '@/lib/pixels/picture';
import { hasPixelValues, measuredThrough, unitCode } from '@/volume/field';
import { type Held, heldAt, placeOf } from './held';
import { kindOf, pointsOf } from './kinds';
import { valuesIn } from '@/lib/pixels/values';
import { isSeenAsSlab } from './slabs';
import { type HeldVolume, volumeAt } from './volumes';

/** What was measured, and whether it may be trusted: on a preview nothing is. */
export interface Measured {
  values: MeasuredValue[];
  isAtDetector: boolean;
  isPreview: boolean;
  /** Drawn where a slab is seen, so that values of pixels are left out. */
  isInSlab: boolean;
}

const NOTHING: Measured = { values: [], isAtDetector: false, isPreview: true, isInSlab: false };

function fieldOf({ image: { format } }: Held, picture: Picture): Field | null {
  if (picture.kind !== 'grey') return null;
  const values = valuesIn(picture, format);
  const { columns, rows } = format;
  const at = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < columns && row < rows ? (values[row * columns + column] ?? null) : null;
  return { columns, rows, unit: unitCode(format.unit), at };
}

function onImage(held: Held, kind: MeasurementKind, points: Vector[]): Measured {
  const best = held.stream?.best(placeOf(held.stream, held.image));
  if (!best || best.isPreview) return NOTHING;
  const places = placesOn(held, points);
  const grid = gridAt(held.image, places);
  return { values: valuesOf(kind, places, grid, fieldOf(held, best.picture)), isAtDetector: grid.scale === 'detector', isPreview: false, isInSlab: false };
}

const placesOn = ({ image }: Held, points: Vector[]): Place[] => points.map((point) => toPlace(gridOf(image), point));

function inVolume(volume: HeldVolume, kind: MeasurementKind, points: Vector[], seen: Types.Annotation['metadata']): Measured {
  if (volume.isPreview) return NOTHING;
  const normal = (seen?.viewPlaneNormal ?? volume.normal) as Vector;
  const up = (seen?.viewUp ?? cross(normal, volume.along)) as Vector;
  const isInSlab = hasPixelValues(kind) && isSeenAsSlab(volume, normal);
  return { values: measuredThrough(volume, kind, points, normal, up, isInSlab), isAtDetector: false, isPreview: false, isInSlab };
}

/** Measures what somebody drew, on the values themselves. */
export function measured(drawn: Types.Annotation): Measured {
  const kind = kindOf(drawn);
  if (!kind) return NOTHING;
  const points = pointsOf(kind, drawn.data);
  const held = heldAt(drawn.metadata?.referencedImageId ?? '');
  if (held) return onImage(held, kind, points);
  const volume = volumeAt(drawn.metadata);
  return volume ? inVolume(volume, kind, points, drawn.metadata) : NOTHING;
}

/** The annotation that keeps certain data: Cornerstone hands out the data alone where it asks for the text. */
export function annotationWith(data: unknown): Types.Annotation | null {
  return annotations.state.getAllAnnotations().find((one) => one.data === data) ?? null;
}

/** What goes into a document of one annotation; null while it cannot be measured. */
export function measurementOf(drawn: Types.Annotation, name: string): Measurement | null {
  const kind = kindOf(drawn);
  if (!kind) return null;
  const { values, isAtDetector, isPreview } = measured(drawn);
  const points = pointsOf(kind, drawn.data);
  if (isPreview || !points.length) return null;
  const said = { uid: uidOf(drawn), kind, name, values, is_at_detector: isAtDetector };
  const held = heldAt(drawn.metadata?.referencedImageId ?? '');
  if (held) return { ...said, place: placed(held, points), space: null };
  const volume = volumeAt(drawn.metadata);
  return volume && { ...said, place: null, space: { ...volume.where, points: points.map((point) => [...point]) } };
}

/** The tracking identifier of a drawing: the UID that it came with, or the number of the name that the page gave it (PS3.5 B.2). */
export function uidOf({ annotationUID = '' }: Types.Annotation): string {
  return !annotationUID.includes('-') ? annotationUID : `2.25.${BigInt(`0x${annotationUID.replaceAll('-', '')}`)}`;
}

function placed(held: Held, points: Vector[]): NonNullable<Measurement['place']> {
  return {
    series_instance_uid: held.seriesUid,
    sop_instance_uid: held.image.sopInstanceUid,
    frame: held.image.frame,
    points: placesOn(held, points).map((place) => [...place]),
  };
}
