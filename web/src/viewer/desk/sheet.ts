import type { Links } from '@/lib/hanging/types';
import type { TFunction } from '@/lib/i18n';
import type { KeyLine, KeyPart } from '@/ui/KeysHelp';
import { DOCUMENT_KEYS, KEYS, TILTS } from './keys';
import { DRAGS, LINK_KEYS, LINKS, MEASURES, type Mode, type Tool, TOOL_KEYS } from './model';
import type { NamedWindow } from './useWindows';

/** Where keys of the workstation work: on images, by how they are looked at, or on documents. */
export type Where = Mode | 'document';

export interface StudyPart extends KeyPart {
  lines: readonly (KeyLine & { where?: readonly Where[] })[];
}

const IMAGES: readonly Where[] = ['stack', 'planes', 'body', 'enhance'];
const FULL: readonly Where[] = ['stack', 'planes', 'body'];
const SLABS: readonly Where[] = ['planes'];

/** Every key of the workstation, part by part; a line says where it works, unless that is everywhere. */
export function studyKeyParts(t: TFunction, windows: readonly NamedWindow[] = []): StudyPart[] {
  return [
    { title: t('keys.parts.images'), lines: imageLines(t) },
    { title: t('keys.parts.look'), lines: lookLines(t) },
    { title: t('keys.parts.windows'), lines: windowLines(t, windows) },
    { title: t('keys.parts.hand'), lines: toolLines(t, [...DRAGS, 'crosshairs', 'rotate']) },
    { title: t('keys.parts.measure'), lines: toolLines(t, MEASURES) },
    { title: t('keys.parts.findings'), lines: findingLines(t) },
    { title: t('keys.parts.hanging'), lines: hangingLines(t) },
    { title: t('keys.parts.space'), lines: spaceLines(t) },
    { title: t('keys.parts.over'), lines: overLines(t) },
    { title: t('keys.parts.enhance'), lines: enhanceLines(t) },
    { title: t('keys.parts.document'), lines: documentLines(t) },
    { title: t('keys.parts.page'), lines: pageLines(t) },
  ];
}

type Lines = StudyPart['lines'];

const imageLines = (t: TFunction): Lines => [
  { keys: ['ArrowDown', 'ArrowRight', 'j'], does: t('keys.nextImage'), where: ['stack', 'planes', 'enhance'] },
  { keys: ['ArrowUp', 'ArrowLeft', 'k'], does: t('keys.previousImage'), where: ['stack', 'planes', 'enhance'] },
  { keys: ['Home'], does: t('keys.firstImage'), where: IMAGES },
  { keys: ['End'], does: t('keys.lastImage'), where: IMAGES },
  { keys: [KEYS.nextSeries, 'PageDown'], does: t('keys.nextSeries') },
  { keys: [KEYS.previousSeries, 'PageUp'], does: t('keys.previousSeries') },
  { keys: [KEYS.mark], does: t('keyImages.mark') },
  { keys: [KEYS.nextKey], does: t('keyImages.next') },
  { keys: [KEYS.cine], does: t('tools.cine'), where: ['stack'] },
  { keys: [KEYS.slower, KEYS.faster], does: t('keys.slowerFaster'), where: ['stack'] },
];

const lookLines = (t: TFunction): Lines => [
  { keys: [KEYS.invert], does: t('keys.invert'), where: IMAGES },
  { keys: ['+', '-', t('keys.rightDrag')], does: t('keys.zoom'), where: IMAGES },
  { keys: ['Shift+↑↓←→', t('keys.middleDrag')], does: t('keys.move'), where: IMAGES },
  { keys: [KEYS.turn], does: t('keys.turn'), where: ['stack', 'enhance'] },
  { keys: [KEYS.flip], does: t('keys.flip'), where: ['stack', 'enhance'] },
  { keys: [KEYS.reset, t('keys.doubleClick')], does: t('keys.windowReset'), where: IMAGES },
];

const windowLines = (t: TFunction, windows: readonly NamedWindow[]): Lines =>
  windows.length
    ? windows.map(({ name, window: { width, center } }, place) => ({ keys: [String(place + 1)], does: `${name}  ${width} / ${center}`, where: IMAGES }))
    : [{ keys: ['1–9'], does: t('keys.presets'), where: IMAGES }];

const ONLY: Partial<Record<Tool, readonly Where[]>> = { window: ['stack', 'planes', 'enhance'], scroll: ['stack', 'planes', 'enhance'], crosshairs: ['planes'], rotate: ['body'] };

const toolLines = (t: TFunction, tools: readonly Tool[]): Lines =>
  tools.map((tool) => ({ keys: [TOOL_KEYS[tool]], does: t(`tools.${tool}`), where: ONLY[tool] ?? (DRAGS.includes(tool as 'pan') ? IMAGES : ['stack', 'planes']) }));

