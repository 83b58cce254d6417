import { describe, expect, it } from 'vitest';
import { isVoid, stateWords } from '@/clinical/patients/said';
import { rangeOf, valueOf } from '@/clinical/patients/values';
import type { Entry, Measure } from '@/lib/api/record';
import type { TFunction } from '@/lib/i18n';

const t = ((key: string) => key) as TFunction;
const entry = (more: Partial<Entry>): Entry => ({ resourceType: 'Observation', id: 'o', ...more });
const mmhg = (value: number) => ({ valueQuantity: { value, unit: 'mmHg' } });

describe('what was measured', () => {
  it.each<[string, Measure]>([
    ['5.4 mmol/L', { valueQuantity: { value: 5.4, unit: 'mmol/L' } }],
    ['≤ 5 mg', { valueQuantity: { value: 5, comparator: '<=', code: 'mg' } }],
    ['1 : 128', { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }],
    ['3–5 /HPF', { valueRange: { low: { value: 3 }, high: { value: 5, unit: '/HPF' } } }],
    ['2026-11-21', { valueDateTime: '2026-11-21' }],
    ['07:05:00', { valueTime: '07:05:00' }],
    ['0', { valueInteger: 0 }],
    ['patients.value.no', { valueBoolean: false }],
    ['not asked', { dataAbsentReason: { text: 'not asked' } }],
    ['', {}],
  ])('is read as %s', (words, measure) => expect(valueOf(t, measure)).toBe(words));

  it('has a name for each of its parts', () => {
    const parts = [
      { code: { text: 'Systolic' }, ...mmhg(120) },
      { code: { text: 'Diastolic' }, ...mmhg(80) },
    ];
    expect(valueOf(t, { component: parts })).toBe('Systolic 120 mmHg · Diastolic 80 mmHg');
  });

  it('has a range that may be open on one side', () => {
    expect(rangeOf(entry({ referenceRange: [{ high: { value: 5 } }] }))).toBe('≤ 5');
    expect(rangeOf(entry({ referenceRange: [{ low: { value: 4, unit: 'g/L' } }] }))).toBe('≥ 4 g/L');
    expect(rangeOf(entry({ referenceRange: [{ low: { value: 4 }, high: { value: 5 } }] }))).toBe('4–5');
  });
});

describe('the state of an entry', () => {
  it('is told, whatever it is', () => {
    expect(stateWords(t, entry({ status: 'not-done' }))).toBe('patients.state.not-done');
    expect(stateWords(t, entry({ status: 'newer-than-r4' }))).toBe('newer-than-r4');
  });

  it('tells what does not count', () => {
    expect(['final', 'entered-in-error', 'not-done', 'cancelled'].map((status) => isVoid(entry({ status })))).toEqual([false, true, true, true]);
  });
});
