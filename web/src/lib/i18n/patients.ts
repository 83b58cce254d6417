import { ageOn } from '@/lib/dicomweb/dates';
import type { ViewerWords } from './viewer';

export function sexWords(say: ViewerWords, sex: string): string {
  return sex === 'M' || sex === 'F' || sex === 'O' ? say(`viewer.sex.${sex}`, {}) : '';
}

export function ageWords(say: ViewerWords, birthDate: string, day: string): string {
  const age = ageOn(birthDate, day);
  return age ? say(`viewer.age.${age.unit}`, { count: age.count }) : '';
}
