import { acquiredAtOf, ratePerSOf, thicknessMmOf } from './acquisition';
import { ofFrame } from './functionalGroups';
import { type DataSet, items, number, numbers, TAG, text } from './json';
import { contradictsItself, type Orientation, orientationOf, type Plane, planeOf, type Spacing, spacingOf } from './planes';
import { type Region, regionsOf } from './ultrasound';

export interface Window {
  center: number;
  width: number;
}

/** How values become grey between the ends of a window (PS3.3 C.11.2.1.2, C.11.2.1.3). */
export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

/** What is needed to read the stored pixels of one frame and to draw them. */
export interface PixelFormat {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  photometric: string;
  isPlanar: boolean;
  bitsAllocated: number;
  bitsStored: number;
  isSigned: boolean;
  slope: number;
  intercept: number;
  /** What the values are after the rescaling: HU, or nothing that can be said. */
  unit: string;
  window: Window | null;
  voiFunction: VoiFunction;
  /** Grey values by a table, which only the server draws. */
  hasTable: boolean;
  /** Height of a pixel divided by its width. */
  aspect: number;
}

export interface Image {
  sopInstanceUid: string;
  frame: number;
  /** Whether it is one of several frames of its instance. */
  isOneOfMany: boolean;
  format: PixelFormat;
  plane: Plane | null;
  /** Null too where the image contradicts itself on where it lies: nothing is mm there. */
  spacing: Spacing | null;
  orientation: Orientation | null;
  /** Empty where the image names none; images that share one can be laid over each other. */
  frameOfReferenceUid: string;
  /** Of ultrasound: the parts of the image, each with its own scale or none. Where there are some, they alone say what is worth mm. */
  regions: readonly Region[];
  isLossy: boolean;
  /** R, L, B or U; empty where nobody said it. */
  laterality: string;
  /** How a projection was taken: PA, CC, MLO …; empty where nobody said it. */
  viewPosition: string;
  /** Of slices, where it is said. */
  thicknessMm: number | null;
  /** YYYYMMDD or YYYYMMDDHHMMSS; empty where nobody said it. */
  acquiredAt: string;
  /** How many frames are to be seen in a second, where that is said. */
  ratePerS: number | null;
}

function windowOf(dataset: DataSet): Window | null {
  const center = number(dataset, TAG.windowCenter);
  const width = number(dataset, TAG.windowWidth);
  return center !== null && width !== null && width > 0 ? { center, width } : null;
}

function voiFunctionOf(dataset: DataSet): VoiFunction {
  const said = text(dataset, TAG.voiLutFunction);
  return said === 'SIGMOID' || said === 'LINEAR_EXACT' ? said : 'LINEAR';
}

function aspectOf(dataset: DataSet, spacing: Spacing | null): number {
  if (spacing) return spacing.rowMm / spacing.columnMm;
  const [vertical, horizontal] = numbers(dataset, TAG.pixelAspectRatio);
  return vertical && horizontal ? vertical / horizontal : 1;
}

function unitOf(dataset: DataSet): string {
  const said = text(dataset, TAG.rescaleType);
  if (said) return said === 'US' ? '' : said;
  return text(dataset, TAG.modality) === 'CT' && number(dataset, TAG.rescaleIntercept) !== null ? 'HU' : '';
}

/** Reads the format of one frame; `dataset` says everything of it in the way of a single-frame image. */
export function formatOf(dataset: DataSet): PixelFormat {
  const bitsAllocated = number(dataset, TAG.bitsAllocated) ?? 16;
  const window = windowOf(dataset);
  return {
    rows: number(dataset, TAG.rows) ?? 0,
    columns: number(dataset, TAG.columns) ?? 0,
    samplesPerPixel: number(dataset, TAG.samplesPerPixel) ?? 1,
    photometric: text(dataset, TAG.photometricInterpretation) || 'MONOCHROME2',
    isPlanar: number(dataset, TAG.planarConfiguration) === 1,
    bitsAllocated,
    bitsStored: number(dataset, TAG.bitsStored) ?? bitsAllocated,
    isSigned: number(dataset, TAG.pixelRepresentation) === 1,
    slope: number(dataset, TAG.rescaleSlope) || 1,
    intercept: number(dataset, TAG.rescaleIntercept) ?? 0,
    unit: unitOf(dataset),
    window,
    voiFunction: voiFunctionOf(dataset),
    hasTable: items(dataset, TAG.modalityLutSequence).length > 0 || (!window && items(dataset, TAG.voiLutSequence).length > 0),
    aspect: aspectOf(dataset, spacingOf(dataset)),
  };
}

/** Mammograms code their view (PS3.16 CID 4014), in the codes of today and of before. */
const VIEWS: Record<string, string> = { '399162004': 'CC', 'R-10242': 'CC', '399368009': 'MLO', 'R-10226': 'MLO', '399260004': 'ML', 'R-10224': 'ML', '399352003': 'LM', 'R-10228': 'LM' };

function viewPositionOf(dataset: DataSet): string {
  const [code] = items(dataset, TAG.viewCodeSequence);
  return text(dataset, TAG.viewPosition) || (code ? (VIEWS[text(code, TAG.codeValue)] ?? '') : '');
}

export function imageOf(instance: DataSet, frame: number): Image {
  const dataset = ofFrame(instance, frame);
  return {
    sopInstanceUid: text(instance, TAG.sopInstanceUid),
    frame,
    isOneOfMany: (number(instance, TAG.numberOfFrames) ?? 1) > 1,
    format: formatOf(dataset),
    plane: planeOf(dataset),
    spacing: contradictsItself(dataset) ? null : spacingOf(dataset),
    orientation: orientationOf(dataset),
    frameOfReferenceUid: text(instance, TAG.frameOfReferenceUid),
    regions: regionsOf(dataset),
    isLossy: text(instance, TAG.lossyImageCompression) === '01',
    laterality: text(dataset, TAG.imageLaterality) || text(dataset, TAG.laterality),
    viewPosition: viewPositionOf(dataset),
    thicknessMm: thicknessMmOf(dataset),
    acquiredAt: acquiredAtOf(dataset),
    ratePerS: ratePerSOf(instance),
  };
}

/** The images of a series in their order: every frame of every instance that has pixels. */
export function imagesOf(instances: DataSet[]): Image[] {
  const ordered = [...instances].sort(byInstanceNumber);
  return ordered.flatMap((instance) => {
    if (!number(instance, TAG.rows) || !number(instance, TAG.columns)) return [];
    const frames = Math.max(1, number(instance, TAG.numberOfFrames) ?? 1);
    return Array.from({ length: frames }, (_, index) => imageOf(instance, index + 1));
  });
}

function byInstanceNumber(a: DataSet, b: DataSet): number {
  return (number(a, TAG.instanceNumber) ?? 0) - (number(b, TAG.instanceNumber) ?? 0);
}
