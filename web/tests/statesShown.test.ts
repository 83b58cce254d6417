import { describe, expect, it } from 'vitest';
import type { Presentation } from '@/lib/api/presentations';
import type { Image } from '@/lib/dicomweb/images';
import { Presented } from '@/viewer/full/presenting';
import { StatesShown } from '@/viewer/full/StatesShown';

const images = ['a', 'b', 'c'].map((sopInstanceUid) => ({ sopInstanceUid, frame: 1 }) as Image);
const said = (uid: string) => ({ sop_instance_uid: uid, frame: 1 });

function shown(...uids: string[]) {
  const state = new Presented({ images: uids.map(said) } as Presentation, 0);
  const pane = new StatesShown();
  pane.take(state);
  return { state, pane };
}

describe('a presentation state', () => {
  it('is gone to once, however often the pane comes and goes', () => {
    const { state, pane } = shown('b');
    expect(pane.begin([])).toBeNull();
    expect(pane.begin(images)).toBe(1);
    const again = new StatesShown();
    again.take(state);
    expect(again.begin(images)).toBeNull();
  });

  it('shows an image as it says when it comes in sight, and leaves it to the reader then', () => {
    const { pane } = shown('a', 'c');
    expect(pane.next(images[0])).toEqual(said('a'));
    expect(pane.next(images[0])).toBeNull();
    pane.leave();
    expect(pane.next(images[1])).toBeNull();
    pane.leave();
    expect(pane.next(images[2])).toEqual(said('c'));
  });

  it('is over when the reader wants to see images as they came', () => {
    const { state, pane } = shown('a');
    pane.forget();
    expect(pane.next(images[0])).toBeNull();
    expect(state.isOver).toBe(true);
  });
});
