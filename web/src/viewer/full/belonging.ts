import { StackViewport, type Types as Core, VolumeViewport } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/tools';
import { heldAt } from './held';
import { type DrawnIn, volumeNamed } from './volumes';
import { renderingEngine } from './engine';
import type { DrawingTool } from './tools';

type Shown = Core.IViewport | VolumeViewport | undefined;

/** The series whose volume or image a pane shows. */
function seriesIn(viewport: Shown): string | undefined {
  if (viewport instanceof VolumeViewport) return volumeNamed(viewport.getVolumeId())?.where.series_instance_uid;
  return viewport instanceof StackViewport ? heldAt(viewport.getCurrentImageId() ?? '')?.seriesUid : undefined;
}

const seriesOf = ({ metadata }: Types.Annotation): string | undefined =>
  (metadata as DrawnIn | undefined)?.seriesInstanceUid ?? heldAt(metadata?.referencedImageId ?? '')?.seriesUid;

/** Notes in a new drawing which series it was drawn in: several volumes may lie in one frame of reference. */
export function noteSeries(event: Event): void {
  const { annotation, viewportId } = (event as CustomEvent<{ annotation: Types.Annotation; viewportId?: string }>).detail;
  const viewport = viewportId ? renderingEngine().getViewport(viewportId) : undefined;
  const seriesInstanceUid = viewport instanceof VolumeViewport ? seriesIn(viewport) : undefined;
  if (seriesInstanceUid) Object.assign(annotation.metadata ?? {}, { seriesInstanceUid });
}

/** Has a tool draw in panes of the series that was measured only: beside another one its values would pass for that one's. */
export function keepToSeries(tool: DrawingTool): void {
  const usual = tool.filterInteractableAnnotationsForElement.bind(tool);
  tool.filterInteractableAnnotationsForElement = (element: HTMLDivElement, annotations: Types.Annotations) => {
    const series = seriesIn(renderingEngine().getViewports().find((one) => one.element === element));
    const isIts = (one: Types.Annotation) => !series || (seriesOf(one) ?? series) === series;
    return usual(element, annotations?.filter(isIts));
  };
}
