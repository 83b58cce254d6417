import { Enums, type VolumeViewport3D } from '@cornerstonejs/core';
import type { Assembled } from '@/volume/Assembled';
import { closePane, openPane, renderingEngine } from './engine';
import { panView, turnView } from './turnView';
import { type VolumeOf, VolumePanes } from './volumes';

export const BODY = 'body';

/** Ways to make a body of a volume, under the names that Cornerstone gives them. */
export const BODY_PRESETS = {
  bone: 'CT-Bone',
  soft: 'CT-Soft-Tissue',
  vessels: 'CT-Coronary-Arteries-2',
  lung: 'CT-Lung',
  mr: 'MR-Default',
  mrAngio: 'MR-Angio',
  maximum: 'CT-MIP',
} as const;

export type BodyPreset = keyof typeof BODY_PRESETS;

/** Those that mean something for a modality; HU mean the same in every CT. */
export function bodyPresetsOf(modality: string): BodyPreset[] {
  return modality === 'CT' ? ['bone', 'soft', 'vessels', 'lung', 'maximum'] : ['mr', 'mrAngio'];
}

/** A volume as a body that can be turned. */
export class BodyView {
  private readonly viewport: VolumeViewport3D;
  private readonly stop = new AbortController();
  private readonly panes: VolumePanes;

  constructor(
    private readonly viewportId: string,
    private readonly element: HTMLDivElement,
  ) {
    openPane(viewportId, element, Enums.ViewportType.VOLUME_3D, this.stop.signal, Enums.OrientationAxis.CORONAL);
    this.viewport = renderingEngine().getViewport(viewportId) as VolumeViewport3D;
    this.panes = new VolumePanes([viewportId], this.stop.signal);
  }

  show(volume: Assembled, of: VolumeOf, preset: BodyPreset): Promise<void> {
    return this.panes.show(volume, of, () => this.setPreset(preset));
  }

  setPreset(preset: BodyPreset): void {
    if (!this.viewport.getActors().length) return;
    this.viewport.setProperties({ preset: BODY_PRESETS[preset] });
    this.viewport.render();
  }

  zoom(factor: number): void {
    this.viewport.setZoom(this.viewport.getZoom() * factor);
    this.viewport.render();
  }

  pan(across: number, down: number): void {
    panView(this.viewport, this.element, across, down);
  }

  /** Turns the body, in degrees to the right and down, as a hand on it would. */
  turn(right: number, down: number): void {
    turnView(this.viewport, -right, -down);
  }

  reset(): void {
    this.viewport.resetCamera();
    this.viewport.render();
  }

  close(): void {
    this.stop.abort();
    closePane(this.viewportId, this.element);
    this.panes.end();
  }
}
