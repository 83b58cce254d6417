import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filled,
  fits,
  type HangingProtocol,
  layOut,
  type Pane,
  picked,
  protocolsFor,
  type SeriesFacts,
  type Stage,
  type StudyFacts,
  usableStages,
} from '../src/lib/hanging';
import { nameIn } from '../src/lib/hanging/words';

const BUILT_IN = join(import.meta.dirname, '../../src/lightwell/archive/hanging/built_in.json');
const builtIn: HangingProtocol[] = Object.entries(
  JSON.parse(readFileSync(BUILT_IN, 'utf8')) as Record<string, Omit<HangingProtocol, 'id' | 'owner'>>,
).map(([id, protocol]) => ({ ...protocol, id, owner: 'built-in' }));

let made = 0;
function series(facts: Partial<SeriesFacts> = {}): SeriesFacts {
  made += 1;
  return { uid: `1.${made}`, number: made, modality: 'CT', ...facts };
}
const study = (list: SeriesFacts[], more: Partial<StudyFacts> = {}): StudyFacts => ({ uid: `2.${made}`, series: list, ...more });
const pane = (more: Partial<Pane> = {}): Pane => ({ row: 0, column: 0, picks: [{}], view: 'stack', ...more });
const stage = (...panes: Pane[]): Stage => ({ name: 's', rows: 1, columns: panes.length, panes, links: {} });

function chosen(current: StudyFacts, priors: StudyFacts[] = [], protocols = builtIn): HangingProtocol {
  const [first] = protocolsFor(protocols, current, priors);
  if (!first) throw new Error('no protocol');
  return first;
}
/** The numbers of what hangs in a stage of a protocol, or why nothing does. */
function hung(protocol: HangingProtocol, place: number, current: StudyFacts, priors: StudyFacts[] = []) {
  return layOut(protocol.stages[place] as Stage, current, priors).map((one) => one.series?.description ?? one.emptiness);
}

describe('a pick', () => {
  it.each([
    [{ modality: 'CT' }, { modality: 'ct' }, true],
    [{ modality: 'CT' }, { modality: 'MR' }, false],
    [{ body_part: 'chest' }, { bodyPart: 'CHEST' }, true],
    [{ body_part: 'CHEST' }, {}, false],
    [{ laterality: 'R' }, { laterality: 'R' }, true],
    [{ laterality: 'R' }, {}, false],
    [{ plane: 'axial' as const }, { plane: 'axial' as const }, true],
    [{ plane: 'axial' as const }, {}, false],
    [{ view_position: ['CC', 'XCCL'] }, { viewPosition: 'cc' }, true],
    [{ view_position: ['CC'] }, { viewPosition: 'MLO' }, false],
    [{}, {}, true],
    [{ description_contains: [] }, {}, true],
  ])('%j of a series that says %j: %s', (pick, facts, expected) => {
    expect(fits(pick, series(facts))).toBe(expected);
  });

  it.each([
    ['T1', 'AX T1W SE', true],
    ['T1', 'Ax_T1_MPRAGE', true],
    ['T1', 'MPRT1', false],
    ['T1', 'T12 spine', false],
    ['lung', 'LUNG 1.0 B70f', true],
    ['arter', 'Arterial phase', true],
    ['LAT', 'Chest LAT', true],
    ['LAT', 'Lateral', false],
    ['肺', '胸部肺窗1.0mm', true],
    ['肺', '纵隔窗', false],
    ['t2', '', false],
    ['dwi', 'ep2d DWI_b1000', true],
  ])('finds the word %s in "%s": %s', (word, description, expected) => {
    expect(fits({ description_contains: [word] }, series({ description }))).toBe(expected);
  });

  it('takes series by their number, unless it prefers something', () => {
    const thick = series({ number: 2, imageCount: 60, sliceThicknessMm: 5, acquiredAt: '20260101' });
    const thin = series({ number: 3, imageCount: 300, sliceThicknessMm: 1, acquiredAt: '20260101120000' });
    const untold = series({ number: null });
    const all = [untold, thin, thick];
    expect(picked({}, all)).toEqual([thick, thin, untold]);
    expect(picked({ prefer: 'thinnest' }, all)).toEqual([thin, thick, untold]);
    expect(picked({ prefer: 'most_images' }, all)).toEqual([thin, thick, untold]);
    expect(picked({ prefer: 'newest' }, all)).toEqual([thin, thick, untold]);
  });
});

