import { asProblem } from '@/lib/api/problem';
import { shownDateTime } from '@/lib/dicomweb/dates';
import { isEcg, type SeriesDocument } from '@/lib/dicomweb/documents';
import type { TFunction } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';

/** What a document is called: its own title, or what it is and its number. */
export function titleOf(t: TFunction, { title, kind, sopClassUid, instanceNumber }: SeriesDocument): string {
  const word = isEcg(sopClassUid) ? 'ecg' : kind;
  return title || t('documents.numbered', { kind: t(`documents.kind.${word}`), number: instanceNumber ?? '–' });
}

/** Why a document cannot be shown; what a damaged image is told is not true of it. */
export function documentProblem(t: TFunction, error: unknown): { title: string; next: string } {
  if (asProblem(error).code !== 'undecodable') return problemWords(t, error);
  return { title: t('documents.damaged.title'), next: t('documents.damaged.next') };
}

/** When the content of a document is from. */
export function momentOf({ contentDate, contentTime }: SeriesDocument): string {
  return shownDateTime(contentDate, contentTime);
}

const EXTENSIONS = { pdf: 'pdf', film: 'mp4' } as const;
const FILE_EXTENSIONS: Record<string, string> = { '2': 'xml', '3': 'stl', '4': 'obj', '5': 'mtl' };

/** The name that a file gets when it is kept: its kind and number, nothing of the patient. */
export function fileNameOf({ kind, sopClassUid, instanceNumber }: SeriesDocument): string {
  const last = sopClassUid.split('.').at(-1) ?? '';
  const extension = kind === 'pdf' || kind === 'film' ? EXTENSIONS[kind] : (FILE_EXTENSIONS[last] ?? 'dcm');
  return `${kind}-${instanceNumber ?? 1}.${extension}`;
}
