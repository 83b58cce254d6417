import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson, send } from '@/lib/api/http';
import type { Place } from '@/lib/api/keyImages';
import { addressOf, ofHospital, type StudyAt } from '@/lib/api/studyAddress';
import { type Image, imagesOf, PIXEL_TAGS } from './images';
import type { DataSet } from './json';
import { onlyPart } from './multipart';
import { type Series, seriesOf, type Study, studyOf } from './studies';
import { EXPLICIT_LITTLE_ENDIAN } from './syntaxes';

const ROOT = '/dicom-web/studies';
const DICOM_JSON = 'application/dicom+json';
const FRAME_TYPE = `multipart/related; type="application/octet-stream"; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`;
const FRAME_KEPT_MS = 60_000;
/** In how many hospitals one study may be. */
const MOST_COPIES = 10;

export const PAGE = 50;

export interface StudyFilter {
  search: string;
  studyDate: string;
  modality: string;
  organisation: string;
  isOldestFirst: boolean;
}

export interface Frame {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  transferSyntax: string;
}

export function studyParams(filter: StudyFilter): URLSearchParams {
  const params = new URLSearchParams({ includefield: 'all' });
  if (filter.search) params.set('search', filter.search);
  if (filter.studyDate) params.set('StudyDate', filter.studyDate);
  if (filter.modality) params.set('ModalitiesInStudy', filter.modality);
  if (filter.isOldestFirst) params.set('order', 'oldest');
  return ofHospital(params, filter.organisation);
}

async function findStudies(params: URLSearchParams, signal?: AbortSignal): Promise<Study[]> {
  return (await getJson<DataSet[]>(`${ROOT}?${params}`, signal, DICOM_JSON)).map(studyOf);
}

export function studiesQuery(filter: StudyFilter) {
  return infiniteQueryOptions({
    queryKey: ['studies', filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const params = studyParams(filter);
      params.set('limit', String(PAGE));
      params.set('offset', String(pageParam));
      return findStudies(params, signal);
    },
    getNextPageParam: (last, _pages, offset) => (last.length < PAGE ? undefined : offset + PAGE),
  });
}

/** The newest studies that match the filter. */
export function findNewest(filter: StudyFilter): Promise<Study[]> {
  const params = studyParams({ ...filter, isOldestFirst: false });
  params.set('limit', String(PAGE));
  return findStudies(params);
}

/** Those of the studies named that match the filter, as they are now. */
export function findChanged(filter: StudyFilter, uids: string[]): Promise<Study[]> {
  const params = studyParams(filter);
  params.set('StudyInstanceUID', uids.join(','));
  params.set('limit', String(uids.length * MOST_COPIES));
  return findStudies(params);
}

/** The copies of a study: one, unless several hospitals have it and the address does not say which is meant. */
export function copiesQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ StudyInstanceUID: at.uid, includefield: 'all' });
      return findStudies(ofHospital(params, at.hospital), signal);
    },
  });
}

export function seriesQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'series'],
    queryFn: async ({ signal }): Promise<Series[]> => {
      const path = addressOf(ROOT, at, '/series', { includefield: 'all' });
      const found = await getJson<DataSet[]>(path, signal, DICOM_JSON);
      return found.map(seriesOf).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
    },
  });
}

export function imagesQuery(at: StudyAt, seriesUid: string) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'series', seriesUid],
    queryFn: async ({ signal }): Promise<Image[]> => {
      const path = addressOf(ROOT, at, `/series/${seriesUid}/instances`, { includefield: PIXEL_TAGS.join(',') });
      return imagesOf(await getJson<DataSet[]>(path, signal, DICOM_JSON));
    },
  });
}

async function fetchFrame(path: string, signal: AbortSignal): Promise<Frame> {
  const response = await send(path, { headers: { Accept: FRAME_TYPE }, signal });
  const part = onlyPart(response.headers.get('Content-Type') ?? '', await response.arrayBuffer());
  return { bytes: part.bytes, type: part.type, transferSyntax: part.transferSyntax ?? EXPLICIT_LITTLE_ENDIAN };
}

const frameOf = ({ seriesUid, sopInstanceUid, frame }: Place) =>
  `/series/${seriesUid}/instances/${sopInstanceUid}/frames/${frame}`;

/** Where the small picture of a frame is. */
export function frameThumbnailPath(at: StudyAt, place: Place): string {
  return addressOf(ROOT, at, `${frameOf(place)}/thumbnail`);
}

/** Where the small picture of a series is. */
export function thumbnailPath(at: StudyAt, seriesUid: string): string {
  return addressOf(ROOT, at, `/series/${seriesUid}/thumbnail`);
}

/** Where the server's own drawing of a frame is, for what the page cannot draw itself. */
export function renderedPath(at: StudyAt, place: Place): string {
  return addressOf(ROOT, at, `${frameOf(place)}/rendered`, { accept: 'image/png' });
}

/** Where all images of a study are in one file. */
export function zipPath(at: StudyAt): string {
  return addressOf(ROOT, at, '', { accept: 'application/zip' });
}

export function frameQuery(at: StudyAt, place: Place) {
  const path = addressOf(ROOT, at, frameOf(place));
  return queryOptions({
    queryKey: ['frame', path],
    queryFn: ({ signal }) => fetchFrame(path, signal),
    staleTime: Infinity,
    gcTime: FRAME_KEPT_MS,
    structuralSharing: false,
  });
}
