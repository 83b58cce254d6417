import { IconPhotoOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { StudyAt } from '@/lib/api/studyAddress';
import { documentsQuery } from '@/lib/dicomweb/queries';
import { SIGNS } from './signs';

/** Stands for a series that has no picture of its own: the sign of the documents in it. */
export function SeriesSign({ at, seriesUid }: { at: StudyAt; seriesUid: string }) {
  const { data } = useQuery(documentsQuery(at, seriesUid));
  const Sign = data?.[0] ? SIGNS[data[0].kind] : IconPhotoOff;
  return <Sign size={24} stroke={1.25} aria-hidden />;
}
