import { describe, expect, it } from 'vitest';
import type { Study } from '../src/lib/dicomweb/studies';
import type { Language } from '../src/lib/i18n/language';
import { viewerWords } from '../src/lib/i18n/viewer';
import type { Seen } from '../src/viewer/lean/LeanView';
import { UPRIGHT } from '../src/viewer/lean/camera';
import { factsOf } from '../src/view/banner';
import { wordsOf } from '../src/view/overlay';

const LANGUAGES: Language[] = ['zh-CN', 'en'];
const WINDOW = { center: 40, width: 400 };
const seen = (more: Partial<Seen>) =>
  ({ index: 0, total: 1, image: { isLossy: false, orientation: null }, best: { isPreview: false }, error: null, window: WINDOW, isInverted: false, camera: UPRIGHT, value: null, ...more }) as Seen;

describe('the phone', () => {
  it.each(LANGUAGES)('says in %s that a picture is inverted', (language) => {
    const t = viewerWords(language);
    const window = t('viewer.window', { ...WINDOW });
    expect(wordsOf(t, seen({}), '')['bottom-left']).toBe(window);
    expect(wordsOf(t, seen({ isInverted: true }), '')['bottom-left']).toBe(`${t('viewer.inverted', {})}\n${window}`);
    expect(wordsOf(t, seen({ isInverted: true, window: null }), '')['bottom-left']).toBe(t('viewer.inverted', {}));
  });

  it.each(LANGUAGES)('has a place for what is unknown of a patient, with the reason in %s', (language) => {
    const t = viewerWords(language);
    const facts = factsOf(t, { sex: '', birthDate: '', date: '20261127', patientId: 'P1', hospital: '' } as Study);
    expect(facts.map(({ value }) => value)).toEqual(['', '', '', 'P1', '']);
    expect(facts.every(({ missing }) => t(missing, {}) !== '')).toBe(true);
  });
});
