/** Draws an image as a rectangle of the stage; `place` is in pixels of the picture. */
export const VERTEX = `#version 300 es
uniform mat3 toClip;
uniform vec2 size;
uniform float coarseness;
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  place = corner * size;
  gl_Position = vec4((toClip * vec3(place * coarseness, 1.0)).xy, 0.0, 1.0);
}`;

/**
 * Stored value -> rescaled value -> window -> grey of the display -> code of the screen.
 *
 * The last step has a table of this display (P-values to screen codes, PS3.14) and an 8 by 8 pattern that makes steps
 * finer than the screen has them; both are off until a calibration gives one. A picture that is shown smaller than it
 * is takes the mean of what lies under a pixel of the screen.
 */
export const GREY = `#version 300 es
precision highp float;
precision highp int;
precision highp isampler2D;
uniform isampler2D values;
uniform sampler2D display;
uniform bool hasDisplay;
uniform bool isUnsigned;
uniform bool isInverse;
uniform bool isSmooth;
uniform int voi;
uniform vec2 rescale;
uniform vec2 window;
uniform float footprint;
in vec2 place;
out vec4 colour;

float valueAt(ivec2 at) {
  ivec2 last = textureSize(values, 0) - 1;
  int value = texelFetch(values, clamp(at, ivec2(0), last), 0).r;
  return float(isUnsigned ? value & 0xffff : value);
}

float between(vec2 at) {
  if (!isSmooth) return valueAt(ivec2(floor(at)));
  vec2 corner = floor(at - 0.5);
  vec2 share = at - 0.5 - corner;
  ivec2 first = ivec2(corner);
  float upper = mix(valueAt(first), valueAt(first + ivec2(1, 0)), share.x);
  float lower = mix(valueAt(first + ivec2(0, 1)), valueAt(first + ivec2(1, 1)), share.x);
  return mix(upper, lower, share.y);
}

float mean(vec2 at) {
  int steps = int(clamp(ceil(footprint), 1.0, 8.0));
  float sum = 0.0;
  for (int row = 0; row < steps; row += 1) {
    for (int column = 0; column < steps; column += 1) {
      vec2 shift = (vec2(column, row) + 0.5) / float(steps) - 0.5;
      sum += between(at + shift * (steps > 1 ? footprint : 0.0));
    }
  }
  return sum / float(steps * steps);
}

float greyOf(float value) {
  float center = window.x;
  float width = window.y;
  if (voi == 2) return 1.0 / (1.0 + exp(-4.0 * (value - center) / width));
  if (voi == 1) return clamp((value - center) / width + 0.5, 0.0, 1.0);
  if (width <= 1.0) return value > center - 0.5 ? 1.0 : 0.0;
  return clamp((value - (center - 0.5)) / (width - 1.0) + 0.5, 0.0, 1.0);
}

float dither(ivec2 at) {
  int x = at.x & 7;
  int y = at.y & 7;
  int mixed = x ^ y;
  int rank = ((mixed & 1) << 5) | ((y & 1) << 4) | ((mixed & 2) << 2) | ((y & 2) << 1) | ((mixed & 4) >> 1) | ((y & 4) >> 2);
  return (float(rank) + 0.5) / 64.0;
}

float codeOf(float grey) {
  if (!hasDisplay) return floor(grey * 255.0 + 0.5);
  float at = grey * float(textureSize(display, 0).x - 1);
  float below = texelFetch(display, ivec2(int(at), 0), 0).r;
  float above = texelFetch(display, ivec2(min(int(at) + 1, textureSize(display, 0).x - 1), 0), 0).r;
  return floor(mix(below, above, fract(at)) * 255.0 + dither(ivec2(gl_FragCoord.xy)));
}

void main() {
  float grey = greyOf(mean(place) * rescale.x + rescale.y);
  colour = vec4(vec3(codeOf(isInverse ? 1.0 - grey : grey) / 255.0), 1.0);
}`;

/** Colours are drawn as they are. */
export const COLOUR = `#version 300 es
precision highp float;
uniform sampler2D picture;
in vec2 place;
out vec4 colour;
void main() {
  colour = vec4(texture(picture, place / vec2(textureSize(picture, 0))).rgb, 1.0);
}`;
