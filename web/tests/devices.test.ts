import { beforeAll, describe, expect, it } from 'vitest';
import { doneWords, endOf, isGood, outcomeWords, rejectionWords } from '@/archive/devices/said';
import { type Association, OUTCOMES } from '@/lib/api/associations';
import { shownAgo } from '@/lib/moments';
import { createInstance, type TFunction } from 'i18next';
import en from '../src/lib/i18n/en.json';
import zhCN from '../src/lib/i18n/zh-CN.json';

const ONE: Association = {
  id: 1,
  organisation_id: 1,
  peer_id: 7,
  is_ours: false,
  calling_ae: 'CT_A',
  called_ae: 'LIGHTWELL',
  address: '10.0.0.9',
  is_tls: false,
  began_at: '2026-11-23T06:00:00Z',
  ended_at: '2026-11-23T06:05:00Z',
  outcome: 'released',
  rejection: null,
  done: { 'C-STORE': [120, 0, 0] },
  times: 1,
};

const words: Record<string, TFunction> = {};

beforeAll(async () => {
  for (const [language, translation] of Object.entries({ en, 'zh-CN': zhCN })) {
    words[language] = await createInstance().init({ lng: language, resources: { [language]: { translation } } });
  }
});

describe('an association in words', () => {
  it('is good only if nothing in it failed', () => {
    expect(isGood(ONE)).toBe(true);
    const partly = { ...ONE, done: { 'C-STORE': [118, 0, 2] } } as Association;
    expect(isGood(partly)).toBe(false);
    expect(endOf(partly)).toBe('partly');
    expect(outcomeWords(words.en!, partly)).toBe('Completed with failures');
    expect(doneWords(words.en!, partly)).toBe('C-STORE 120, 2 failed');
    expect(doneWords(words['zh-CN']!, partly)).toBe('C-STORE 120，2 项失败');
  });

  it('tells who rejected whom, and why', () => {
    const rejected: Association = { ...ONE, outcome: 'rejected', rejection: '1/1/7', done: {} };
    expect(rejectionWords(words.en!, rejected)).toBe('Nobody here is called LIGHTWELL');
    expect(rejectionWords(words.en!, { ...rejected, is_ours: true, called_ae: 'WS1' })).toBe('It is not called WS1');
    expect(rejectionWords(words.en!, { ...rejected, rejection: '1/9/9' })).toBe('1/9/9');
  });

  it.each(OUTCOMES)('has words for %s in both languages', (outcome) => {
    for (const t of Object.values(words)) expect(outcomeWords(t, { ...ONE, outcome })).not.toContain('associations');
  });
});

describe('how long ago', () => {
  const now = Date.parse('2026-11-23T14:05:00Z');
  it.each([
    ['2026-11-23T14:04:40Z', 'now'],
    ['2026-11-23T14:05:30Z', 'now'],
    ['2026-11-23T14:00:00Z', '5 minutes ago'],
    ['2026-11-23T11:05:00Z', '3 hours ago'],
    ['2026-11-22T11:05:00Z', 'yesterday'],
  ])('%s is %s', (at, expected) => {
    expect(shownAgo(at, now, 'en')).toBe(expected);
  });
  it('speaks Chinese too', () => expect(shownAgo('2026-11-23T14:00:00Z', now, 'zh-CN')).toBe('5分钟前'));
});
