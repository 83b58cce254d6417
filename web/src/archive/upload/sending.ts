import { Problem, type ProblemCode } from '@/lib/api/problem';
import type { DataSet } from '@/lib/dicomweb/json';

const PATH = '/dicom-web/studies';
const PREAMBLE = 128;
const MAGIC = 'DICM';
const FAILED = '00081198';
const REASON = '00081197';
const RETRIEVE_URL = '00081190';

/** How a file was taken: the study that it is in, or the status that the archive gave for refusing it. */
export type Taken = { study: string } | { status: number };

/** Whether a file begins as DICOM files do (PS3.10 7.1). */
export async function isDicom(file: Blob): Promise<boolean> {
  const head = await file.slice(PREAMBLE, PREAMBLE + MAGIC.length).text();
  return head === MAGIC;
}

interface Item {
  [tag: string]: { Value?: unknown[] };
}

export function takenOf(answer: DataSet): Taken {
  const failed = answer[FAILED]?.Value as Item[] | undefined;
  if (failed?.length) return { status: Number(failed[0]?.[REASON]?.Value?.[0] ?? 0) };
  return { study: String(answer[RETRIEVE_URL]?.Value?.[0] ?? '').split('/').pop() ?? '' };
}

/** Sends one file (STOW-RS, PS3.18 10.5) and tells how far it is. */
export function sendFile(
  file: Blob,
  organisation: number | null,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', organisation === null ? PATH : `${PATH}?organisation=${organisation}`);
    request.setRequestHeader('Content-Type', 'application/dicom');
    request.setRequestHeader('Accept', 'application/dicom+json');
    request.setRequestHeader('X-Lightwell', '1');
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      const answer = (request.response ?? {}) as DataSet & { code?: string; detail?: string };
      const isAnswered = [200, 202, 409, 507].includes(request.status);
      if (isAnswered) resolve(takenOf(answer));
      else reject(new Problem((answer.code ?? 'unexpected') as ProblemCode, request.status, answer.detail ?? ''));
    });
    request.addEventListener('error', () => reject(new Problem('unreachable', 0)));
    request.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
