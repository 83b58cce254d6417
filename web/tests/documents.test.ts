import { describe, expect, it } from 'vitest';
import type { DocumentItem, Waveform } from '@/lib/api/documents';
import { contentOf, documentsOf, isEcg, kindOf } from '@/lib/dicomweb/documents';
import type { DataSet } from '@/lib/dicomweb/json';
import { durationOf, laidOut, layoutsFor, leadName, lineOf, scaleOf } from '@/viewer/documents/paper';
import { blocksOf, numbersOf, withUnit } from '@/viewer/documents/report';
import { frameStep } from '@/viewer/documents/stepping';
import { fileNameOf } from '@/viewer/documents/words';

const EXPLICIT = '1.2.840.10008.1.2.1';
const STORAGE = '1.2.840.10008.5.1.4.1.1.';

function instance(uid: string, sopClass: string, number: number, more: DataSet = {}): DataSet {
  return {
    '00080016': { vr: 'UI', Value: [sopClass] },
    '00080018': { vr: 'UI', Value: [uid] },
    '00083002': { vr: 'UI', Value: [EXPLICIT] },
    '00200013': { vr: 'IS', Value: [number] },
    ...more,
  };
}

describe('documents of a series', () => {
  it('are told by what they are, whatever the modality says', () => {
    expect(kindOf(`${STORAGE}88.33`, EXPLICIT)).toBe('report');
    expect(kindOf(`${STORAGE}9.1.1`, EXPLICIT)).toBe('waveform');
    expect(kindOf(`${STORAGE}9.100.1`, EXPLICIT)).toBeNull();
    expect(kindOf(`${STORAGE}104.1`, EXPLICIT)).toBe('pdf');
    expect(kindOf(`${STORAGE}104.3`, EXPLICIT)).toBe('file');
    expect(kindOf(`${STORAGE}77.1.1.1`, '1.2.840.10008.1.2.4.102')).toBe('film');
    expect(kindOf(`${STORAGE}77.1.1.1`, '1.2.840.10008.1.2.4.50')).toBeNull();
    expect(kindOf(`${STORAGE}2`, EXPLICIT)).toBeNull();
  });

  it('begin with the newest report, and with the first of all else', () => {
    const day = (date: string): DataSet => ({ '00080023': { vr: 'DA', Value: [date] } });
    const reports = [instance('old', `${STORAGE}88.33`, 9, day('20260101')), instance('new', `${STORAGE}88.33`, 1, day('20260102'))];
    expect(documentsOf(reports).map((one) => one.sopInstanceUid)).toEqual(['new', 'old']);
    const papers = [instance('b', `${STORAGE}104.1`, 2), instance('image', `${STORAGE}2`, 3), instance('a', `${STORAGE}104.1`, 1)];
    expect(documentsOf(papers).map((one) => one.sopInstanceUid)).toEqual(['a', 'b']);
  });

  it('are counted as what they are, and as images where images are among them', () => {
    const paper = documentsOf([instance('a', `${STORAGE}104.1`, 1)]);
    const films = documentsOf([instance('b', `${STORAGE}77.1.1.1`, 1, { '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.4.102'] } })]);
    expect(contentOf(paper, 1)).toBe('documents');
    expect(contentOf([...paper, ...films], 2)).toBe('documents');
    expect(contentOf(films, 1)).toBe('films');
    expect(contentOf(films, 2)).toBe('images');
    expect(contentOf([], 1)).toBe('images');
  });

  it('say what they are called, whether somebody answers for them, and how long a frame lasts', () => {
    const title = { '0040A043': { vr: 'SQ', Value: [{ '00080104': { vr: 'LO', Value: ['检查报告'] } }] }, '0040A493': { vr: 'CS', Value: ['UNVERIFIED'] } };
    expect(documentsOf([instance('a', `${STORAGE}88.11`, 1, title)])[0]).toMatchObject({ title: '检查报告', isVerified: false, frameMs: null });
    const film = { '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.4.102'] }, '00180040': { vr: 'IS', Value: [50] } };
    expect(documentsOf([instance('a', `${STORAGE}77.1.1.1`, 1, film)])[0]).toMatchObject({ title: '', isVerified: null, frameMs: 20 });
  });

  it('are saved under a name that says nothing of the patient', () => {
    const [model] = documentsOf([instance('a', `${STORAGE}104.3`, 7, { '00420010': { vr: 'ST', Value: ['李东华'] } })]);
    expect(model && fileNameOf(model)).toBe('file-7.stl');
  });
});

