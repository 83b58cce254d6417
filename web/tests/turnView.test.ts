import { describe, expect, it } from 'vitest';
import { panView, turnView } from '../src/viewer/full/turnView';

type Camera = Record<'focalPoint' | 'position' | 'viewUp' | 'viewPlaneNormal', number[]>;

/** Somebody looks from the front, 100 mm away, at what is at 10 mm; up is up, and right is to the right. */
function viewport() {
  let camera: Camera = { focalPoint: [10, 0, 0], position: [10, -100, 0], viewUp: [0, 0, 1], viewPlaneNormal: [0, -1, 0] };
  let pan = [0, 0];
  return {
    getCamera: () => camera,
    setCamera: (next: Partial<Camera>) => {
      camera = { ...camera, ...next };
    },
    getPan: () => pan,
    setPan: (next: number[]) => {
      pan = next;
    },
    render: () => {},
  };
}

type Viewport = Parameters<typeof turnView>[0];
const rounded = (vector: number[]) => vector.map((one) => Math.round(one * 1e6) / 1e6 + 0);

describe('a camera', () => {
  it('goes around to the right of what is in the middle', () => {
    const view = viewport();
    turnView(view as unknown as Viewport, 90, 0);
    expect(rounded(view.getCamera().position)).toEqual([110, 0, 0]);
    expect(rounded(view.getCamera().viewUp)).toEqual([0, 0, 1]);
    expect(rounded(view.getCamera().viewPlaneNormal)).toEqual([1, 0, 0]);
  });

  it('goes under it, and up is turned along', () => {
    const view = viewport();
    turnView(view as unknown as Viewport, 0, 90);
    expect(rounded(view.getCamera().position)).toEqual([10, 0, -100]);
    expect(rounded(view.getCamera().viewUp)).toEqual([0, -1, 0]);
  });

  it('comes back by what it went', () => {
    const view = viewport();
    turnView(view as unknown as Viewport, 15, 0);
    turnView(view as unknown as Viewport, -15, 0);
    expect(rounded(view.getCamera().position)).toEqual([10, -100, 0]);
  });

  it('is moved by parts of the shorter side of its pane', () => {
    const view = viewport();
    panView(view as unknown as Viewport, { clientWidth: 800, clientHeight: 400 } as HTMLElement, 0.1, -0.1);
    expect(view.getPan()).toEqual([40, -40]);
  });
});
