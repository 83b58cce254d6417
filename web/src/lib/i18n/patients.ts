import { ageOn } from '@/lib/dicomweb/dates';
import type { TFunction } from './index';

export function sexWords(t: TFunction, sex: string): string {
  return sex === 'M' || sex === 'F' || sex === 'O' ? t(`sex.${sex}`) : '';
}

export function ageWords(t: TFunction, birthDate: string, day: string): string {
  const age = ageOn(birthDate, day);
  return age ? t(`age.${age.unit}`, { count: age.count }) : '';
}
