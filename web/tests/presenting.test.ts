import { describe, expect, it } from 'vitest';
import type { Measurement } from '@/lib/api/measurements';
import type { Presentation } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import type { TFunction } from '@/lib/i18n';
import { asMeasured, linesOf } from '@/viewer/full/lines';
import { counting, presentedMeasurements, presentedView, viewOf } from '@/viewer/full/presenting';
import { outlineOf } from '@/viewer/full/presentedOverlay';
import type { Camera } from '@/viewer/lean/camera';

const image = { sopInstanceUid: '1.1', frame: 1, format: { rows: 400, columns: 400, aspect: 1 } } as Image;
const STAGE = { width: 800, height: 600 };

function measurement(kind: Measurement['kind'], points: [number, number][]): Measurement {
  const place = { series_instance_uid: '1', sop_instance_uid: '1.1', frame: 1, points };
  return { uid: kind, kind, name: '', place, space: null, values: [], is_at_detector: false };
}

describe('a presentation state', () => {
  it.each([0, 1, 2, 3] as const)('brings back turning and mirroring as they were seen: %i quarters', (quarters) => {
    for (const isFlipped of [false, true]) {
      const camera: Camera = { zoom: 2, panX: 0, panY: 0, quarters, isFlipped };
      const corners = [[100, 125], [300, 275]] as const;
      const shown = presentedView('1', image, { window: null, isInverted: false, camera }, corners);
      expect(viewOf(image, shown, STAGE).camera).toMatchObject({ quarters, isFlipped });
    }
  });

  it('turns before it mirrors, where the camera mirrors first', () => {
    const camera: Camera = { zoom: 1, panX: 0, panY: 0, quarters: 1, isFlipped: true };
    expect(presentedView('1', image, { window: null, isInverted: false, camera }, [[0, 0]]).rotation_deg).toBe(270);
  });

  it('shows the same part of the image again', () => {
    const camera: Camera = { zoom: 1, panX: 0, panY: 0, quarters: 0, isFlipped: false };
    const shown = presentedView('1', image, { window: null, isInverted: false, camera }, [[100, 50], [300, 200]]);
    expect(shown.area).toEqual({ top_left: [101, 51], bottom_right: [300, 200] });
    const { zoom, panX, panY } = viewOf(image, shown, STAGE).camera;
    const scale = (STAGE.height / 400) * zoom;
    expect(scale).toBeCloseTo(4); // 200 by 150 pixels fill 800 by 600
    expect(panX).toBeCloseTo(0);
    expect(panY).toBeCloseTo(300); // the middle of the part is 75 pixels above that of the image
  });

  it('has the lines of every measurement, closed ones closed', () => {
    const [shown] = presentedMeasurements(
      [
        measurement('rectangle', [[1, 1], [5, 1], [5, 5], [1, 5]]),
        measurement('bidirectional', [[0, 0], [9, 0], [4, 1], [4, 5]]),
        measurement('ellipse', [[0, 5], [10, 5], [5, 2], [5, 8]]),
      ],
      () => 'said',
    );
    expect(shown?.graphics.map(({ kind, points }) => [kind, points.length])).toEqual([['polyline', 5], ['polyline', 2], ['polyline', 2], ['ellipse', 4]]);
    expect(shown?.texts).toHaveLength(3);
  });

  it('says beside a length that it holds at the detector only', () => {
    const length = measurement('length', [[0, 0], [3, 4]]);
    const saved: Measurement = { ...length, values: [{ quantity: 'length', value: 5, unit: 'mm' }], is_at_detector: true };
    const [shown] = presentedMeasurements([saved], (one) => linesOf(((key: string) => key) as TFunction, asMeasured(one)).join('\n'));
    expect(shown?.texts[0]?.text).toBe('5.0 mm\nmeasure.atDetector');
  });
});

describe('a graphic', () => {
  it('that is a circle goes through its second point', () => {
    const [outline] = outlineOf({ kind: 'circle', points: [[10, 10], [13, 14]], is_filled: false });
    for (const [x, y] of outline?.points ?? []) expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(5);
    expect(outline?.isClosed).toBe(true);
  });
});

describe('the states of measurements', () => {
  const state = (label: string, maker: string, madeAt: string) => ({ label, maker, made_at: madeAt }) as Presentation;

  it('are all that a maker saved last, since images of different rescale take a state each', () => {
    const last = [state('MEASUREMENTS', 'a', '2'), state('MEASUREMENTS', 'a', '2')];
    const others = [state('MEASUREMENTS', 'b', '1'), state('VIEW', 'a', '1'), state('VIEW', 'a', '2'), state('MEASUREMENTS', 'c', '')];
    expect(counting([...last, state('MEASUREMENTS', 'a', '1'), ...others])).toEqual([...last, ...others]);
  });
});
