import { eventTarget } from '@cornerstonejs/core';
import { annotation as annotations, Enums, type Types } from '@cornerstonejs/tools';
import type { Measurement, MeasurementKind, MeasurementSet } from '@/lib/api/measurements';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { onLeaving } from '@/lib/leaving';
import { noteSeries } from './belonging';
import { inSpace, keepInPlanes, onImage } from './drawing';
import { heldAt } from './held';
import { kindOf, pointsOf } from './kinds';
import { asMeasured } from './lines';
import { type Measured, measured, measurementOf, uidOf } from './measuring';
import { type HeldVolume, volumeAt } from './volumes';

/** Something measured in a study. */
export interface Finding {
  /** Its tracking identifier, by which documents know it. */
  uid: string;
  /** What Cornerstone calls it; empty until it is drawn. */
  annotationUid: string;
  /** Its points as they are drawn, to tell whether it was moved. */
  shape: string;
  kind: MeasurementKind;
  name: string;
  measured: Measured;
  /** Null while it cannot be measured: the image is not there without loss yet. */
  measurement: Measurement | null;
  /** Empty for one's own. */
  maker: string;
  /** The study that it is kept in. */
  at: StudyAt;
}

const { Events } = Enums;

/** What a reader measured in a study: what is drawn, what was saved before, and what others saved. */
export class Findings {
  private readonly listeners = new Set<() => void>();
  private readonly found = new Map<string, Finding>();
  private listed: Finding[] = [];
  private isAdding = false;
  private isLoaded = false;
  /** One's own document that all this began with; null where there was none. The next one stands in its place. */
  base: string | null = null;
  /** Counts what the reader changed, and how much of it was saved: they go on drawing meanwhile. */
  revision = 0;
  private savedRevision = 0;

  constructor(readonly at: StudyAt) {
    eventTarget.addEventListener(Events.ANNOTATION_ADDED, noteSeries);
    eventTarget.addEventListener(Events.ANNOTATION_COMPLETED, this.onDrawn);
    eventTarget.addEventListener(Events.ANNOTATION_MODIFIED, this.onDrawn);
    eventTarget.addEventListener(Events.ANNOTATION_REMOVED, this.onRemoved);
  }

  /** Takes what the server has, once; what was drawn here stays. */
  load(sets: readonly MeasurementSet[]): void {
    if (this.isLoaded) return;
    this.isLoaded = true;
    for (const { measurements, is_mine: isMine, maker, sop_instance_uid: uid } of sets) {
      if (isMine) this.base = uid;
      for (const measurement of measurements) this.found.set(measurement.uid, asSaved(measurement, isMine ? '' : maker || '–', this.at));
    }
    this.tell();
  }

  /** Lets all go that one person measured, before the next one comes. */
  forget(): void {
    eventTarget.removeEventListener(Events.ANNOTATION_ADDED, noteSeries);
    eventTarget.removeEventListener(Events.ANNOTATION_COMPLETED, this.onDrawn);
    eventTarget.removeEventListener(Events.ANNOTATION_MODIFIED, this.onDrawn);
    eventTarget.removeEventListener(Events.ANNOTATION_REMOVED, this.onRemoved);
    for (const { annotationUid } of this.listed) if (annotationUid) annotations.state.removeAnnotation(annotationUid);
    this.listeners.clear();
  }

  /** Draws what was measured on these images. */
  drawOn(seriesUid: string, images: readonly Image[]): void {
    for (const { measurement, maker } of this.waiting()) {
      const place = measurement.place?.series_instance_uid === seriesUid ? measurement.place : null;
      const image = place && images.find((one) => one.sopInstanceUid === place.sop_instance_uid && one.frame === place.frame);
      if (image) this.draw(measurement, onImage(seriesUid, image, measurement, place.points), maker);
    }
    this.tell();
  }

  /** Draws what was measured in a volume that is shown. */
  drawIn(volume: HeldVolume): void {
    for (const { measurement, maker } of this.waiting()) {
      const { space } = measurement;
      if (space?.series_instance_uid !== volume.where.series_instance_uid) continue;
      this.draw(measurement, inSpace(volume, measurement, space.points), maker);
    }
    this.tell();
  }

  list(): Finding[] {
    return this.listed;
  }

  /**
   * All that belongs into the reader's own document; null while something drawn cannot be measured, and until what was
   * saved before is known: the new document stands in the place of the old one.
   */
  toSave(): Measurement[] | null {
    if (!this.isLoaded) return null;
    const mine = this.listed.filter((one) => !one.maker && !isEmpty(one));
    return mine.every(({ measurement }) => measurement) ? mine.map(({ measurement }) => measurement as Measurement) : null;
  }

  /** From now on all this stands on another document, or on none. */
  follow(base: string | null): void {
    this.base = base;
  }

  get isChanged(): boolean {
    return this.revision !== this.savedRevision;
  }

  saved(revision: number): void {
    this.savedRevision = revision;
    this.tell();
  }

  rename(uid: string, name: string): void {
    const finding = this.found.get(uid);
    const drawn = annotations.state.getAnnotation(finding?.annotationUid ?? '');
    if (drawn) Object.assign(drawn.data, { label: name, text: name });
    if (finding) this.found.set(uid, { ...finding, name, measurement: finding.measurement && { ...finding.measurement, name } });
    this.change();
  }

