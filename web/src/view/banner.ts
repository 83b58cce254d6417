import { shownDate } from '@/lib/dicomweb/dates';
import type { Study } from '@/lib/dicomweb/studies';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import type { ViewerWords } from '@/lib/i18n/viewer';
import { element } from './elements';

/** Who this is, above everything else. */
export function banner(t: ViewerWords, study: Study, workstation: string): HTMLElement {
  const facts = [
    sexWords(t, study.sex),
    ageWords(t, study.birthDate, study.date),
    shownDate(study.birthDate),
    study.patientId,
    study.hospital,
  ].filter(Boolean);
  return element(
    'header',
    { 'aria-label': t('viewer.patient', {}) },
    element('h1', {}, study.name.main || t('viewer.nameMissing', {}), ' ', element('small', {}, study.name.other)),
    element('p', {}, ...facts.map((fact) => element('span', {}, fact))),
    element('a', { href: workstation }, t('viewer.workstation', {})),
  );
}
