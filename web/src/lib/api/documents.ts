import { queryOptions } from '@tanstack/react-query';
import { getJson } from './http';
import { addressOf, type StudyAt } from './studyAddress';

/** One line of a structured report, with what is below it. */
export interface DocumentItem {
  /** The name of the concept as the document writes it; empty where it has none. */
  name: string;
  /** The value type: `TEXT`, `NUM`, `CODE`, `DATE`, `CONTAINER`, `IMAGE`, `SCOORD` … (PS3.3 C.17.3). */
  kind: string;
  /** As it is read: dates in ISO 8601, codes by their meaning, images by their SOP Instance UID. */
  value: string;
  /** A code of UCUM, or empty. */
  unit: string;
  children: DocumentItem[];
}

export interface ReportDocument {
  title: string;
  tree: DocumentItem[];
  /** Lines that lie deeper than anybody reads, and are left out. */
  left_out_count: number;
}

export interface WaveformChannel {
  label: string;
  /** A code of UCUM, as `uV` or `mV`. */
  unit: string;
  /** What one step of the stored samples is, in `unit`. */
  sensitivity: number;
  /** In `unit`; null where the signal was not there. */
  samples: (number | null)[];
}

export interface WaveformAnnotation {
  text: string;
  /** From 1, or null where it is of all channels. */
  channel: number | null;
  /** The first sample that is meant, from 1, or null where it is of all. */
  sample: number | null;
  value: number | null;
  unit: string;
}

export interface Waveform {
  label: string;
  channels: WaveformChannel[];
  sampling_hz: number;
  annotations: WaveformAnnotation[];
}

/** The first group is the rhythm, or what the machine took first; others are medians and the like. */
export interface Waveforms extends Waveform {
  others: Waveform[];
}

export function documentQuery(at: StudyAt, sopInstanceUid: string) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'document', sopInstanceUid],
    queryFn: ({ signal }) =>
      getJson<ReportDocument>(addressOf('/api/studies', at, `/documents/${sopInstanceUid}`), signal),
  });
}

export function waveformsQuery(at: StudyAt, sopInstanceUid: string) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'waveforms', sopInstanceUid],
    queryFn: ({ signal }) => getJson<Waveforms>(addressOf('/api/studies', at, `/waveforms/${sopInstanceUid}`), signal),
  });
}

/**
 * Where the film, PDF or model that an object encloses is as a file of its own, for `<video>`, `<embed>` or a link.
 *
 * It answers byte ranges, so a film can be jumped in. The address says nothing of the kind that the element would not
 * take anyway: `video/mp4`, `video/mpeg`, `application/pdf`, `model/stl` ….
 */
export function enclosedPath(at: StudyAt, seriesUid: string, sopInstanceUid: string): string {
  return addressOf('/dicom-web/studies', at, `/series/${seriesUid}/instances/${sopInstanceUid}/rendered`);
}