describe('laying out', () => {
  it('hangs no series twice, and says why a pane is empty', () => {
    const only = study([series({ description: 'a' })]);
    const panes = layOut(stage(pane(), pane(), pane({ picks: [{ modality: 'MR' }] }), pane({ prior: 1 })), only);
    expect(panes.map((one) => one.emptiness)).toEqual([null, 'hangs_already', 'nothing_fits', 'no_prior']);
    expect(panes[3]?.study).toBeNull();
    expect(filled(panes)).toBe(0.25);
  });

  it('hangs a series again where that is asked for', () => {
    const only = study([series()]);
    const panes = layOut(stage(pane({ again: true }), pane(), pane({ again: true })), only);
    expect(panes.map((one) => one.series)).toEqual([only.series[0], only.series[0], only.series[0]]);
  });

  it('tries the picks of a pane in their order', () => {
    const [plain, lung] = [series({ description: 'plain' }), series({ description: 'lung' })];
    const picks = [{ description_contains: ['lung'] }, {}];
    expect(layOut(stage(pane({ picks })), study([plain, lung]))[0]?.series).toBe(lung);
    expect(layOut(stage(pane({ picks })), study([plain]))[0]?.series).toBe(plain);
  });

  it('lets an earlier pane make way with its next best', () => {
    const flair = series({ modality: 'MR', description: 'T2 FLAIR' });
    const t2 = series({ modality: 'MR', description: 'T2 TSE' });
    const wants = (word: string) => pane({ picks: [{ description_contains: [word] }] });
    const panes = layOut(stage(wants('t2'), wants('flair')), study([flair, t2]));
    expect(panes.map((one) => one.series)).toEqual([t2, flair]);
  });

  it('takes the newest prior first, whatever their order', () => {
    const old = study([series()], { date: '20200101' });
    const newer = study([series()], { date: '20250101' });
    const undated = study([series()]);
    const panes = layOut(stage(pane({ prior: 1 }), pane({ prior: 2 }), pane({ prior: 3 }), pane({ prior: 4 })), study([series()]), [undated, old, newer]);
    expect(panes.map((one) => one.study)).toEqual([newer, old, undated, null]);
  });

  it('lays out a study without series as empty panes', () => {
    expect(layOut(stage(pane()), study([])).map((one) => one.emptiness)).toEqual(['nothing_fits']);
    expect(filled([])).toBe(0);
  });

  it('changes nothing that it was given', () => {
    const list = Object.freeze([series({ number: 9 }), series({ number: 1 })]) as SeriesFacts[];
    const priors = Object.freeze([study([], { date: '1' }), study([], { date: '2' })]) as StudyFacts[];
    expect(() => layOut(stage(pane({ picks: [{ prefer: 'thinnest' }] })), study(list), priors)).not.toThrow();
  });
});

describe('choosing', () => {
  const of = (id: string, owner: HangingProtocol['owner'], matches: Partial<HangingProtocol['matches']> = {}): HangingProtocol => ({
    id,
    name: id,
    owner,
    matches: { modalities: [], body_parts: [], ...matches },
    stages: [stage(pane())],
  });
  const ids = (protocols: HangingProtocol[], current: StudyFacts, priors: StudyFacts[] = []) =>
    protocolsFor(protocols, current, priors).map((one) => one.id);

  it('takes one’s own before the hospital’s, and that before those built in', () => {
    const all = [of('c', 'built-in', { modalities: ['CT'], body_parts: ['CHEST'] }), of('b', 'hospital'), of('a', 'mine')];
    expect(ids(all, study([series({ bodyPart: 'CHEST' })]))).toEqual(['a', 'b', 'c']);
  });

  it('takes the more exact one first; of two alike the first', () => {
    const all = [
      of('any', 'mine'),
      of('first', 'mine', { modalities: ['CT'] }),
      of('second', 'mine', { modalities: ['CT', 'PT'] }),
      of('part', 'mine', { body_parts: ['CHEST'] }),
      of('both', 'mine', { modalities: ['CT'], body_parts: ['CHEST'] }),
    ];
    expect(ids(all, study([series({ bodyPart: 'CHEST' })]))).toEqual(['both', 'part', 'first', 'second', 'any']);
  });

  it.each([
    [{ modalities: ['MR'] }, false],
    [{ modalities: ['ct'] }, true],
    [{ body_parts: ['HEAD'] }, false],
    [{ body_parts: ['chest'] }, true],
    [{ body_parts: ['胸'] }, true],
    [{ body_parts: ['lung'] }, true],
    [{ laterality: ['R'] }, false],
    [{ laterality: ['L'] }, true],
    [{ min_series: 2 }, true],
    [{ min_series: 3 }, false],
    [{ min_priors: 1 }, true],
    [{ min_priors: 2 }, false],
  ])('a protocol for %j: %s', (matches, expected) => {
    const current = study([series({ bodyPart: 'CHEST', laterality: 'L' }), series({ description: 'Lung 1.0' })], { description: '胸部平扫' });
    expect(ids([of('x', 'mine', matches)], current, [study([])])).toEqual(expected ? ['x'] : []);
  });
});