const findingLines = (t: TFunction): Lines => [
  { keys: [KEYS.findings], does: t('tools.findings'), where: FULL },
  { keys: [KEYS.nextFinding, KEYS.previousFinding], does: t('keys.findingNext'), where: FULL },
  { keys: [KEYS.rename], does: t('measure.name'), where: FULL },
  { keys: [KEYS.remove], does: t('measure.remove'), where: FULL },
  { keys: [KEYS.undo], does: t('keys.undoRemove'), where: FULL },
  { keys: [KEYS.save], does: t('measure.save'), where: FULL },
];

const hangingLines = (t: TFunction): Lines => [
  { keys: [KEYS.grid], does: t('tools.grid'), where: IMAGES },
  { keys: [KEYS.hand], does: t('keys.handNext'), where: ['stack', 'planes'] },
  { keys: [KEYS.nextStage], does: t('keys.nextStage'), where: IMAGES },
  { keys: [KEYS.previousStage], does: t('keys.previousStage'), where: IMAGES },
  { keys: [KEYS.protocol], does: t('keys.protocol'), where: IMAGES },
  { keys: [KEYS.takeDown], does: t('keys.takeDown'), where: IMAGES },
  { keys: [KEYS.prior], does: t('keys.prior') },
  ...LINKS.map((what: keyof Links) => ({ keys: [LINK_KEYS[what]], does: t(`tools.link.${what}`), where: ['stack'] as const })),
];

const spaceLines = (t: TFunction): Lines => [
  { keys: [KEYS.planes], does: t('tools.planes'), where: IMAGES },
  { keys: [KEYS.body], does: t('tools.body'), where: IMAGES },
  { keys: [TILTS.back, TILTS.front], does: t('keys.tiltBack'), where: SLABS },
  { keys: [TILTS.right, TILTS.left], does: t('keys.tiltSide'), where: SLABS },
  { keys: [KEYS.less, KEYS.more], does: t('keys.slab'), where: SLABS },
  { keys: [KEYS.kind], does: t('keys.kind'), where: ['planes', 'body'] },
  { keys: ['↑↓←→'], does: t('keys.turnBody'), where: ['body'] },
];

const overLines = (t: TFunction): Lines => [
  { keys: [KEYS.overlays], does: t('keys.overlays'), where: FULL },
  { keys: [KEYS.part], does: t('keys.part'), where: FULL },
  { keys: [KEYS.keepState], does: t('shownStates.keep'), where: FULL },
  { keys: [KEYS.nextState], does: t('keys.nextState'), where: FULL },
];

const enhanceLines = (t: TFunction): Lines => [
  { keys: [KEYS.enhance], does: t('tools.enhance'), where: IMAGES },
  { keys: [KEYS.less, KEYS.more], does: t('keys.strength'), where: ['enhance'] },
  { keys: [KEYS.kind], does: t('keys.method'), where: ['enhance'] },
  { keys: [KEYS.hand], does: t('keys.bodyPart'), where: ['enhance'] },
  { keys: [KEYS.saveImage], does: t('enhance.save.image'), where: ['enhance'] },
  { keys: [KEYS.saveSeries], does: t('enhance.save.series'), where: ['enhance'] },
  { keys: [KEYS.openSaved], does: t('enhance.save.open'), where: ['enhance'] },
];

const documentLines = (t: TFunction): Lines => [
  { keys: [DOCUMENT_KEYS.previous, DOCUMENT_KEYS.next], does: t('keys.documents'), where: ['document'] },
  { keys: [DOCUMENT_KEYS.nextNote, DOCUMENT_KEYS.previousNote], does: t('keys.notes'), where: ['document'] },
  { keys: [' ', 'ArrowLeft', 'ArrowRight', ',', '.'], does: t('keys.film'), where: ['document'] },
  { keys: DOCUMENT_KEYS.speed, does: t('keys.speed'), where: ['document'] },
  { keys: DOCUMENT_KEYS.gain, does: t('keys.gain'), where: ['document'] },
  { keys: [...DOCUMENT_KEYS.layout, ...DOCUMENT_KEYS.group], does: t('keys.layout'), where: ['document'] },
  { keys: [DOCUMENT_KEYS.file], does: t('documents.download'), where: ['document'] },
];

const pageLines = (t: TFunction): Lines => [
  { keys: [KEYS.record], does: t('patients.record') },
  { keys: [KEYS.attributes], does: t('study.attributes') },
  { keys: [KEYS.findAttribute], does: t('keys.findAttribute') },
  { keys: [KEYS.download], does: t('study.download') },
  { keys: [KEYS.back], does: t('keys.putDown') },
  { keys: ['?'], does: t('keys.help') },
];
