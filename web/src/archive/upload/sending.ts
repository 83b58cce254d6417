import { Problem, toCode } from '@/lib/api/problem';
import type { DataSet } from '@/lib/dicomweb/json';

const PATH = '/dicom-web/studies';
const PREAMBLE = 128;
const MAGIC = 'DICM';
const INDEX_OF_DISC = 'DICOMDIR';
/** Images that failed, and whatever does not even say which image it is. */
const FAILURES = ['00081198', '0008119A'];
const REASON = '00081197';
const REFERENCED = '00081199';
const NO_ROOM = 507;
const ANSWERED = [200, 202, 409, 507];
/** A proxy before the server says that nobody is behind it. */
const GATEWAY = [502, 504];
const OUT_OF_RESOURCES = 0xa700;
const RETRIEVE_URL = '00081190';

/** How a file was taken: the study that it is in, or the status that the archive gave for refusing it. */
export type Taken = { study: string } | { status: number };

/** Whether a file begins as DICOM files do (PS3.10 7.1) and is not the index of a disc (PS3.10 8.6). */
export async function isImage(file: File): Promise<boolean> {
  if (file.name.toUpperCase() === INDEX_OF_DISC) return false;
  const head = await file.slice(PREAMBLE, PREAMBLE + MAGIC.length).text();
  return head === MAGIC;
}

interface Item {
  [tag: string]: { Value?: unknown[] };
}

/**
 * How the file of a request was taken (PS3.18 10.5.3). Only an answer that names it among the stored ones says that it is
 * stored; whoever reads "stored" may throw the disc away.
 */
export function takenOf(answer: DataSet, status: number): Taken {
  const [failed] = FAILURES.flatMap((tag) => (answer[tag]?.Value ?? []) as Item[]);
  if (failed) return { status: Number(failed[REASON]?.Value?.[0] ?? 0) };
  if (status === NO_ROOM) return { status: OUT_OF_RESOURCES };
  if (!answer[REFERENCED]?.Value?.length) throw new Problem('unexpected', status, 'the answer does not say that the image is stored');
  return { study: String(answer[RETRIEVE_URL]?.Value?.[0] ?? '').split('/').pop() ?? '' };
}

function outcomeOf(answer: DataSet & { code?: string; detail?: string }, status: number): Taken {
  if (ANSWERED.includes(status)) return takenOf(answer, status);
  throw new Problem(GATEWAY.includes(status) ? 'unreachable' : toCode(answer.code, status), status, answer.detail ?? '');
}

/** Sends one file (STOW-RS, PS3.18 10.5) and tells how far it is. */
export function sendFile(
  file: Blob,
  organisation: string | null,
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
      try {
        resolve(outcomeOf(answer, request.status));
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener('error', () => reject(new Problem('unreachable', 0)));
    request.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
