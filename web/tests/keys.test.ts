import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { unsettledKeyParts } from '../src/archive/unsettled/keys';
import { identityKeyParts } from '../src/clinical/identity/keys';
import { interfaceKeyParts } from '../src/clinical/interfaces/keys';
import { patientsKeyParts } from '../src/clinical/patients/keys';
import { queueKeyParts } from '../src/clinical/queue/keys';
import { turned } from '../src/lib/geometry/vectors';
import type { TFunction } from '../src/lib/i18n';
import en from '../src/lib/i18n/en.json';
import zhCN from '../src/lib/i18n/zh-CN.json';
import { keyOf } from '../src/lib/keys';
import { hotkey, saidKeys, shownKey } from '../src/ui/hotkey';
import { hangingKeyParts } from '../src/settings/hanging/keys';
import type { KeyPart } from '../src/ui/KeysHelp';
import { KEYS, nextOf } from '../src/viewer/desk/keys';
import { LINK_KEYS, TOOL_KEYS } from '../src/viewer/desk/model';
import { studyKeyParts, type Where } from '../src/viewer/desk/sheet';

const WHERE: Where[] = ['stack', 'planes', 'body', 'enhance', 'document'];
/** What the browser or the system takes for itself. */
const TAKEN = /Control|Alt|Meta|F\d+|Tab/;
const asIs = ((key: string) => key) as unknown as TFunction;

const CATALOGUES = { 'zh-CN': { translation: zhCN }, en: { translation: en } };
const catalogues = createInstance();
void catalogues.init({ resources: CATALOGUES, lng: 'en', initAsync: false });

const linesOf = (parts: readonly KeyPart[]) => parts.flatMap(({ lines }) => lines);
const keysIn = (parts: readonly KeyPart[]) => linesOf(parts).flatMap(({ keys }) => keys);
const twice = (keys: readonly string[]) => keys.filter((key, at) => keys.indexOf(key) !== at && !key.startsWith('keys.'));

function studyIn(where: Where): KeyPart[] {
  return studyKeyParts(asIs).map(({ title, lines }) => ({ title, lines: lines.filter((line) => !line.where || line.where.includes(where)) }));
}

describe('keys', () => {
  it.each(WHERE)('do one thing each where one is at: %s', (where) => {
    expect(twice(keysIn(studyIn(where)))).toEqual([]);
  });

  it('do one thing each on the other pages', () => {
    for (const partsOf of [identityKeyParts, interfaceKeyParts]) {
      const [always, ...tabs] = partsOf(asIs);
      for (const tab of tabs) expect(twice(keysIn(always ? [always, tab] : [tab]))).toEqual([]);
    }
    for (const parts of [patientsKeyParts, unsettledKeyParts, queueKeyParts, hangingKeyParts]) expect(twice(keysIn(parts(asIs)))).toEqual([]);
  });

  it('are all on the sheet', () => {
    const listed = keysIn(studyKeyParts(asIs));
    const all = [...Object.values(KEYS), ...Object.values(TOOL_KEYS), ...Object.values(LINK_KEYS)];
    expect(all.filter((key) => !listed.includes(key))).toEqual([]);
  });

  it('are none that the browser takes', () => {
    expect(keysIn(studyKeyParts(asIs)).filter((key) => TAKEN.test(key))).toEqual([]);
  });

  it.each(Object.keys(CATALOGUES))('say what they do in %s, each in words of its own', (language) => {
    const t = catalogues.getFixedT(language);
    const parts = [studyKeyParts, identityKeyParts, patientsKeyParts, interfaceKeyParts, unsettledKeyParts, queueKeyParts, hangingKeyParts].flatMap((of) => of(t));
    const said = linesOf(parts).map(({ does }) => does);
    expect(said.filter((words) => !words.trim() || /^\w+(\.\w+)+$/.test(words))).toEqual([]);
    for (const { lines } of parts) expect(new Set(lines.map(({ does }) => does)).size).toBe(lines.length);
  });

  it('name the windows that the digits bring', () => {
    const named = studyKeyParts(asIs, [{ name: '脑窗', window: { center: 40, width: 80 } }]);
    expect(linesOf(named)).toContainEqual(expect.objectContaining({ keys: ['1'], does: '脑窗  80 / 40' }));
  });
});

describe('a pressed key', () => {
  it('is a small letter or, with Shift, a capital, whatever Caps Lock says', () => {
    expect(keyOf({ key: 'l', shiftKey: false })).toBe('l');
    expect(keyOf({ key: 'L', shiftKey: false })).toBe('l');
    expect(keyOf({ key: 'l', shiftKey: true })).toBe('L');
  });

  it('says Shift only where its sign does not', () => {
    expect(keyOf({ key: '?', shiftKey: true })).toBe('?');
    expect(keyOf({ key: 'ArrowUp', shiftKey: true })).toBe('Shift+ArrowUp');
    expect(keyOf({ key: 'ArrowUp', shiftKey: false })).toBe('ArrowUp');
  });

  it('is shown as it is printed and said as ARIA has it', () => {
    expect(['W', 'Shift+ArrowUp', ' ', 'Escape', 'l', '{'].map(shownKey)).toEqual(['Shift+W', 'Shift+↑', 'Space', 'Esc', 'l', '{']);
    expect(saidKeys('W', ' ', '+', 'l')).toEqual({ 'aria-keyshortcuts': 'Shift+W Space Plus l' });
    expect(hotkey('Zoom', 'Z')).toEqual({ title: 'Zoom (Shift+Z)', 'aria-keyshortcuts': 'Shift+Z' });
  });
});

describe('what is next', () => {
  it('goes around both ways, and begins at an end', () => {
    expect([nextOf(['a', 'b'], 'b'), nextOf(['a', 'b'], 'a', -1), nextOf(['a', 'b'], undefined), nextOf(['a', 'b'], undefined, -1)]).toEqual(['a', 'b', 'a', 'b']);
    expect(nextOf([], 'a')).toBeUndefined();
  });
});

describe('a direction that is turned', () => {
  it('goes counter-clockwise around what it is turned about', () => {
    const [x, y, z] = turned([1, 0, 0], [0, 0, 1], 90);
    expect([x, y, z].map((one) => Math.round(one * 1e6) / 1e6)).toEqual([0, 1, 0]);
  });
});
