import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { Problem } from '@/lib/api/problem';
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

/** The picture at one place of a series; its neighbours are fetched while it is looked at. */
export function usePicture(studyUid: string, seriesUid: string, images: Image[], index: number): PictureState {
  const client = useQueryClient();
  const image = images[index] as Image;
  const isOurs = canShow(image.format);
  const { data, error, refetch } = useQuery({ ...frameQuery(studyUid, seriesUid, image), enabled: isOurs });

  useEffect(() => {
    if (!data) return;
    for (const step of AHEAD) {
      const neighbour = images[index + step];
      if (neighbour && canShow(neighbour.format)) void client.prefetchQuery(frameQuery(studyUid, seriesUid, neighbour));
    }
  }, [client, data, images, index, seriesUid, studyUid]);

  return useMemo(() => {
    const rendered: PictureState = { kind: 'rendered', path: renderedPath(studyUid, seriesUid, image) };
    if (!isOurs) return rendered;
    if (data && isPlain(data)) {
      return { kind: 'ready', picture: readPicture(data.bytes, data.transferSyntax, image.format) };
    }
    if (data || (error && isRefused(error))) return rendered;
    if (error) return { kind: 'failed', error, retry: () => void refetch() };
    return { kind: 'loading' };
  }, [data, error, image, isOurs, refetch, seriesUid, studyUid]);
}
