import {
  CrosshairsTool,
  Enums,
  PanTool,
  ReferenceLinesTool,
  StackScrollTool,
  ToolGroupManager,
  TrackballRotateTool,
  type Types,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';
import type { MeasurementKind } from '@/lib/api/measurements';
import type { MouseBindings as Mouse } from '@/lib/api/preferences';
import type { Drag } from '@/viewer/lean/gestures';
import type { Tool } from '../desk/model';
import { KINDS, TOOLS } from './kinds';
import { type Fingers, pinch } from './pinching';

const { MouseBindings } = Enums;

/** Which panes share their tools. */
export type Group = 'stacks' | 'planes' | 'volume';

const DRAGS = { window: WindowLevelTool, pan: PanTool, zoom: ZoomTool, scroll: StackScrollTool } as const;

export const EVERY_TOOL = [...Object.values(DRAGS), ...Object.values(TOOLS), CrosshairsTool, ReferenceLinesTool, TrackballRotateTool];

/** The text that stands beside a drawing, by what Cornerstone keeps of it. */
export type TextOf = (data: unknown) => string[] | undefined;

/** A tool of a group. */
export type DrawingTool = ReturnType<Types.IToolGroup['getToolInstance']>;

/** What a tool needs to be told of the page around it. */
export interface Around {
  textOf: TextOf;
  /** Asks for the words of an arrow, where `now` stands by now; nothing is answered by an empty text. */
  askForText(done: (text: string) => void, now: string): void;
  /** Has a tool draw only where what it measures belongs. */
  limit(tool: DrawingTool): void;
  /** The colour of the line that stands for a pane in the others. */
  lineColour(viewportId: string): string;
}

function optionsOf(kind: MeasurementKind, { textOf, askForText }: Around): Types.ToolConfiguration {
  const text = { getTextLines: (data: unknown) => textOf(data) };
  if (kind !== 'arrow') return { ...text, allowOpenContours: false, calculateStats: false };
  const getTextCallback = (done: (text: string) => void) => askForText(done, '');
  const changeTextCallback = ({ data }: Types.Annotation, _event: unknown, done: (text: string) => void) =>
    askForText((words) => words && done(words), (data as { label?: string }).label ?? '');
  return { arrowFirst: true, getTextCallback, changeTextCallback };
}

const nameOf = (tool: Tool): string => {
  if (tool === 'crosshairs') return CrosshairsTool.toolName;
  if (tool === 'rotate') return TrackballRotateTool.toolName;
  return tool in DRAGS ? DRAGS[tool as Drag].toolName : TOOLS[tool as MeasurementKind].toolName;
};

/** Makes the tools of a group anew. */
export function makeGroup(group: Group, around: Around): Types.IToolGroup {
  ToolGroupManager.destroyToolGroup(group);
  const made = ToolGroupManager.createToolGroup(group) as Types.IToolGroup;
  for (const tool of Object.values(DRAGS)) made.addTool(tool.toolName);
  if (group !== 'volume') zoomByFingers(made.getToolInstance(ZoomTool.toolName) as ZoomTool);
  if (group === 'volume') made.addTool(TrackballRotateTool.toolName);
  else for (const kind of KINDS) addMeasure(made, kind, around);
  if (group === 'planes') made.addTool(CrosshairsTool.toolName, crosshairs(around));
  if (group === 'stacks') made.addTool(ReferenceLinesTool.toolName);
  return made;
}

function addMeasure(group: Types.IToolGroup, kind: MeasurementKind, around: Around): void {
  const { toolName } = TOOLS[kind];
  group.addTool(toolName, optionsOf(kind, around));
  around.limit(group.getToolInstance(toolName));
}

/** Zooming by hand: one finger drags as the mouse does, two pinch. */
function zoomByFingers(tool: ZoomTool): void {
  const { mouseDragCallback: drag } = tool;
  tool.touchDragCallback = (event) => {
    const fingers = event.detail as unknown as Fingers;
    if (fingers.currentPointsList.length > 1) pinch(fingers);
    else drag(event);
  };
}

const crosshairs = ({ lineColour }: Around): Types.ToolConfiguration => ({
  getReferenceLineColor: lineColour,
  getReferenceLineControllable: () => true,
  getReferenceLineDraggableRotatable: () => true,
  getReferenceLineSlabThicknessControlsOn: () => false,
});

/** Draws in all other panes where the image of one lies. */
export function showReferenceLines(group: Types.IToolGroup, sourceViewportId: string): void {
  group.setToolConfiguration(ReferenceLinesTool.toolName, { sourceViewportId });
  group.setToolEnabled(ReferenceLinesTool.toolName);
}

/** What a tool does in a group: a body is turned by what does not move it. */
function toolIn(group: Group, tool: Tool): Tool {
  return group === 'volume' && tool !== 'pan' && tool !== 'zoom' ? 'rotate' : tool;
}

/** Gives every button its tool; the measurements that are not in hand can still be moved by their handles. */
export function bind(group: Types.IToolGroup, taken: Tool, mouse: Mouse): void {
  const tool = toolIn(group.id as Group, taken);
  for (const kind of KINDS) if (group.hasTool(TOOLS[kind].toolName)) group.setToolPassive(TOOLS[kind].toolName, { removeAllBindings: true });
  for (const one of ['window', 'pan', 'zoom', 'scroll', 'rotate', 'crosshairs'] as const) {
    if (group.hasTool(nameOf(one))) group.setToolPassive(nameOf(one), { removeAllBindings: true });
  }
  if (group.hasTool(CrosshairsTool.toolName) && tool !== 'crosshairs') group.setToolEnabled(CrosshairsTool.toolName);
  const wanted = new Map<string, Types.IToolBinding[]>();
  const add = (name: string, binding: Types.IToolBinding) => wanted.set(name, [...(wanted.get(name) ?? []), binding]);
  add(nameOf(tool), { mouseButton: MouseBindings.Primary });
  add(nameOf(tool), { numTouchPoints: 1 });
  add(nameOf(mouse.middle), { mouseButton: MouseBindings.Auxiliary });
  add(nameOf(mouse.right), { mouseButton: MouseBindings.Secondary });
  add(ZoomTool.toolName, { numTouchPoints: 2 });
  add(nameOf(mouse.wheel), { mouseButton: MouseBindings.Wheel });
  for (const [name, bindings] of wanted) if (group.hasTool(name)) group.setToolActive(name, { bindings });
}
