import { Problem } from '@/lib/api/problem';
import type { StudyAt } from '@/lib/api/studyAddress';
import { framePath, renderedPath } from '@/lib/dicomweb/addresses';
import { onlyPart } from '@/lib/dicomweb/multipart';
import { EXPLICIT_LITTLE_ENDIAN, HTJ2K, isNative } from '@/lib/dicomweb/syntaxes';
import type { Image, PixelFormat } from '@/lib/dicomweb/images';
import { type Grey, hasValues, type Picture } from '@/lib/pixels/picture';
import type { Decoder } from './decoding';
import { EYE, type Wanted } from './Download';
import type { Lanes } from './Lanes';

const ACCEPTED = [
  'image/jphc; transfer-syntax=*',
  `image/jphc; transfer-syntax=${HTJ2K}; q=0.9`,
  `application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}; q=0.5`,
].join(', ');

/** A series of a study. */
export interface SeriesAt {
  at: StudyAt;
  seriesUid: string;
}

/** What brings frames, and what reads them. */
export interface Bringing {
  decoder: Decoder;
  lanes: Lanes;
}

/** How a frame is fetched; without more than `stop` it is one that somebody waits for. */
export type Way = Pick<Wanted, 'stop'> & Partial<Wanted>;

/** Under which name a picture is kept in memory. */
export function pictureKey({ at, seriesUid }: SeriesAt, { sopInstanceUid, frame }: Pick<Image, 'sopInstanceUid' | 'frame'>): string {
  return `${at.hospital} ${at.uid} ${seriesUid} ${sopInstanceUid} ${frame}`;
}

const placeOf = ({ seriesUid }: SeriesAt, { sopInstanceUid, frame }: Image) => ({ seriesUid, sopInstanceUid, frame });

/** Fetches an answer whole. */
async function bodyOf(lanes: Lanes, path: string, accept: string, way: Way): Promise<{ type: string; body: ArrayBuffer }> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const usual = { rank: () => EYE, expected: null, onAnswer: () => {} };
  const type = await lanes.fetch({ ...usual, ...way, path, accept, take: (piece) => pieces.push(piece.slice()) });
  return { type, body: await new Blob(pieces).arrayBuffer() };
}

/** Fetches a frame without loss: its values, or what the server draws of what has none that could be read here. */
export async function fetchFrame(series: SeriesAt, image: Image, bringing: Bringing, way: Way): Promise<Picture> {
  if (!hasValues(image.format)) return drawn(series, image, bringing.lanes, way);
  try {
    const values = await fetchValues(framePath(series.at, placeOf(series, image)), image.format, bringing, way);
    if (values) return values;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 406)) throw error;
  }
  return drawn(series, image, bringing.lanes, way);
}

/** Fetches the values of a frame from an address; null where they come in a form that is not read here. */
export async function fetchValues(path: string, format: PixelFormat, { decoder, lanes }: Bringing, way: Way): Promise<Grey | null> {
  const { type, body } = await bodyOf(lanes, path, ACCEPTED, way);
  const { bytes, transferSyntax } = onlyPart(type, body);
  const isHtj2k = /^image\/jphc/i.test(type);
  const syntax = transferSyntax ?? EXPLICIT_LITTLE_ENDIAN;
  if (!isHtj2k && !isNative(syntax)) return null;
  return decoder.decode({ bytes, transferSyntax: syntax, isHtj2k, format });
}

async function drawn(series: SeriesAt, image: Image, lanes: Lanes, way: Way): Promise<Picture> {
  const { body } = await bodyOf(lanes, renderedPath(series.at, placeOf(series, image)), 'image/png', { ...way, expected: null });
  const bitmap = await createImageBitmap(new Blob([body], { type: 'image/png' }), { colorSpaceConversion: 'none' });
  return { kind: 'drawn', width: bitmap.width, height: bitmap.height, bitmap };
}
