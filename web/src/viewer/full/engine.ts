import { cache, Enums, init as initCore, RenderingEngine, StackViewport, type Types, VolumeViewport } from '@cornerstonejs/core';
import { addTool, annotation, init as initTools } from '@cornerstonejs/tools';
import { ceilingBytes } from '@/lib/stream/cache';
import { calibrate } from './displayPass';
import { registerImages } from './images';
import { EVERY_TOOL } from './tools';

export const ENGINE = 'lightwell';

let engine: RenderingEngine | null = null;

const LINE = 'rgb(214, 200, 140)';
const CHOSEN = 'rgb(122, 180, 219)';

/** Lines are seen on bone and on air alike; blue means chosen, as everywhere. */
function styleLines(): void {
  const global = {
    color: LINE,
    colorHighlighted: CHOSEN,
    colorSelected: CHOSEN,
    textBoxColor: LINE,
    textBoxColorHighlighted: CHOSEN,
    textBoxColorSelected: CHOSEN,
    textBoxFontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif',
    textBoxFontSize: '13px',
    lineWidth: '1.5',
  };
  const usual = annotation.config.style.getDefaultToolStyles();
  annotation.config.style.setDefaultToolStyles({ ...usual, global: { ...usual.global, ...global } });
}

/** Makes an element a pane. It takes no focus: the keys of the page are those of the page, whatever is clicked. */
export function openPane(viewportId: string, element: HTMLDivElement, type: Enums.ViewportType, signal: AbortSignal, orientation?: Enums.OrientationAxis): void {
  const defaultOptions = { background: [0, 0, 0] as [number, number, number], ...(orientation && { orientation }) };
  renderingEngine().enableElement({ viewportId, element, type, defaultOptions });
  element.removeAttribute('tabindex');
  sizes.observe(element);
  calibrate(element, signal);
}

export function closePane(viewportId: string, element: HTMLDivElement): void {
  sizes.unobserve(element);
  const viewport = renderingEngine().getViewport(viewportId);
  // An image that is on its way would be drawn in what is no pane any more.
  if (viewport instanceof StackViewport) viewport.successCallback = () => {};
  renderingEngine().disableElement(viewportId);
}

/** What is looked at in a pane, in parts of what fills it; null where nothing is, and of bodies. */
function framingOf(viewport: Types.IViewport): (() => void) | null {
  if (viewport instanceof StackViewport && viewport.getCurrentImageId()) {
    const before = viewport.getViewPresentation();
    return () => viewport.setViewPresentation(before);
  }
  if (!(viewport instanceof VolumeViewport) || !viewport.getActors().length) return null;
  const { zoom, pan } = viewport.getViewPresentation({ zoom: true, pan: true });
  return () => viewport.setViewPresentation({ ...(zoom && { zoom }), ...(pan && { pan }) });
}

/** Panes grow and shrink with the page around them; an image that fills its pane goes on filling it. */
const sizes = new ResizeObserver(() => {
  if (!engine) return;
  const again = engine.getViewports().map((one) => framingOf(one));
  engine.resize(true, true);
  for (const frame of again) frame?.();
  engine.render();
});

/** The engine that draws all panes of this page, started when the first of them opens. */
export function renderingEngine(): RenderingEngine {
  if (engine) return engine;
  initCore({ rendering: { useLegacyCameraFOV: false, renderingEngineMode: Enums.RenderingEngineModeEnum.ContextPool } } as Parameters<typeof initCore>[0]);
  initTools();
  cache.setMaxCacheSize(ceilingBytes() * 2);
  registerImages();
  for (const tool of EVERY_TOOL) addTool(tool);
  styleLines();
  engine = new RenderingEngine(ENGINE);
  return engine;
}
