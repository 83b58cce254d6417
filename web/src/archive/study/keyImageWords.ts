import type { Why } from '@/lib/api/keyImages';
import type { TFunction } from '@/lib/i18n';

const KNOWN = [
  '113000', '113001', '113002', '113003', '113004', '113005', '113006', '113007', '113008', '113009',
  '113013', '113018', '113020', '113021', '113037', '113038', '113039',
] as const;
type Code = (typeof KNOWN)[number];

const isKnown = (why: Why): why is Why & { code: Code } =>
  why.scheme === 'DCM' && (KNOWN as readonly string[]).includes(why.code);

/** Why images were chosen or rejected (PS3.16 CID 7010); a title that nobody here knows stays as its maker wrote it. */
export function titleWords(t: TFunction, said: Why[]): string {
  const titles = said.map((why) => (isKnown(why) ? t(`keyImages.titles.${why.code}`) : why.meaning || t('keyImages.untitled')));
  return [...new Set(titles)].join(' · ');
}
