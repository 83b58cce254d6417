import { describe, expect, it } from 'vitest';
import { enhancedPath, type SeriesDerived } from '../src/lib/api/enhancement';
import { servedBy } from '../src/viewer/desk/served';
import { methodsOf, presetOf, usualOf } from '../src/viewer/enhance/choices';
import { link } from '../src/viewer/enhance/linking';
import { progressOf } from '../src/viewer/enhance/progress';
import { type Camera, UPRIGHT } from '../src/viewer/lean/camera';
import type { LeanView, Seen } from '../src/viewer/lean/LeanView';
import type { ViewState } from '../src/viewer/steering';

const said = (bodyPart: string, description = '') => ({ bodyPart, description });

describe('how an image is enhanced', () => {
  it.each([
    ['DX', 'CHEST', '', 'chest'],
    ['CR', '', '胸部正位', 'chest'],
    ['CR', 'HAND', '', 'bone'],
    ['DX', 'LSPINE', '', 'bone'],
    ['CR', 'EXTREMITY', '', 'bone'],
    ['DX', '', '腰椎正侧位', 'bone'],
    ['DX', '', '术后复查 手术室', 'even'],
    ['MG', '', 'R CC', 'breast'],
    ['DX', 'ABDOMEN', '', 'abdomen'],
    ['CR', 'CHEST', '腹部', 'chest'],
    ['CR', '', '', 'even'],
  ])('%s of %s %s has its detail as %s', (modality, bodyPart, description, preset) => {
    expect(presetOf(modality, said(bodyPart, description))).toBe(preset);
  });

  it('begins with what helps most: detail in radiographs, less noise in CT', () => {
    expect(usualOf('CR', said('HAND'))).toEqual({ method: 'multiscale', strength: 0.5, preset: 'bone' });
    expect(usualOf('CT', said('HEAD')).method).toBe('denoise');
    expect(methodsOf('MR')).toEqual(['clahe', 'edge']);
  });

  it('is asked of the hospital whose copy is looked at', () => {
    const place = { seriesUid: '1.2', sopInstanceUid: '1.2.3', frame: 4 };
    const path = enhancedPath({ uid: '1', hospital: 'A' }, place, { method: 'clahe', strength: 0.35, preset: 'even' });
    expect(path).toBe('/api/studies/1/series/1.2/instances/1.2.3/frames/4/enhanced?method=clahe&strength=0.35&preset=even&organisation=A');
  });
});

/** A stage as far as linking goes. */
class FakeView {
  private listeners: (() => void)[] = [];
  seenAs: ViewState = { window: null, isInverted: false, camera: UPRIGHT };

  constructor(private readonly stored: Seen['window']) {}

  viewState = () => this.seenAs;
  state = () => ({ window: this.seenAs.window ?? this.stored }) as Seen;
  subscribe = (listener: () => void) => {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener);
    };
  };
  seeAs = (state: ViewState) => {
    this.seenAs = state;
    for (const listener of this.listeners) listener();
  };
}

describe('an image and the same enhanced', () => {
  const stored = { center: 40, width: 400 };
  const made = () => {
    const original = new FakeView(stored);
    const enhanced = new FakeView({ center: 7, width: 9 });
    const unlink = link(original as unknown as LeanView, enhanced as unknown as LeanView);
    return { original, enhanced, unlink };
  };
  const near: Camera = { ...UPRIGHT, zoom: 3, panX: 20 };

  it('have the window of the original, never one from the values of the enhanced', () => {
    expect(made().enhanced.seenAs.window).toEqual(stored);
  });

  it('are moved together by whichever is dragged', () => {
    const { original, enhanced } = made();
    original.seeAs({ ...original.seenAs, camera: near });
    expect(enhanced.seenAs.camera).toBe(near);
    enhanced.seeAs({ ...enhanced.seenAs, window: { center: 1, width: 2 }, isInverted: true });
    expect(original.seenAs).toEqual({ window: { center: 1, width: 2 }, isInverted: true, camera: near });
  });

  it('go back together, to the window of the original', () => {
    const { original, enhanced } = made();
    enhanced.seeAs({ window: { center: 1, width: 2 }, isInverted: true, camera: near });
    enhanced.seeAs({ window: null, isInverted: false, camera: UPRIGHT });
    expect(original.seenAs).toEqual({ window: null, isInverted: false, camera: UPRIGHT });
    expect(enhanced.seenAs.window).toEqual(stored);
  });

  it('go their own ways once they are let go', () => {
    const { original, enhanced, unlink } = made();
    unlink();
    original.seeAs({ ...original.seenAs, camera: near });
    expect(enhanced.seenAs.camera).toBe(UPRIGHT);
  });
});

describe('how far a derived series is', () => {
  const begun = { series_instance_uid: '1.9', image_count: 20, is_finished: false };
  const step = (done: number, failed = 0): SeriesDerived => ({
    study_instance_uid: '1',
    series_instance_uid: '1.9',
    done_count: done,
    failed_count: failed,
    image_count: 20,
  });

  it('follows what the live line tells, with what could not be enhanced', () => {
    expect(progressOf(begun, undefined, null)).toMatchObject({ done: 0, isDone: false, isListed: false });
    expect(progressOf(begun, step(8, 2), null)).toMatchObject({ done: 8, failed: 2, isDone: false });
    expect(progressOf(begun, step(18, 2), 18)).toMatchObject({ done: 18, failed: 2, isDone: true, isListed: true });
  });

  it('is done by the list too, where the line was lost meanwhile', () => {
    expect(progressOf(begun, step(8), 20)).toMatchObject({ done: 20, isDone: true });
  });

  it('is done at once for a single image', () => {
    expect(progressOf({ ...begun, image_count: 1, is_finished: true }, undefined, null)).toMatchObject({ done: 1, isDone: true, isListed: false });
  });
});

describe('who draws', () => {
  it('is the server for enhanced images, and for volumes where there is no card', () => {
    expect(servedBy('enhance', 'card')).toBe('enhance');
    expect([servedBy('body', 'card'), servedBy('body', 'software'), servedBy('body', 'none')]).toEqual([null, 'body', 'body']);
    expect([servedBy('planes', 'software'), servedBy('planes', 'none')]).toEqual([null, 'planes']);
    expect(servedBy('stack', 'none')).toBeNull();
  });
});
