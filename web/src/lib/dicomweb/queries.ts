import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson } from '@/lib/api/http';
import { addressOf, ofHospital, type StudyAt } from '@/lib/api/studyAddress';
import { ROOT } from './addresses';
import { DICOM_JSON, fetchDocuments, fetchImages } from './fetching';
import { type DataSet, TAG, text } from './json';
import { type Series, seriesOf, type Study, studyOf } from './studies';

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
    queryFn: ({ signal }) => fetchImages(at, seriesUid, signal),
  });
}

/** The earlier examinations of the same patient in the same hospital, the newest first. */
export function priorsQuery({ uid, patientId, hospitalCode, date }: Study) {
  return queryOptions({
    queryKey: ['study', uid, hospitalCode, 'priors'],
    enabled: patientId !== '',
    queryFn: async ({ signal }) => {
      const params = new URLSearchParams({ PatientID: patientId, includefield: 'all', limit: String(PAGE) });
      const found = await findStudies(ofHospital(params, hospitalCode), signal);
      const earlier = found.filter((one) => one.uid !== uid && one.patientId === patientId && one.date <= date);
      return earlier.sort((a, b) => `${b.date}${b.time}`.localeCompare(`${a.date}${a.time}`));
    },
  });
}

/** What a series holds that is no image: reports, signals, PDF, films and other files; the first to be shown first. */
export function documentsQuery(at: StudyAt, seriesUid: string) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'documents of', seriesUid],
    queryFn: ({ signal }) => fetchDocuments(at, seriesUid, signal),
  });
}

/** Which series of a study an instance is in; null if it is not in the study. */
export async function findSeriesOf(at: StudyAt, sopInstanceUid: string): Promise<string | null> {
  const path = addressOf(ROOT, at, '/instances', { SOPInstanceUID: sopInstanceUid });
  const [found] = await getJson<DataSet[]>(path, undefined, DICOM_JSON);
  return found ? text(found, TAG.seriesInstanceUid) : null;
}
