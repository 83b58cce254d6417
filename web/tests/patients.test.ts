import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bannerOf } from '@/clinical/patients/said';
import type { TFunction } from '@/lib/i18n';

const say = ((key: string, values?: { count?: number }) => `${values?.count ?? ''} ${key}`.trim()) as unknown as TFunction;
const ageOf = (birthDate: string) => bannerOf(say, { id: '1', birthDate }, '').age;

describe('how old a patient is, where it is the morning of a day that has not begun in Greenwich', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    vi.useFakeTimers({ now: new Date('2026-11-26T17:00:00Z') });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  test('who was born this morning is of today', () => expect(ageOf('2026-11-27')).toBe('0 viewer.age.days'));
  test('who has their birthday is a year older', () => expect(ageOf('1980-11-27')).toBe('46 viewer.age.years'));
});
