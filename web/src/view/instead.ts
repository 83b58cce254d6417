import type { StudyAt } from '@/lib/api/studyAddress';
import { contentOf, isEcg } from '@/lib/dicomweb/documents';
import { fetchDocuments } from '@/lib/dicomweb/fetching';
import type { Series } from '@/lib/dicomweb/studies';
import type { Notice } from './Opener';

/** What to say of a series that is no pictures but a report, a film or the like; null where it has pictures, or nobody knows. */
export async function insteadOf(at: StudyAt, series: Series): Promise<Pick<Notice, 'key'> | null> {
  const documents = await fetchDocuments(at, series.uid).catch(() => []);
  const [document] = documents;
  if (!document || contentOf(documents, series.imageCount ?? 0) === 'images') return null;
  return { key: `viewer.instead.${isEcg(document.sopClassUid) ? 'ecg' : document.kind}` };
}
