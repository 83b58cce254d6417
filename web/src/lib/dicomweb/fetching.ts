import { getJson } from '@/lib/api/http';
import { addressOf, type StudyAt } from '@/lib/api/studyAddress';
import { metadataPath, ROOT } from './addresses';
import { documentsOf, INCLUDED, type SeriesDocument } from './documents';
import { type Image, imagesOf } from './images';
import type { DataSet } from './json';

export const DICOM_JSON = 'application/dicom+json';

/** All images of a series, in their order. */
export async function fetchImages(at: StudyAt, seriesUid: string, signal?: AbortSignal): Promise<Image[]> {
  return imagesOf(await getJson<DataSet[]>(metadataPath(at, seriesUid), signal, DICOM_JSON));
}

/** What a series holds that is no image, the first to be shown first. */
export async function fetchDocuments(at: StudyAt, seriesUid: string, signal?: AbortSignal): Promise<SeriesDocument[]> {
  const path = addressOf(ROOT, at, `/series/${seriesUid}/instances`, { includefield: INCLUDED.join(',') });
  return documentsOf(await getJson<DataSet[]>(path, signal, DICOM_JSON));
}
