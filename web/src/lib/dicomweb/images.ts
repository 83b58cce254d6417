import { type DataSet, number, numbers, TAG, text } from './json';

export interface Window {
  center: number;
  width: number;
}

/** What is needed to read the stored pixels of one instance and to draw them. */
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
  window: Window | null;
  /** Height of a pixel divided by its width. */
  aspect: number;
}

export interface Image {
  sopInstanceUid: string;
  frame: number;
  format: PixelFormat;
}

/** What a search shall tell of each image so that it can be drawn. */
export const PIXEL_TAGS = [
  TAG.samplesPerPixel,
  TAG.photometricInterpretation,
  TAG.planarConfiguration,
  TAG.pixelSpacing,
  TAG.pixelAspectRatio,
  TAG.bitsStored,
  TAG.pixelRepresentation,
  TAG.windowCenter,
  TAG.windowWidth,
  TAG.rescaleIntercept,
  TAG.rescaleSlope,
  // Of images that the index does not know the size of yet.
  TAG.rows,
  TAG.columns,
  TAG.bitsAllocated,
];

function windowOf(dataset: DataSet): Window | null {
  const center = number(dataset, TAG.windowCenter);
  const width = number(dataset, TAG.windowWidth);
  return center !== null && width !== null && width >= 1 ? { center, width } : null;
}

function aspectOf(dataset: DataSet): number {
  const spacing = numbers(dataset, TAG.pixelSpacing);
  const [vertical, horizontal] = spacing.length === 2 ? spacing : numbers(dataset, TAG.pixelAspectRatio);
  return vertical && horizontal ? vertical / horizontal : 1;
}

export function formatOf(dataset: DataSet): PixelFormat {
  const bitsAllocated = number(dataset, TAG.bitsAllocated) ?? 16;
  return {
    rows: number(dataset, TAG.rows) ?? 0,
    columns: number(dataset, TAG.columns) ?? 0,
    samplesPerPixel: number(dataset, TAG.samplesPerPixel) ?? 1,
    photometric: text(dataset, TAG.photometricInterpretation) || 'MONOCHROME2',
    isPlanar: number(dataset, TAG.planarConfiguration) === 1,
    bitsAllocated,
    bitsStored: number(dataset, TAG.bitsStored) ?? bitsAllocated,
    isSigned: number(dataset, TAG.pixelRepresentation) === 1,
    slope: number(dataset, TAG.rescaleSlope) ?? 1,
    intercept: number(dataset, TAG.rescaleIntercept) ?? 0,
    window: windowOf(dataset),
    aspect: aspectOf(dataset),
  };
}

/** The images of a series in their order: every frame of every instance that has pixels. */
export function imagesOf(instances: DataSet[]): Image[] {
  const ordered = [...instances].sort(byInstanceNumber);
  return ordered.flatMap((instance) => {
    const format = formatOf(instance);
    if (!format.rows || !format.columns) return [];
    const frames = Math.max(1, number(instance, TAG.numberOfFrames) ?? 1);
    const sopInstanceUid = text(instance, TAG.sopInstanceUid);
    return Array.from({ length: frames }, (_, index) => ({ sopInstanceUid, frame: index + 1, format }));
  });
}

function byInstanceNumber(a: DataSet, b: DataSet): number {
  return (number(a, TAG.instanceNumber) ?? 0) - (number(b, TAG.instanceNumber) ?? 0);
}