  /** Removes one of the reader's own; returns what brings it back. */
  remove(uid: string): (() => void) | null {
    const finding = this.found.get(uid);
    if (!finding || finding.maker) return null;
    const drawn = annotations.state.getAnnotation(finding.annotationUid);
    if (drawn) annotations.state.removeAnnotation(finding.annotationUid);
    this.found.delete(uid);
    this.change();
    return () => {
      this.found.set(uid, finding);
      if (drawn) annotations.state.addAnnotation(drawn, drawn.metadata?.FrameOfReferenceUID ?? '');
      this.change();
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Measures again what could not be measured on a preview. */
  refresh(): void {
    const undecided = this.listed.filter(({ measurement }) => !measurement);
    for (const { annotationUid } of undecided) {
      const drawn = annotations.state.getAnnotation(annotationUid);
      if (drawn) this.note(drawn);
    }
    if (undecided.length) this.tell();
  }

  private tell(): void {
    this.listed = [...this.found.values()];
    for (const listener of this.listeners) listener();
  }

  private change(): void {
    this.revision += 1;
    this.tell();
  }

  /** What is measured of a drawing, as well as it is known: its image may not be looked at now. */
  measuredOf(drawn: Types.Annotation): Measured {
    const now = measured(drawn);
    const known = this.found.get(uidOf(drawn));
    return now.isPreview && known?.shape === shapeOf(drawn) ? known.measured : now;
  }

  private waiting(): (Finding & { measurement: Measurement })[] {
    return this.listed.filter((one): one is Finding & { measurement: Measurement } => one.measurement !== null && !one.annotationUid);
  }

  private draw(measurement: Measurement, drawn: Types.Annotation, maker: string): void {
    drawn.isLocked = maker !== '';
    this.isAdding = true;
    annotations.state.addAnnotation(drawn, drawn.metadata?.FrameOfReferenceUID ?? '');
    this.isAdding = false;
    const finding = this.found.get(measurement.uid);
    if (finding) this.found.set(measurement.uid, { ...finding, annotationUid: measurement.uid, shape: shapeOf(drawn) });
  }

  private readonly onDrawn = (event: Event) => {
    const { annotation: drawn } = (event as CustomEvent<{ annotation?: Types.Annotation }>).detail;
    if (!drawn || this.isAdding || !kindOf(drawn) || !this.isHere(drawn)) return;
    const before = this.found.get(uidOf(drawn));
    keepInPlanes(drawn);
    const after = this.note(drawn);
    // Cornerstone says "modified" too when it has only drawn anew what was saved before.
    if (before?.shape === after.shape && before.name === after.name) this.tell();
    else this.change();
  };

  private readonly onRemoved = (event: Event) => {
    const { annotation: drawn } = (event as CustomEvent<{ annotation?: Types.Annotation }>).detail;
    if (drawn && this.found.delete(uidOf(drawn))) this.change();
  };

  isHere({ metadata }: Types.Annotation): boolean {
    const at = heldAt(metadata?.referencedImageId ?? '')?.at ?? volumeAt(metadata)?.at;
    return at?.uid === this.at.uid && at.hospital === this.at.hospital;
  }

  private note(drawn: Types.Annotation): Finding {
    const uid = uidOf(drawn);
    const known = this.found.get(uid);
    const shape = shapeOf(drawn);
    const name = nameOf(drawn);
    const said = this.measuredOf(drawn);
    const now = measurementOf(drawn, name);
    // What was measured before a slab was made of its plane is still what lies there.
    const isWithheld = !now || said.isInSlab;
    const stays = isWithheld && known?.shape === shape && known.measurement ? { ...known.measurement, name } : now;
    const finding: Finding = {
      uid,
      annotationUid: drawn.annotationUID ?? '',
      shape,
      kind: kindOf(drawn) as MeasurementKind,
      name,
      measured: said,
      measurement: stays,
      maker: known?.maker ?? '',
      at: this.at,
    };
    this.found.set(uid, finding);
    return finding;
  }
}

/** The points of a drawing, but for the last digits that a document keeps. */
function shapeOf(drawn: Types.Annotation): string {
  const kind = kindOf(drawn);
  return kind ? pointsOf(kind, drawn.data).map((point) => point.map((one) => one.toFixed(DIGITS)).join()).join(' ') : '';
}

/** A line whose ends were pulled onto each other measures nothing: it is never saved as 0. */
const isEmpty = ({ measured: { values } }: Finding) =>
  values.some(({ quantity, value }) => value === 0 && (quantity === 'length' || quantity === 'area'));

const DIGITS = 2;

const nameOf = ({ data }: Types.Annotation): string => {
  const { label, text } = data as { label?: string; text?: string };
  return label || text || '';
};

function asSaved(measurement: Measurement, maker: string, at: StudyAt): Finding {
  const { uid, kind, name } = measurement;
  return { uid, annotationUid: '', shape: '', kind, name, measured: asMeasured(measurement), measurement, maker, at };
}

const kept = new Map<string, Findings>();

/** What is measured in a study, kept while the page lives: who comes back to it finds what was drawn. */
export function findingsOf(at: StudyAt): Findings {
  const key = `${at.hospital}/${at.uid}`;
  const found = kept.get(key) ?? new Findings(at);
  kept.set(key, found);
  return found;
}

/** Whether something that was measured on this page is kept nowhere else. */
export const isAnythingUnsaved = () => [...kept.values()].some((findings) => findings.isChanged);

onLeaving(() => {
  for (const findings of kept.values()) findings.forget();
  kept.clear();
});
