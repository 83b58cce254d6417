import type { Organisation } from '@/lib/api/types';
import { useLanguage } from './index';

/** Calls hospitals by their names in the language of the page. */
export function useHospitalName(): (hospital: Organisation) => string {
  const language = useLanguage();
  return (hospital) => (language === 'en' && hospital.name_en) || hospital.name;
}