describe('the protocols that come with the house', () => {
  it('hold their panes in the grid and have a name in both languages', () => {
    for (const protocol of builtIn) {
      for (const { name, rows, columns, panes } of protocol.stages) {
        expect(nameIn(name, 'zh-CN') && nameIn(name, 'en')).toBeTruthy();
        for (const one of panes) {
          expect(one.row + (one.rowSpan ?? 1)).toBeLessThanOrEqual(rows);
          expect(one.column + (one.columnSpan ?? 1)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });
});

describe('for CT they', () => {
  it('lay out a chest CT: lung and mediastinum, then planes of the thin series', () => {
    const scout = series({ description: 'scout', plane: 'coronal', imageCount: 2 });
    const soft = series({ description: '纵隔窗 5.0', plane: 'axial', imageCount: 60, sliceThicknessMm: 5 });
    const lung = series({ description: '肺窗 1.0', plane: 'axial', imageCount: 300, sliceThicknessMm: 1 });
    const current = study([scout, soft, lung], { description: '胸部 CT 平扫' });
    const protocol = chosen(current);
    expect(protocol.id).toBe('ct-chest');
    expect(hung(protocol, 0, current)).toEqual(['肺窗 1.0', '纵隔窗 5.0']);
    expect(hung(protocol, 1, current)).toEqual(['肺窗 1.0', '肺窗 1.0', '肺窗 1.0']);
    expect(protocol.stages[1]?.panes.map((one) => one.view)).toEqual(['axial', 'coronal', 'sagittal']);
    expect(usableStages(protocol, current)).toHaveLength(3);
    expect(usableStages(protocol, current, [study([series({ plane: 'axial' })])])).toHaveLength(4);
  });

  it('lay out a chest CT of one series in both windows', () => {
    const current = study([series({ description: 'Thorax', bodyPart: 'CHEST', plane: 'axial' })]);
    expect(hung(chosen(current), 0, current)).toEqual(['Thorax', 'Thorax']);
    expect(chosen(current).stages[0]?.panes.map((one) => one.window)).toEqual(['lung', 'mediastinum']);
  });

  it('lay out the phases of an abdominal CT, and leave one that was not made empty', () => {
    const of = (description: string) => series({ description, bodyPart: 'ABDOMEN', plane: 'axial' });
    const current = study([of('平扫'), of('动脉期'), of('门脉期')]);
    const protocol = chosen(current);
    expect(protocol.id).toBe('ct-abdomen');
    expect(hung(protocol, 1, current)).toEqual(['平扫', '动脉期', '门脉期', 'nothing_fits']);
  });

  it('lay out a head CT in brain and bone windows', () => {
    const brain = series({ description: 'Head 5.0 soft', bodyPart: 'HEAD', plane: 'axial' });
    const bone = series({ description: 'Head 1.0 bone', bodyPart: 'HEAD', plane: 'axial' });
    const current = study([bone, brain]);
    expect(chosen(current).id).toBe('ct-head');
    expect(hung(chosen(current), 0, current)).toEqual(['Head 5.0 soft', 'Head 1.0 bone']);
  });
});

describe('for MR they', () => {
  it('lay out an MR of the head by its contrasts, FLAIR apart from T2', () => {
    const of = (description: string, plane: SeriesFacts['plane'] = 'axial') =>
      series({ modality: 'MR', description, bodyPart: 'BRAIN', plane: plane as NonNullable<typeof plane>, imageCount: 20 });
    const current = study([of('T2 FLAIR'), of('T2W TSE'), of('T1W SE'), of('DWI b1000'), of('ADC'), of('T1 sag', 'sagittal'), of('T2 cor', 'coronal')]);
    const protocol = chosen(current);
    expect(protocol.id).toBe('mr-head');
    expect(hung(protocol, 0, current)).toEqual(['T1W SE', 'T2W TSE', 'T2 FLAIR', 'DWI b1000']);
    expect(hung(protocol, 1, current)).toEqual(['DWI b1000', 'ADC']);
    expect(hung(protocol, 2, current)).toEqual(['T2 FLAIR', 'T2 cor', 'T1 sag']);
  });

  it('lay out another MR by its planes, and say which is missing', () => {
    const of = (plane: 'axial' | 'sagittal') => series({ modality: 'MR', description: plane, bodyPart: 'KNEE', plane });
    const current = study([of('sagittal'), of('axial')]);
    expect(chosen(current).id).toBe('mr-planes');
    expect(hung(chosen(current), 0, current)).toEqual(['axial', 'nothing_fits', 'sagittal']);
  });
});

describe('for projections and others they', () => {
  it('lay out four views of a mammography, right at the left', () => {
    const of = (laterality: string, viewPosition: string) =>
      series({ modality: 'MG', laterality, viewPosition, description: `${laterality} ${viewPosition}` });
    const current = study([of('L', 'MLO'), of('R', 'CC'), of('L', 'CC'), of('R', 'MLO')]);
    const protocol = chosen(current);
    expect(protocol.id).toBe('mg-four-views');
    expect(hung(protocol, 0, current)).toEqual(['R CC', 'L CC', 'R MLO', 'L MLO']);
    const prior = study([of('R', 'CC')], { date: '20240101' });
    expect(hung(protocol, 3, current, [prior])).toEqual(['R CC', 'L CC', 'R CC', 'nothing_fits']);
    expect(layOut(protocol.stages[3] as Stage, current, [prior])[2]?.study).toBe(prior);
  });

  it('leave the place of a breast that was not examined empty', () => {
    const of = (viewPosition: string) => series({ modality: 'MG', laterality: 'L', viewPosition, description: viewPosition });
    const current = study([of('CC'), of('MLO')]);
    expect(hung(chosen(current), 0, current)).toEqual(['nothing_fits', 'CC', 'nothing_fits', 'MLO']);
  });

  it.each(['CR', 'DX'])('lay out a frontal and a lateral view (%s)', (modality) => {
    const of = (viewPosition: string) => series({ modality, viewPosition, description: viewPosition });
    const current = study([of('LL'), of('PA')]);
    expect(chosen(current).id).toBe('projection-two-views');
    expect(hung(chosen(current), 0, current)).toEqual(['PA', 'LL']);
    const one = study([of('AP')]);
    expect(chosen(one).id).toBe('projection');
    expect(hung(chosen(one), 0, one)).toEqual(['AP']);
  });

  it('compare with a prior where nothing more exact is there', () => {
    const current = study([series({ modality: 'PT', description: 'now' })], { date: '20260101' });
    const prior = study([series({ modality: 'PT', description: 'then' })], { date: '20250101' });
    expect(chosen(current, [prior]).id).toBe('comparison');
    expect(hung(chosen(current, [prior]), 0, current, [prior])).toEqual(['now', 'then']);
    expect(chosen(current).id).toBe('any');
  });

  it('spread ultrasound over a grid', () => {
    const current = study(Array.from({ length: 4 }, (_, place) => series({ modality: 'US', description: `us ${place}` })));
    expect(chosen(current).id).toBe('us-grid');
    expect(filled(layOut(chosen(current).stages[0] as Stage, current))).toBeCloseTo(4 / 6);
  });
});
