import { createInstance } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { reasonWords, shownSaid, toRepair } from '../src/archive/unsettled/said';
import zhCN from '../src/lib/i18n/zh-CN.json';

const words = createInstance();
const row = { id: 1, organisation_id: 1, length: 1, source: 'CT', received_at: '' };
const told = (reason_code: string, reason_numbers: Record<string, number> = {}) =>
  reasonWords(words.t, { ...row, reason: 'as the server says it', reason_code, reason_numbers });

beforeAll(() => words.init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: zhCN } }, initAsync: false }));

describe('why a file waits', () => {
  it('is told in our own words, with its numbers', () => {
    expect(told('pixels_cut_short', { expected: 512, came: 90 })).toBe('像素数据不完整：应有 512 字节，实收 90 字节');
  });

  it.each(['', 'not_known_yet'])('is told as the server says it where nobody has words (%s)', (code) => {
    expect(told(code)).toBe('as the server says it');
  });
});

describe('dates of files', () => {
  const says = { study_date: '20261123', patient_birth_date: '1971', patient_id: '20261123' };

  it('are shown with hyphens if they are dates, and nothing else is', () => {
    expect(['study_date', 'patient_birth_date', 'patient_id'].map((key) => shownSaid(says, key))).toEqual(['2026-11-23', '1971', '20261123']);
  });

  it('are sent without them', () => {
    expect(toRepair({ study_date: '2026-11-24', patient_id: 'A-1' })).toEqual({ study_date: '20261124', patient_id: 'A-1' });
  });
});
