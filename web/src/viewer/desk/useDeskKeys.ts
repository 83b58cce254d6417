import { useKeys } from '@/ui/useKeys';
import type { Hanging } from '../hanging/useHanging';
import { keysOf, type Steered } from '../steering';
import { KEYS, nextOf } from './keys';
import { countOf, LINK_KEYS, LINKS, MEASURES, ONE, TOOL_KEYS, type Tool } from './model';
import { mayMeasureIn } from './served';
import type { Cine } from './useCine';
import type { DeskState } from './useDesk';
import type { HungPanes } from './useHung';
import type { NamedWindow } from './useWindows';

type Keys = Record<string, () => void>;

export interface DeskActs {
  desk: DeskState;
  view: Steered | null;
  windows: readonly NamedWindow[];
  cine: Cine;
  save: (() => void) | null;
  hanging: Hanging;
  hung: HungPanes;
  /** What enhances the image; null for images without values of their own. */
  enhance: (() => void) | null;
}

/** What keys do on the desk; nothing while a document is looked at. */
export function useDeskKeys(acts: DeskActs, isAtImages: boolean): void {
  useKeys(isAtImages ? keysOn(acts) : {}, 'first');
}

function keysOn({ desk, view, windows, cine, save, hanging, hung, enhance }: DeskActs): Keys {
  return {
    ...(view && keysOf(view)),
    ...Object.fromEntries(windows.map(({ window }, place) => [String(place + 1), () => view?.setWindow({ ...window })])),
    ...toolKeys(desk),
    ...(desk.mode === 'stack' && stackKeys(desk, cine, hung)),
    ...hangingKeys(desk, hanging),
    ...(!desk.isFull && fullKeys(desk)),
    [KEYS.planes]: () => desk.go('planes'),
    [KEYS.body]: () => desk.go('body'),
    ...(enhance && { [KEYS.enhance]: enhance }),
    [KEYS.findings]: desk.toggleFindings,
    ...(save && { [KEYS.save]: save }),
    ...(desk.isAway && { Escape: desk.leave }),
  };
}

/** The tools that can be taken where one is. */
export function toolsIn(mode: DeskState['mode']): { drags: Tool[]; measures: boolean } {
  const mayMeasure = mayMeasureIn(mode);
  if (mode === 'body') return { drags: ['rotate', 'pan', 'zoom'], measures: false };
  const own: Tool[] = mode === 'planes' && mayMeasure ? ['crosshairs'] : [];
  return { drags: [...own, 'window', 'scroll', 'pan', 'zoom'], measures: mayMeasure };
}

function toolKeys(desk: DeskState): Keys {
  const { drags, measures } = toolsIn(desk.mode);
  const tools = [...drags, ...(measures ? MEASURES : [])];
  return Object.fromEntries(tools.map((tool) => [TOOL_KEYS[tool], () => desk.take(tool)]));
}

function stackKeys(desk: DeskState, cine: Cine, hung: HungPanes): Keys {
  const count = countOf(desk.grid);
  return {
    [KEYS.cine]: cine.toggle,
    [KEYS.faster]: () => cine.change(1),
    [KEYS.slower]: () => cine.change(-1),
    ...(count > 1 && { [KEYS.hand]: () => hung.take((hung.focus + 1) % count) }),
    ...(count > 1 && Object.fromEntries(LINKS.map((what) => [LINK_KEYS[what], () => desk.toggleLink(what)]))),
  };
}

function hangingKeys(desk: DeskState, hanging: Hanging): Keys {
  const { laidOut, fitting } = hanging;
  const nextProtocol = () => {
    const next = nextOf(fitting.map(({ id }) => id), laidOut?.protocol.id);
    if (laidOut && next) hanging.choose(next);
    else hanging.next();
  };
  return {
    [KEYS.nextStage]: hanging.next,
    [KEYS.previousStage]: hanging.previous,
    [KEYS.protocol]: nextProtocol,
    [KEYS.grid]: () => nextGrid(desk, hanging),
    ...(laidOut && { [KEYS.takeDown]: () => takeDown(desk, hanging) }),
  };
}

/** What only the full viewer knows: asked for elsewhere, it is opened with the list of it all. */
function fullKeys(desk: DeskState): Keys {
  const all = [KEYS.nextFinding, KEYS.previousFinding, KEYS.rename, KEYS.overlays, KEYS.part, KEYS.keepState, KEYS.nextState];
  return Object.fromEntries(all.map((key) => [key, desk.toggleFindings]));
}

/** Another grid, in place of what hangs by a protocol. */
export function nextGrid(desk: DeskState, hanging: Hanging): void {
  hanging.takeDown();
  desk.nextGrid();
}

/** Back to one pane. */
export function takeDown(desk: DeskState, hanging: Hanging): void {
  hanging.takeDown();
  desk.hang(ONE, 'stack');
}