describe('a report', () => {
  const item = (kind: string, value = '', children: DocumentItem[] = []): DocumentItem => ({ name: kind, kind, value, unit: '', children });

  it('is parts, and values that follow each other', () => {
    const tree = [item('TEXT', 'a'), item('NUM', '1'), item('CONTAINER'), item('TEXT', 'b')];
    expect(blocksOf(tree).map((block) => ('section' in block ? 'section' : block.lines.length))).toEqual([2, 'section', 1]);
  });

  it('numbers what it points at in the order of the reading, the same thing once', () => {
    const tree = [item('CONTAINER', '', [item('IMAGE', 'x'), item('NUM', '1', [item('IMAGE', 'y')])]), item('IMAGE', 'x'), item('COMPOSITE', 'z')];
    expect([...numbersOf(tree)]).toEqual([['x', 1], ['y', 2], ['z', 3]]);
  });

  it('writes units as people do', () => {
    expect(withUnit('8.5', 'mm2')).toBe('8.5 mm²');
    expect(withUnit('45', 'deg')).toBe('45°');
    expect(withUnit('3', '{events}')).toBe('3 events');
    expect(withUnit('0.7', '1')).toBe('0.7');
  });
});

function signal(leads: number, samples: (number | null)[], unit = 'uV'): Waveform {
  const channels = Array.from({ length: leads }, (_, lead) => ({ label: `Lead ${lead + 1} (x)`, unit, sensitivity: 1, samples }));
  return { label: '', channels, sampling_hz: 100, annotations: [] };
}

describe('signals on paper', () => {
  const ten = signal(12, Array.from({ length: 1000 }, (_, at) => (at === 333 ? 2000 : 0)));

  it('lie below each other, or in columns where time goes on', () => {
    expect(durationOf(ten)).toBe(10);
    expect(laidOut(ten, 'rows')).toMatchObject({ rows: 12, durationS: 10 });
    const columns = laidOut(ten, 'threeByFour');
    expect(columns.rows).toBe(4);
    expect(columns.strips.map(({ row, fromS, toS }) => [row, fromS, toS]).slice(2, 5)).toEqual([[2, 0, 2.5], [0, 2.5, 5], [1, 2.5, 5]]);
    expect(columns.strips.at(-1)).toMatchObject({ row: 3, fromS: 0, toS: 10 });
    expect(laidOut(ten, 'sixByTwo').strips[6]).toMatchObject({ row: 0, fromS: 5, toS: 10 });
  });

  it('are printed in columns only where there are twelve leads', () => {
    expect(layoutsFor(ten, true)).toHaveLength(3);
    expect(layoutsFor(ten, false)).toEqual(['rows']);
    expect(layoutsFor(signal(3, [0]), true)).toEqual(['rows']);
  });

  it('are 10 mm for each mV, and 25 mm for each second', () => {
    const [strip] = laidOut(ten, 'rows').strips;
    const scale = strip && scaleOf(strip.channel, true, 10);
    const points = strip && scale ? lineOf(strip, 100, scale, 25, 0.01) : [];
    expect(points[333]).toEqual([333 / 100 * 25, 20]);
    expect(scale).toMatchObject({ middle: 0, range: null });
  });

  it('lose no peak where many samples fall on one dot', () => {
    const [strip] = laidOut(ten, 'rows').strips;
    const points = strip ? lineOf(strip, 100, scaleOf(strip.channel, true, 10), 25, 20) : [];
    expect(points.length).toBeLessThan(100);
    expect(Math.max(...points.map((point) => point?.[1] ?? 0))).toBe(20);
  });

  it('break where there was no signal', () => {
    const [strip] = laidOut(signal(1, [0, 1, null, 1, 0]), 'rows').strips;
    const points = strip ? lineOf(strip, 100, scaleOf(strip.channel, true, 10), 25, 0.01) : [];
    expect(points.map((point) => point === null)).toEqual([false, false, true, false, false]);
  });

  it('fill their row and say their range where mm are no mV', () => {
    const [channel] = signal(1, [80, null, 120], 'mm[Hg]').channels;
    expect(channel && scaleOf(channel, true, 10)).toEqual({ mmPerUnit: 0.5, middle: 100, range: [80, 120] });
    const [flat] = signal(1, [null, null]).channels;
    expect(flat && scaleOf(flat, false, 10)).toEqual({ mmPerUnit: 0, middle: 0, range: [0, 0] });
    expect(isEcg(`${STORAGE}9.1.1`)).toBe(true);
    expect(isEcg(`${STORAGE}9.2.1`)).toBe(false);
  });

  it('are named as on paper', () => {
    expect(leadName('Lead aVR (augmented voltage, right)')).toBe('aVR');
    expect(leadName('V1')).toBe('V1');
  });
});

describe('a film', () => {
  it('is stepped to the middle of the next frame, and not before its beginning', () => {
    expect(frameStep(0, 1, 40)).toBeCloseTo(0.06);
    expect(frameStep(0.06, 1, 40)).toBeCloseTo(0.1);
    expect(frameStep(0.06, -1, 40)).toBeCloseTo(0.02);
    expect(frameStep(0.02, -1, 40)).toBe(0);
    expect(frameStep(1, 1, null)).toBeCloseTo(1.06);
  });
});
