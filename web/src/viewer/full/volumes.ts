import { cache, setVolumesForViewports, type Types, volumeLoader } from '@cornerstonejs/core';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Assembled } from '@/volume/Assembled';
import { renderingEngine } from './engine';

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

/** What a drawing says of where it was drawn. */
export interface DrawnIn {
  FrameOfReferenceUID?: string | undefined;
  seriesInstanceUid?: string | undefined;
}

interface Entry {
  made: Assembled;
  held: HeldVolume;
  users: number;
}

const entries: Entry[] = [];
let count = 0;

/** The volume that is looked at where something was drawn: of its series, or of its frame of reference where it names none. */
export function volumeAt(drawn: DrawnIn | undefined): HeldVolume | null {
  const { FrameOfReferenceUID: frame, seriesInstanceUid: series } = drawn ?? {};
  const isIts = (one: HeldVolume) => volumeKey(one) === frame && (!series || one.where.series_instance_uid === series);
  return entries.map(({ held }) => held).filter(isIts).at(-1) ?? null; // the newest: a preview goes when its images come
}

/** The volume of a name that Cornerstone knows. */
export const volumeNamed = (volumeId: string): HeldVolume | null => entries.find(({ held }) => held.volumeId === volumeId)?.held ?? null;

/** A volume needs a frame of its own to be drawn in, even where its images name none. */
export const volumeKey = (volume: Assembled) => volume.frameOfReferenceUid || `for/${volume.sample.sopInstanceUid}`;

/** Hands a volume to Cornerstone, once for however many panes that show it. */
function hold(made: Assembled, of: VolumeOf): HeldVolume {
  const known = entries.find((one) => one.made === made);
  const entry = known ?? { made, held: handed(made, of), users: 0 };
  if (!known) entries.push(entry);
  entry.users += 1;
  return entry.held;
}

/** Lets go of a volume that nobody shows any more: they are the largest things in memory. */
function letGo({ volumeId }: HeldVolume): void {
  const place = entries.findIndex(({ held }) => held.volumeId === volumeId);
  const entry = entries[place];
  if (!entry) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  entries.splice(place, 1);
  const volume = cache.getVolume(volumeId);
  if (volume) drop(volume);
}

function handed(volume: Assembled, { at, seriesUid, modality }: VolumeOf): HeldVolume {
  count += 1;
  const volumeId = `assembled/${count}`; // without a scheme: nobody loads it from anywhere
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
  return { ...volume, at, volumeId, where: { frame_of_reference_uid: volume.frameOfReferenceUid, series_instance_uid: seriesUid } };
}

function drop({ volumeId, imageIds }: Types.IImageVolume): void {
  const slices = [...imageIds];
  cache.removeVolumeLoadObject(volumeId);
  for (const imageId of slices) if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

let turn: Promise<void> = Promise.resolve();

/** Some panes that show one volume, and then a better one of the same series. */
export class VolumePanes {
  now: HeldVolume | null = null;

  constructor(
    private readonly viewportIds: readonly string[],
    private readonly signal: AbortSignal,
  ) {}

  /** Shows a volume; one after the other, since a preview that is still on its way must not outlive what replaces it. */
  show(volume: Assembled, of: VolumeOf, onShown: () => void): Promise<void> {
    const put = () => this.put(volume, of, onShown);
    turn = turn.then(put, put);
    return turn;
  }

  /** Call it when the panes are closed. */
  end(): void {
    if (this.now) letGo(this.now);
    this.now = null;
  }

  private async put(volume: Assembled, of: VolumeOf, onShown: () => void): Promise<void> {
    if (this.signal.aborted) return;
    const [next, before, cameras] = [hold(volume, of), this.now, this.cameras()];
    await setVolumesForViewports(renderingEngine(), [{ volumeId: next.volumeId }], [...this.viewportIds], false, true);
    if (this.signal.aborted) return letGo(next);
    this.now = next;
    if (before) letGo(before);
    for (const [viewport, camera] of cameras) viewport.setCamera(camera);
    onShown();
    return undefined;
  }

  /** What is looked at stays where it was when a better volume comes. */
  private cameras() {
    const viewports = this.viewportIds.map((viewportId) => renderingEngine().getViewport(viewportId)).filter((one) => one?.getActors().length);
    return viewports.map((viewport) => [viewport as Types.IViewport, (viewport as Types.IViewport).getCamera()] as const);
  }
}
