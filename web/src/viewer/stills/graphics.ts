import { warmGlass } from '../lean/glass';

/** Who draws on this machine: a graphics card, the processor in its place, or nobody. */
export type Graphics = 'card' | 'software' | 'none';

const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Basic Render|Software Rasterizer/i;

/** Tells by the name that a renderer gives itself; where it hides its name it is taken for a card. */
export function graphicsBy(renderer: string | null): Graphics {
  if (renderer === null) return 'none';
  return SOFTWARE.test(renderer) ? 'software' : 'card';
}

let found: Graphics | null = null;

/** Who draws here; looked up once, by the glass that the next picture is drawn on. */
export function graphics(): Graphics {
  found ??= graphicsBy(warmGlass());
  return found;
}
