import type { LeanView } from '../lean/LeanView';
import type { ViewState } from '../steering';

type Linked = Pick<LeanView, 'viewState' | 'seeAs' | 'subscribe' | 'state'>;

function isSame(one: ViewState, other: ViewState): boolean {
  const isSameWindow = one.window?.center === other.window?.center && one.window?.width === other.window?.width;
  return isSameWindow && one.isInverted === other.isInverted && one.camera === other.camera;
}

/**
 * Has an image and what is made of it seen the same way, whichever of them the hand moves. The window is always that of
 * the original: made up from the range of other values, it would show a difference that is none.
 */
export function link(original: Linked, made: Linked): () => void {
  let given = made.viewState();
  const give = () => {
    const state = original.viewState();
    const next = { ...state, window: state.window ?? original.state()?.window ?? null };
    if (isSame(next, given)) return;
    given = next;
    made.seeAs(next);
  };
  const takeBack = () => {
    const state = made.viewState();
    if (isSame(state, given)) return;
    given = state;
    original.seeAs(state);
    give();
  };
  give();
  const stops = [original.subscribe(give), made.subscribe(takeBack)];
  return () => stops.forEach((stop) => stop());
}
