import { Problem } from '@/lib/api/problem';
import { send } from '@/lib/api/http';
import type { StudyAt } from '@/lib/api/studyAddress';
import { framePath, renderedPath } from '@/lib/dicomweb/addresses';
import { onlyPart } from '@/lib/dicomweb/multipart';
import { EXPLICIT_LITTLE_ENDIAN, HTJ2K, isNative } from '@/lib/dicomweb/syntaxes';
import type { Image } from '@/lib/dicomweb/images';
import { hasValues, type Picture } from '@/lib/pixels/picture';
import type { Decoder } from './decoding';
import type { Link } from './link';

const ACCEPTED = [
  'image/jphc; transfer-syntax=*',
  `image/jphc; transfer-syntax=${HTJ2K}; q=0.9`,
  `application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}; q=0.5`,
].join(', ');
/** A line on which nothing came for so long is taken for dead. */
const STALLED_MS = 20_000;

/** A series of a study. */
export interface SeriesAt {
  at: StudyAt;
  seriesUid: string;
}

/** Under which name a picture is kept in memory. */
export function pictureKey({ at, seriesUid }: SeriesAt, { sopInstanceUid, frame }: Pick<Image, 'sopInstanceUid' | 'frame'>): string {
  return `${at.hospital} ${at.uid} ${seriesUid} ${sopInstanceUid} ${frame}`;
}

const placeOf = ({ seriesUid }: SeriesAt, { sopInstanceUid, frame }: Image) => ({ seriesUid, sopInstanceUid, frame });

/** Reads an answer to its end; tells of every piece, and gives up on a line that went silent. */
export async function read(response: Response, link: Link, stop: AbortController, each: (piece: Uint8Array) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const over = link.begin();
  let timer = setTimeout(() => stop.abort(), STALLED_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), STALLED_MS);
      link.take(value.length);
      each(value);
    }
  } finally {
    clearTimeout(timer);
    over();
  }
}

async function bodyOf(response: Response, link: Link, stop: AbortController): Promise<ArrayBuffer> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await read(response, link, stop, (piece) => pieces.push(piece.slice()));
  return new Blob(pieces).arrayBuffer();
}

/** Asks with a limit for the first byte too. */
async function ask(path: string, accept: string, stop: AbortController): Promise<Response> {
  const timer = setTimeout(() => stop.abort(), STALLED_MS);
  try {
    return await send(path, { headers: { Accept: accept }, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Fetches a frame without loss: its values, or what the server draws of what has none that could be read here.
 * `onAnswer` is called when the server begins to answer.
 */
export async function fetchFrame(
  series: SeriesAt,
  image: Image,
  { decoder, link }: { decoder: Decoder; link: Link },
  stop: AbortController,
  onAnswer: () => void = () => {},
): Promise<Picture> {
  if (!hasValues(image.format)) return drawn(series, image, link, stop);
  let response: Response;
  try {
    response = await ask(framePath(series.at, placeOf(series, image)), ACCEPTED, stop);
  } catch (error) {
    if (error instanceof Problem && error.status === 406) return drawn(series, image, link, stop);
    throw error;
  }
  onAnswer();
  const type = response.headers.get('Content-Type') ?? '';
  const { bytes, transferSyntax } = onlyPart(type, await bodyOf(response, link, stop));
  const isHtj2k = /^image\/jphc/i.test(type);
  const syntax = transferSyntax ?? EXPLICIT_LITTLE_ENDIAN;
  if (!isHtj2k && !isNative(syntax)) return drawn(series, image, link, stop);
  return decoder.decode({ bytes, transferSyntax: syntax, isHtj2k, format: image.format });
}

async function drawn(series: SeriesAt, image: Image, link: Link, stop: AbortController): Promise<Picture> {
  const path = renderedPath(series.at, placeOf(series, image));
  const response = await ask(path, 'image/png', stop);
  const blob = new Blob([await bodyOf(response, link, stop)], { type: 'image/png' });
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  return { kind: 'drawn', width: bitmap.width, height: bitmap.height, bitmap };
}
