import { Problem } from '@/lib/api/problem';

/** Why there is no picture of an image: it has none, it is damaged, or it did not come and may come yet. */
export type Absence = 'none' | 'damaged' | 'failed';

export function absenceOf(error: Error): Absence {
  if (!(error instanceof Problem)) return 'failed';
  if (error.code === 'undecodable') return 'damaged';
  return error.status === 404 || error.status === 406 ? 'none' : 'failed';
}
