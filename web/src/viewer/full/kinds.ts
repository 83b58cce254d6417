import {
  AngleTool,
  ArrowAnnotateTool,
  BidirectionalTool,
  CobbAngleTool,
  EllipticalROITool,
  LengthTool,
  PlanarFreehandROITool,
  ProbeTool,
  RectangleROITool,
  type Types,
} from '@cornerstonejs/tools';
import type { MeasurementKind } from '@/lib/api/measurements';
import { distance, type Vector } from '@/lib/geometry/vectors';

/** The tool of Cornerstone that draws each kind of measurement. */
export const TOOLS = {
  length: LengthTool,
  bidirectional: BidirectionalTool,
  angle: AngleTool,
  cobb: CobbAngleTool,
  ellipse: EllipticalROITool,
  rectangle: RectangleROITool,
  freehand: PlanarFreehandROITool,
  probe: ProbeTool,
  arrow: ArrowAnnotateTool,
} as const satisfies Record<MeasurementKind, { toolName: string }>;

export const KINDS = Object.keys(TOOLS) as MeasurementKind[];

const byTool = new Map<string, MeasurementKind>(KINDS.map((kind) => [TOOLS[kind].toolName as string, kind]));

export function kindOf(annotation: Types.Annotation): MeasurementKind | null {
  return byTool.get(annotation.metadata?.toolName ?? '') ?? null;
}

interface Drawn {
  handles?: { points?: Vector[] };
  contour?: { polyline?: Vector[] };
}

/** The points of what was drawn, in the order that documents ask for. */
export function pointsOf(kind: MeasurementKind, data: Types.Annotation['data']): Vector[] {
  const { handles, contour } = data as Drawn;
  if (kind === 'freehand') return contour?.polyline ?? [];
  const points = handles?.points ?? [];
  const [a, b, c, d] = points;
  if (!a || !b || !c || !d) return points;
  if (kind === 'rectangle') return [a, b, d, c];
  const isShort = distance(a, b) < distance(c, d);
  return (kind === 'ellipse' || kind === 'bidirectional') && isShort ? [c, d, a, b] : points;
}

/** What Cornerstone keeps of points in the order of documents. */
export function drawnFrom(kind: MeasurementKind, points: Vector[], name: string): Types.Annotation['data'] {
  const copied = points.map((point) => [...point]);
  const [a, b, c, d] = copied;
  const handles = { points: kind === 'rectangle' ? [a, b, d, c] : copied, activeHandleIndex: null, textBox: emptyBox() };
  const data = { label: name, text: name, handles, cachedStats: {} };
  const isFreehand = kind === 'freehand';
  return {
    ...data,
    ...(isFreehand && { handles: { ...handles, points: [] }, contour: { polyline: copied, closed: true }, isOpenUShapeContour: false }),
    ...(kind === 'arrow' && { arrowFirst: true }),
  } as unknown as Types.Annotation['data'];
}

function emptyBox() {
  const zero = [0, 0, 0];
  return { hasMoved: false, worldPosition: zero, worldBoundingBox: { topLeft: zero, topRight: zero, bottomLeft: zero, bottomRight: zero } };
}
