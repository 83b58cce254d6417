import type { StackViewport } from '@cornerstonejs/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StackCamera } from '../src/viewer/full/StackCamera';
import { UPRIGHT } from '../src/viewer/lean/camera';

const AS_IT_LAY = { ...UPRIGHT, zoom: 2, quarters: 1 as const };

describe('an image that is not there yet', () => {
  let said: object[];
  let camera: StackCamera;

  beforeEach(() => {
    said = [];
    const viewport = { setViewPresentation: (how: object) => said.push(how) } as unknown as StackViewport;
    vi.stubGlobal('window', { devicePixelRatio: 1 });
    camera = new StackCamera(viewport, { clientWidth: 100, clientHeight: 100 } as HTMLElement);
    camera.expect(AS_IT_LAY);
  });

  afterEach(() => vi.unstubAllGlobals());

  it('lies as it lay before', () => {
    camera.arrive();
    expect(said).toEqual([{ zoom: 2, pan: [0, 0], rotation: 90, flipHorizontal: false }]);
  });

  it('keeps what is turned, mirrored and enlarged meanwhile', () => {
    camera.turn();
    camera.zoom(1.5);
    camera.flip();
    expect(said).toEqual([]);
    expect(camera.now()).toEqual({ zoom: 3, panX: 0, panY: 0, quarters: 2, isFlipped: true });
    camera.arrive();
    expect(said).toEqual([{ zoom: 3, pan: [0, 0], rotation: 180, flipHorizontal: true }]);
  });

  it('follows the pane that it is linked to', () => {
    camera.frame({ zoom: 4, across: 0.5, down: 0 });
    expect(camera.framing()).toEqual({ zoom: 4, across: 0.5, down: 0 });
    camera.arrive();
    expect(said).toEqual([{ zoom: 4, pan: [12.5, 0], rotation: 90, flipHorizontal: false }]);
  });
});
