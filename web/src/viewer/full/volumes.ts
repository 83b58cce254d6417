import { cache, type Types, volumeLoader } from '@cornerstonejs/core';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Assembled } from '@/volume/Assembled';

/** Which series a volume was made of. */
export interface VolumeOf {
  at: StudyAt;
  seriesUid: string;
  modality: string;
}

/** A volume on the screen, and how documents name it. */
export interface HeldVolume extends Assembled {
  at: StudyAt;
  where: { frame_of_reference_uid: string; series_instance_uid: string };
  volumeId: string;
}

let shown: HeldVolume | null = null;
let made = 0;

/** The volume that is looked at, if it is of this frame of reference. */
export function volumeAt(frameOfReferenceUid: string | undefined): HeldVolume | null {
  return shown && volumeKey(shown) === frameOfReferenceUid ? shown : null;
}

/** A volume needs a frame of its own to be drawn in, even where its images name none. */
export const volumeKey = (volume: Assembled) => volume.frameOfReferenceUid || `for/${volume.sample.sopInstanceUid}`;

/** Hands a volume to Cornerstone; returns its name. The one before stays until the panes have taken this one. */
export function showVolume(volume: Assembled, { at, seriesUid, modality }: VolumeOf): string {
  made += 1;
  const volumeId = `assembled/${made}`; // without a scheme: nobody loads it from anywhere
  const { format } = volume.sample;
  const local = volumeLoader.createLocalVolume(volumeId, {
    dimensions: [volume.columns, volume.rows, volume.slices],
    spacing: [...volume.spacingMm],
    origin: [...volume.origin],
    direction: [...volume.along, ...volume.down, ...volume.normal] as unknown as Types.Mat3,
    scalarData: volume.values as Types.PixelDataTypedArray,
    metadata: {
      BitsAllocated: format.bitsAllocated,
      BitsStored: format.bitsStored,
      SamplesPerPixel: 1,
      HighBit: format.bitsStored - 1,
      PhotometricInterpretation: format.photometric,
      PixelRepresentation: Number(format.isSigned),
      Modality: modality,
      ImageOrientationPatient: [...volume.along, ...volume.down],
      PixelSpacing: [volume.spacingMm[1], volume.spacingMm[0]],
      FrameOfReferenceUID: volumeKey(volume),
      Columns: volume.columns,
      Rows: volume.rows,
      voiLut: format.window ? [{ windowWidth: format.window.width, windowCenter: format.window.center }] : [],
      VOILUTFunction: format.voiFunction,
      SeriesInstanceUID: seriesUid,
    } as unknown as Types.Metadata,
  });
  local.modified(); // or the first pane that draws it finds the texture empty, and stays black until it draws again
  shown = { ...volume, at, volumeId, where: { frame_of_reference_uid: volume.frameOfReferenceUid, series_instance_uid: seriesUid } };
  return volumeId;
}

let turn: Promise<void> = Promise.resolve();

/** Shows one volume after the other: a preview that is still on its way to the panes must not outlive what replaces it. */
export function inTurn(show: () => Promise<void>): Promise<void> {
  turn = turn.then(show, show);
  return turn;
}

/** Lets go of all volumes but one: they are the largest things in memory. */
export function keepOnly(volumeId: string | null): void {
  if (shown?.volumeId !== volumeId) shown = null;
  for (const volume of cache.getVolumes()) if (volume.volumeId !== volumeId) drop(volume);
}

function drop({ volumeId, imageIds }: Types.IImageVolume): void {
  const slices = [...imageIds];
  cache.removeVolumeLoadObject(volumeId);
  for (const imageId of slices) if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}
