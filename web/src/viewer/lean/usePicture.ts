import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Image } from '@/lib/dicomweb/images';
import { type Frame, frameQuery } from '@/lib/dicomweb/queries';
import { isNative, syntaxName } from '@/lib/dicomweb/syntaxes';
import { canShow, type Picture, readPicture } from './pixels';

const AHEAD = [1, -1, 2, 3];

export type PictureState =
  | { kind: 'loading' }
  | { kind: 'failed'; error: Error; retry: () => void }
  | { kind: 'compressed'; syntax: string }
  | { kind: 'unsupported' }
  | { kind: 'ready'; picture: Picture };

function read(frame: Frame, image: Image): PictureState {
  if (!isNative(frame.transferSyntax)) return { kind: 'compressed', syntax: syntaxName(frame.transferSyntax) };
  if (!/octet-stream/i.test(frame.type)) return { kind: 'compressed', syntax: frame.type.split(';')[0] ?? '' };
  if (!canShow(image.format)) return { kind: 'unsupported' };
  return { kind: 'ready', picture: readPicture(frame.bytes, frame.transferSyntax, image.format) };
}

/** The picture at one place of a series; its neighbours are fetched while it is looked at. */
export function usePicture(studyUid: string, seriesUid: string, images: Image[], index: number): PictureState {
  const client = useQueryClient();
  const image = images[index] as Image;
  const { data, error, refetch } = useQuery(frameQuery(studyUid, seriesUid, image));

  useEffect(() => {
    if (!data) return;
    for (const step of AHEAD) {
      const neighbour = images[index + step];
      if (neighbour) void client.prefetchQuery(frameQuery(studyUid, seriesUid, neighbour));
    }
  }, [client, data, images, index, seriesUid, studyUid]);

  return useMemo(() => {
    if (data) return read(data, image);
    if (error) return { kind: 'failed', error, retry: () => void refetch() };
    return { kind: 'loading' };
  }, [data, error, image, refetch]);
}
