import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Place } from '@/lib/api/keyImages';
import { Problem } from '@/lib/api/problem';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { type Frame, frameQuery, renderedPath } from '@/lib/dicomweb/queries';
import { isNative } from '@/lib/dicomweb/syntaxes';
import { canShow, type Picture, readPicture } from './pixels';

const AHEAD = [1, -1, 2, 3];

export type PictureState =
  | { kind: 'loading' }
  | { kind: 'failed'; error: Error; retry: () => void }
  | { kind: 'rendered'; path: string }
  | { kind: 'ready'; picture: Picture };

const isPlain = (frame: Frame) => isNative(frame.transferSyntax) && /octet-stream/i.test(frame.type);
const isRefused = (error: Error) => error instanceof Problem && error.status === 406;

const placeOf = (seriesUid: string, { sopInstanceUid, frame }: Image): Place => ({ seriesUid, sopInstanceUid, frame });

/** The picture at one place of a series; its neighbours are fetched while it is looked at. */
export function usePicture(at: StudyAt, seriesUid: string, images: Image[], index: number): PictureState {
  const client = useQueryClient();
  const image = images[index] as Image;
  const isOurs = canShow(image.format);
  const { data, error, refetch } = useQuery({ ...frameQuery(at, placeOf(seriesUid, image)), enabled: isOurs });

  useEffect(() => {
    if (!data) return;
    for (const step of AHEAD) {
      const neighbour = images[index + step];
      if (neighbour && canShow(neighbour.format)) void client.prefetchQuery(frameQuery(at, placeOf(seriesUid, neighbour)));
    }
  }, [at, client, data, images, index, seriesUid]);

  return useMemo(() => {
    const rendered: PictureState = { kind: 'rendered', path: renderedPath(at, placeOf(seriesUid, image)) };
    if (!isOurs) return rendered;
    if (data && isPlain(data)) {
      return { kind: 'ready', picture: readPicture(data.bytes, data.transferSyntax, image.format) };
    }
    if (data || (error && isRefused(error))) return rendered;
    if (error) return { kind: 'failed', error, retry: () => void refetch() };
    return { kind: 'loading' };
  }, [at, data, error, image, isOurs, refetch, seriesUid]);
}
