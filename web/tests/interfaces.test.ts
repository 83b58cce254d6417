import { describe, expect, test } from 'vitest';
import { changesOf } from '@/clinical/interfaces/changes';
import { nameOf, segmentsOf } from '@/clinical/interfaces/fields';
import { stateOf } from '@/clinical/interfaces/lines';
import { reasonWords } from '@/clinical/interfaces/reasons';
import type { Flow } from '@/lib/api/interfaces';

const MESSAGE = 'MSH|^~\\&|HIS|A\nPID|||7^^^MR||张^三\nOBX|1|NM|K||5.4';
const marked = (text: string) =>
  changesOf(MESSAGE, text)
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, parts }) => [kind, parts.filter((part) => part.isChanged).map((part) => part.text)]);

describe('what was changed in a message', () => {
  test('nothing', () => expect(marked(MESSAGE)).toEqual([]));
  test('a field is marked alone', () =>
    expect(marked(MESSAGE.replace('7^^^MR', '8^^^MR'))).toEqual([
      ['gone', ['|7^^^MR']],
      ['come', ['|8^^^MR']],
    ]));
  test('a field that comes at the end', () =>
    expect(marked(`${MESSAGE}|mmol/L`)).toEqual([
      ['gone', []],
      ['come', ['|mmol/L']],
    ]));
  test('a segment that is taken away, and one that comes', () => {
    expect(marked(MESSAGE.replace('PID|||7^^^MR||张^三\n', ''))).toEqual([['gone', ['PID', '|', '|', '|7^^^MR', '|', '|张^三']]]);
    expect(marked(`${MESSAGE}\nNTE|1`)).toEqual([['come', ['NTE', '|1']]]);
  });
  test('a field among five thousand segments is found while a key is pressed', () => {
    const long = `${MESSAGE}\n${Array.from({ length: 5000 }, (_, n) => `OBX|${n}|NM|K||1`).join('\n')}`;
    const began = performance.now();
    const changes = changesOf(long, long.replace('OBX|2500|', 'OBX|2500X|')).filter(({ kind }) => kind !== 'same');
    expect(performance.now() - began).toBeLessThan(100);
    expect(changes.map(({ line }) => line)).toEqual(['OBX|2500|NM|K||1', 'OBX|2500X|NM|K||1']);
  });
  test('one of two lines that are the same is taken away', () => {
    const changes = changesOf(`${MESSAGE}\nNTE|1\nNTE|1`, `${MESSAGE}\nNTE|1`);
    expect(changes.map(({ kind }) => kind)).toEqual(['same', 'same', 'same', 'same', 'gone']);
  });
  test('what is shown is the whole of both texts', () => {
    const after = `EVN|A01\n${MESSAGE.replace('5.4', '5.6')}\nZZZ`;
    const changes = changesOf(MESSAGE, after);
    const told = (without: string) => changes.filter(({ kind }) => kind !== without).map(({ line }) => line).join('\n');
    expect([told('come'), told('gone')]).toEqual([MESSAGE, after]);
  });
});

describe('a message laid out', () => {
  test('fields are numbered as the standard does, MSH-1 being the separator', () => {
    const [msh, pid] = segmentsOf(MESSAGE);
    expect(msh?.fields.map(({ place }) => place)).toEqual(['MSH-2', 'MSH-3', 'MSH-4']);
    expect(pid?.fields[2]).toEqual({ place: 'PID-3', text: '7^^^MR' });
  });
  test('a line that is no segment stays a line', () => expect(segmentsOf(`${MESSAGE}\n续行`).at(-1)?.fields).toEqual([{ place: '', text: '续行' }]));
  test('names are those of the language', () => {
    expect([nameOf('PID-3', 'zh-CN'), nameOf('PID-3', 'en'), nameOf('PID', 'en')]).toEqual(['患者标识', 'Patient identifiers', 'Patient']);
    expect(nameOf('ZPI-1', 'en')).toBeUndefined();
  });
});

describe('how a line is', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  const flow: Flow = {
    minute: 0,
    hour: 0,
    day: 0,
    series: [],
    last_at: '2026-11-26T11:59:00Z',
    last_kind: '',
    waiting: 0,
    waiting_since: null,
    failed: 0,
    trouble: '',
  };
  test.each([
    ['live', {}],
    ['live', { waiting: 3 }],
    ['silent', { last_at: '2026-11-26T10:59:59Z' }],
    ['new', { last_at: null }],
    ['failing', { failed: 1, last_at: null }],
    ['stuck', { failed: 1, waiting: 1, trouble: 'refused' }],
  ] as const)('%s', (state, change) => expect(stateOf({ flow: { ...flow, ...change } }, now)).toBe(state));
});

describe('why a message failed', () => {
  const said = (key: string, values: { what: string }) => `${key.split('.').at(-1)} ${values.what}`.trim();
  test.each([
    ["expected YYYY[MM[DD]], '9' came", 'date'],
    ['ADT^A60 is not made part of the record here; it is kept as it came', 'kind ADT^A60'],
    ['the numbers of this patient (PID-3) belong to 2 patients here; merge them or correct one', 'numbers 2'],
    ['AE 204 unknown key identifier (PID-3)', 'refused AE 204 unknown key identifier (PID-3)'],
    ['a connection was waited for, the line failed: Connection refused', 'unreachable'],
    ['a connection was waited for, TLS failed: CERTIFICATE_VERIFY_FAILED', 'tls'],
    ['an answer was waited for, none came within 30 s; what came answered no message of ours', 'unmatched'],
    ['a newer version was sent already; this one would undo it', 'superseded'],
    ['expected at most 2000 findings in a report, 2100 came', 'tooMany 2000'],
    ['something that nobody foresaw', 'something that nobody foresaw'],
  ])('%s', (reason, words) => expect(reasonWords(said as never, reason)).toBe(words));
});
