import { isInverse } from '@/lib/pixels/grey';
import type { Grey, Picture } from '@/lib/pixels/picture';
import type { Transform } from './camera';
import { coarsenessOf, type Painter, type Scene } from './scene';
import { COLOUR, GREY, VERTEX } from './shaders';

const VOI = { LINEAR: 0, LINEAR_EXACT: 1, SIGMOID: 2 } as const;
/** From here on a pixel of the image is shown as the square that it is. */
const SQUARES_FROM = 6;

type Gl = WebGL2RenderingContext;

function compiled(gl: Gl, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (!shader) throw new Error('no shader');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

function linked(gl: Gl, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'no program');
  return program;
}

/** The columns of the matrix from pixels of the image to the clip space of a canvas. */
function toClip({ a, b, c, d, e, f }: Transform, { width, height }: HTMLCanvasElement): number[] {
  const x = 2 / width;
  const y = -2 / height;
  return [a * x, b * y, 0, c * x, d * y, 0, e * x - 1, f * y + 1, 1];
}

/** The values as 16 bits with a sign, which is how the texture takes them; the shader takes a sign off again. */
function words({ samples }: Grey): Int16Array {
  if (samples instanceof Int16Array) return samples;
  if (samples instanceof Uint16Array) return new Int16Array(samples.buffer, samples.byteOffset, samples.length);
  return Int16Array.from(samples);
}

/** A canvas with what the graphics card needs to draw on it. */
class GlPainter implements Painter {
  private readonly grey: WebGLProgram;
  private readonly colour: WebGLProgram;
  private readonly texture: WebGLTexture;
  private readonly display: WebGLTexture;
  private shown: Picture | null = null;
  private hasDisplay = false;

  constructor(private readonly gl: Gl, private readonly canvas: HTMLCanvasElement, table: Float32Array | null) {
    this.grey = linked(gl, GREY);
    this.colour = linked(gl, COLOUR);
    this.texture = gl.createTexture();
    this.display = gl.createTexture();
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    this.calibrate(table);
  }

  get renderer(): string {
    const { gl } = this;
    const extension = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  }

  clear(): void {
    const { gl, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  paint(scene: Scene): void {
    const { gl } = this;
    const { picture } = scene;
    const program = picture.kind === 'grey' ? this.grey : this.colour;
    this.clear();
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (picture !== this.shown) this.upload(picture);
    const at = (name: string) => gl.getUniformLocation(program, name);
    gl.uniformMatrix3fv(at('toClip'), false, toClip(scene.transform, this.canvas));
    gl.uniform2f(at('size'), picture.width, picture.height);
    gl.uniform1f(at('coarseness'), coarsenessOf(scene.format, picture));
    if (picture.kind === 'grey') this.setGrey(picture, scene, at);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private setGrey(picture: Grey, { format, window, isInverted, transform }: Scene, at: (name: string) => WebGLUniformLocation | null): void {
    const { gl } = this;
    const scale = Math.hypot(transform.a, transform.b) * coarsenessOf(format, picture);
    gl.uniform1i(at('values'), 0);
    gl.uniform1i(at('display'), 1);
    gl.uniform1i(at('hasDisplay'), Number(this.hasDisplay));
    gl.uniform1i(at('isUnsigned'), Number(picture.samples instanceof Uint16Array));
    gl.uniform1i(at('isInverse'), Number(isInverse(format, isInverted)));
    gl.uniform1i(at('isSmooth'), Number(scale < SQUARES_FROM));
    gl.uniform1i(at('voi'), VOI[format.voiFunction]);
    gl.uniform2f(at('rescale'), format.slope, format.intercept);
    gl.uniform2f(at('window'), window.center, window.width);
    gl.uniform1f(at('footprint'), 1 / scale);
  }

  private upload(picture: Picture): void {
    const { gl } = this;
    const { width, height } = picture;
    const filter = picture.kind === 'grey' ? gl.NEAREST : gl.LINEAR;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, picture.kind === 'grey' ? gl.NEAREST : gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    if (picture.kind === 'grey') {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16I, width, height, 0, gl.RED_INTEGER, gl.SHORT, words(picture));
    } else {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture.bitmap);
      gl.generateMipmap(gl.TEXTURE_2D);
    }
    this.shown = picture;
  }

  /** Takes the table of this display: screen codes (0 to 1) for evenly spaced P-values. */
  private calibrate(table: Float32Array | null): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.display);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    const codes = table ?? Float32Array.of(0, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, codes.length, 1, 0, gl.RED, gl.FLOAT, codes);
    this.hasDisplay = table !== null;
  }
}

/** Paints with the graphics card; null where it cannot. `table` is that of this display. */
export function glPainter(canvas: HTMLCanvasElement, table: Float32Array | null): Painter | null {
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, powerPreference: 'high-performance' });
  if (!gl) return null;
  return new GlPainter(gl, canvas, table);
}
