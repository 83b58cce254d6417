import { getJson } from '@/lib/api/http';
import type { StudyAt } from '@/lib/api/studyAddress';
import { metadataPath } from './addresses';
import { type Image, imagesOf } from './images';
import type { DataSet } from './json';

export const DICOM_JSON = 'application/dicom+json';

/** All images of a series, in their order. */
export async function fetchImages(at: StudyAt, seriesUid: string, signal?: AbortSignal): Promise<Image[]> {
  return imagesOf(await getJson<DataSet[]>(metadataPath(at, seriesUid), signal, DICOM_JSON));
}
