import { type DataSet, items, number, TAG, text } from './json';

/** How something that is no image is looked at; a `file` is only handed over. */
export type DocumentKind = 'report' | 'waveform' | 'pdf' | 'film' | 'file';

/** An object of a series that is read, played or handed over rather than looked at image by image. */
export interface SeriesDocument {
  sopInstanceUid: string;
  sopClassUid: string;
  kind: DocumentKind;
  /** As the object says it; empty where it says none. */
  title: string;
  instanceNumber: number | null;
  contentDate: string;
  contentTime: string;
  /** Of reports: whether somebody answers for the content (PS3.3 C.17.2); null where it is not said. */
  isVerified: boolean | null;
  /** Of films: how long one frame is seen; null where it is not said. */
  frameMs: number | null;
}

/** What a search has to include so that documents can be told apart. */
export const INCLUDED: readonly string[] = [
  TAG.contentDate,
  TAG.contentTime,
  TAG.conceptNameCode,
  TAG.verificationFlag,
  TAG.documentTitle,
  TAG.cineRate,
  TAG.frameTime,
];

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const ENCAPSULATED_PDF = `${STORAGE}104.1`;
/** MPEG-2, MPEG-4 AVC and HEVC (PS3.5 8.2.5-8.2.9): their frames are one stream. */
const FILM = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/;

/** Presentation states of waveforms say how one is shown; they are none. */
export function kindOf(sopClassUid: string, transferSyntaxUid: string): DocumentKind | null {
  if (FILM.test(transferSyntaxUid)) return 'film';
  if (sopClassUid === ENCAPSULATED_PDF) return 'pdf';
  if (sopClassUid.startsWith(`${STORAGE}104.`)) return 'file';
  if (sopClassUid.startsWith(`${STORAGE}88.`)) return 'report';
  return sopClassUid.startsWith(`${STORAGE}9.`) && !sopClassUid.startsWith(`${STORAGE}9.100.`) ? 'waveform' : null;
}

/** ECG are drawn in mm of paper for each mV; other signals have no such custom (PS3.3 A.34.3-A.34.5). */
export function isEcg(sopClassUid: string): boolean {
  return sopClassUid.startsWith(`${STORAGE}9.1.`);
}

/** The documents among the instances of a series: of reports the newest first, since it counts; else as they are numbered. */
export function documentsOf(instances: DataSet[]): SeriesDocument[] {
  return instances.flatMap((instance) => documentOf(instance) ?? []).sort(byTurn);
}

/** What a series of so many objects holds: documents or films alone, or images, maybe among others. */
export function contentOf(documents: readonly SeriesDocument[], count: number): 'images' | 'documents' | 'films' {
  if (!documents.length || documents.length < count) return 'images';
  return documents.every(({ kind }) => kind === 'film') ? 'films' : 'documents';
}

function documentOf(instance: DataSet): SeriesDocument | null {
  const sopClassUid = text(instance, TAG.sopClassUid);
  const kind = kindOf(sopClassUid, text(instance, TAG.availableTransferSyntaxUid));
  if (!kind) return null;
  return {
    sopInstanceUid: text(instance, TAG.sopInstanceUid),
    sopClassUid,
    kind,
    title: titleOf(instance),
    instanceNumber: number(instance, TAG.instanceNumber),
    contentDate: text(instance, TAG.contentDate),
    contentTime: text(instance, TAG.contentTime),
    isVerified: verifiedOf(text(instance, TAG.verificationFlag)),
    frameMs: frameMsOf(instance),
  };
}

function titleOf(instance: DataSet): string {
  const [concept] = items(instance, TAG.conceptNameCode);
  return text(instance, TAG.documentTitle) || (concept ? text(concept, TAG.codeMeaning) : '');
}

function verifiedOf(flag: string): boolean | null {
  return flag ? flag === 'VERIFIED' : null;
}

function frameMsOf(instance: DataSet): number | null {
  const [frameMs, rateHz] = [number(instance, TAG.frameTime), number(instance, TAG.cineRate)];
  if (frameMs && frameMs > 0) return frameMs;
  return rateHz && rateHz > 0 ? 1000 / rateHz : null;
}

function byTurn(a: SeriesDocument, b: SeriesDocument): number {
  const [before, after] = a.kind === 'report' && b.kind === 'report' ? [b, a] : [a, b];
  const moment = (one: SeriesDocument) => (one.kind === 'report' ? one.contentDate + one.contentTime : '');
  return moment(before).localeCompare(moment(after)) || (before.instanceNumber ?? 0) - (after.instanceNumber ?? 0);
}
