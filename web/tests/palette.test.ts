import { describe, expect, it } from 'vitest';
import { found, rankOf } from '../src/app/palette/matching';

const SETTINGS = { labels: ['设置', 'Settings'], pinyin: 'she zhi' };
const DEVICES = { labels: ['设备', 'Devices'], pinyin: 'she bei' };
const UNSETTLED = { labels: ['待处理', 'Unsettled'], pinyin: 'dai chu li' };

describe('what is typed', () => {
  it.each(['sz', 'shez', 'shezhi', 'she zhi', 'SZ', 's', '设', '设置', 'sett', 'Settings'])('%s finds the settings', (typed) => {
    expect(rankOf(typed, SETTINGS)).not.toBeNull();
  });

  it.each(['zs', 'szx', 'shi', 'sb', '置设', 'x'])('%s does not', (typed) => {
    expect(rankOf(typed, SETTINGS)).toBeNull();
  });

  it('is in the middle of a word only where it says enough', () => {
    expect(rankOf('et', SETTINGS)).toBeNull();
    expect(rankOf('ett', SETTINGS)).toBe(2);
    expect(rankOf('置', SETTINGS)).toBe(2);
  });

  it('finds by a later syllable, after those that begin so', () => {
    expect(rankOf('cl', UNSETTLED)).toBe(3);
    expect(rankOf('dcl', UNSETTLED)).toBe(1);
  });

  it('puts the best first, and leaves the others in their order', () => {
    expect(found('she', [UNSETTLED, DEVICES, SETTINGS])).toEqual([DEVICES, SETTINGS]);
    expect(found('settled', [SETTINGS, UNSETTLED])).toEqual([UNSETTLED]);
    expect(found('sett', [UNSETTLED, SETTINGS])).toEqual([SETTINGS, UNSETTLED]);
    expect(found('', [UNSETTLED, DEVICES])).toEqual([UNSETTLED, DEVICES]);
  });
});
