import { cache, type Enums, imageLoader, metaData, type Types } from '@cornerstonejs/core';
import { gridOf } from '@/lib/geometry/grid';
import { firstWindow } from '@/lib/pixels/grey';
import type { Picture } from '@/lib/pixels/picture';
import { frameOf, type Held, heldAt, placeOf } from './held';
import { valuesIn } from '@/lib/pixels/values';

type ImagePlane = ReturnType<typeof planeModule>;

/** How an image lies, as Cornerstone asks for it; where nobody said it, the image lies for itself. */
function planeModule({ image }: Held) {
  const grid = gridOf(image);
  const { position, along, down, rowMm, columnMm, scale } = grid;
  return {
    frameOfReferenceUID: frameOf(image),
    rows: image.format.rows,
    columns: image.format.columns,
    imagePositionPatient: [...position],
    imageOrientationPatient: [...along, ...down],
    rowCosines: [...along],
    columnCosines: [...down],
    rowPixelSpacing: rowMm,
    columnPixelSpacing: columnMm,
    pixelSpacing: [rowMm, columnMm],
    usingDefaultValues: scale === 'pixels',
  };
}

function pixelModule({ image: { format } }: Held) {
  return {
    samplesPerPixel: format.samplesPerPixel,
    photometricInterpretation: format.photometric,
    rows: format.rows,
    columns: format.columns,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    highBit: format.bitsStored - 1,
    pixelRepresentation: Number(format.isSigned),
  };
}

function provide(type: string, imageId: string): object | undefined {
  const held = typeof imageId === 'string' ? heldAt(imageId) : null;
  if (!held) return undefined;
  if (type === 'imagePlaneModule') return planeModule(held);
  if (type === 'imagePixelModule') return pixelModule(held);
  if (type === 'generalSeriesModule') return { modality: held.modality, seriesInstanceUID: held.seriesUid };
  if (type === 'frameOfReferenceModule') return { frameOfReferenceUID: planeModule(held).frameOfReferenceUID };
  return undefined;
}

/** The window that an image brings, or the one that shows all of it. */
function windowOf({ image: { format } }: Held, picture: Picture) {
  return picture.kind === 'grey' ? firstWindow(format, picture.range) : { center: 128, width: 256 };
}

function pixelsOf(held: Held, imageId: string, picture: Picture): Types.IImage {
  const { format } = held.image;
  const values = valuesIn(picture, format);
  const { rowPixelSpacing, columnPixelSpacing }: ImagePlane = planeModule(held);
  const window = windowOf(held, picture);
  const isColour = picture.kind === 'drawn';
  return {
    imageId,
    rows: format.rows,
    columns: format.columns,
    height: format.rows,
    width: format.columns,
    rowPixelSpacing,
    columnPixelSpacing,
    getPixelData: () => values as Types.PixelDataTypedArray,
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    numberOfComponents: isColour ? 3 : 1,
    color: isColour,
    rgba: false,
    photometricInterpretation: isColour ? 'RGB' : format.photometric,
    windowCenter: window.center,
    windowWidth: window.width,
    voiLUTFunction: format.voiFunction as Enums.VOILUTFunctionType,
    slope: 1,
    intercept: 0,
    isPreScaled: true,
    preScale: { enabled: true, scaled: true },
    minPixelValue: 0,
    maxPixelValue: 0,
    invert: format.photometric === 'MONOCHROME1' && !isColour,
    sizeInBytes: values.byteLength,
    getCanvas: () => document.createElement('canvas'),
    imageFrame: pixelModule(held),
  } as unknown as Types.IImage;
}

/** Images that a preview stands in for. */
const coarse = new Set<string>();

export const isCoarse = (imageId: string) => coarse.has(imageId);

/** Waits for the best that can be had of an image now: a preview at least. */
function soon(imageId: string): Promise<Types.IImage> {
  const held = heldAt(imageId);
  const stream = held?.stream;
  if (!held || !stream) return Promise.reject(new Error('an image that nobody holds'));
  return new Promise((resolve, reject) => {
    const settle = () => {
      const index = placeOf(stream, held.image);
      const best = stream.best(index);
      const error = best ? null : stream.errorOf(index);
      if (!best && !error) return undefined;
      stop();
      if (!best) return reject(error as Error);
      if (best.isPreview) coarse.add(imageId);
      else coarse.delete(imageId);
      return resolve(pixelsOf(held, imageId, best.picture));
    };
    const stop = stream.subscribe(settle);
    settle();
  });
}

/** The best that there is of an image, in the place of a preview or of an attempt that came to nothing. */
export async function freshImage(imageId: string): Promise<Types.IImage | null> {
  const isSettled = !cache.getImageLoadObject(imageId) || (cache.getImage(imageId) && !coarse.has(imageId));
  if (!isSettled) cache.removeImageLoadObject(imageId, { force: true });
  return imageLoader.loadAndCacheImage(imageId).catch(() => null);
}

/** Has Cornerstone ask us for images and for what is said of them. */
export function registerImages(): void {
  imageLoader.registerImageLoader('lightwell', (imageId) => ({ promise: soon(imageId) }));
  metaData.addProvider(provide, 10_000);
}
