/** Who draws on this machine: a graphics card, the processor in its place, or nobody. */
export type Graphics = 'card' | 'software' | 'none';

const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Basic Render|Software Rasterizer/i;

/** Tells by the name that a renderer gives itself; where it hides its name it is taken for a card. */
export function graphicsBy(renderer: string | null): Graphics {
  if (renderer === null) return 'none';
  return SOFTWARE.test(renderer) ? 'software' : 'card';
}

function rendererName(): string | null {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return null;
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  const name = gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER) as unknown;
  gl.getExtension('WEBGL_lose_context')?.loseContext(); // a page may have only so many
  return String(name);
}

let found: Graphics | null = null;

/** Who draws here; looked up once. */
export function graphics(): Graphics {
  found ??= graphicsBy(rendererName());
  return found;
}
