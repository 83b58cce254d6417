import { shownDate } from '@/lib/dicomweb/dates';
import type { Study } from '@/lib/dicomweb/studies';
import { ageWords, sexWords } from '@/lib/i18n/patients';
import type { ViewerKey, ViewerWords } from '@/lib/i18n/viewer';
import { element } from './elements';

/** Something of a patient, and the words for its not being known. */
export interface Fact {
  value: string;
  missing: ViewerKey;
}

export function factsOf(t: ViewerWords, study: Study): Fact[] {
  return [
    { value: sexWords(t, study.sex), missing: 'viewer.missing.sex' },
    { value: ageWords(t, study.birthDate, study.date), missing: 'viewer.missing.age' },
    { value: shownDate(study.birthDate), missing: 'viewer.missing.birthDate' },
    { value: study.patientId, missing: 'viewer.missing.patientId' },
    { value: study.hospital, missing: 'viewer.missing.hospital' },
  ];
}

/** What is unknown is a dash that says why: a blank could be overlooked. */
function shown(t: ViewerWords, { value, missing }: Fact): HTMLElement {
  return value ? element('span', {}, value) : element('abbr', { title: t(missing, {}), tabindex: '0' }, '–');
}

/** Who this is, above everything else. */
export function banner(t: ViewerWords, study: Study, workstation: string): HTMLElement {
  return element(
    'header',
    { 'aria-label': t('viewer.patient', {}) },
    element('h1', {}, study.name.main || t('viewer.nameMissing', {}), ' ', element('small', {}, study.name.other)),
    element('p', {}, ...factsOf(t, study).map((fact) => shown(t, fact))),
    element('a', { href: workstation }, t('viewer.workstation', {})),
  );
}
