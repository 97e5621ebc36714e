// What a camera makes of a picture: lens, sensor, development. One invocation per pixel, one dispatch per image.
// DEPTH_TYPE, DEPTH_WHERE and HAS_DEFOCUS are replaced when the pipeline is built.
//   Circle of confusion of a thin lens: Potmesil and Chakravarty 1981; gathered with taps on a spiral (Vogel 1979).
//   Hash for the noise: pcg3d (Jarzynski and Olano 2020). Curve of the mid tones: Schlick 1994, in place of a power.

struct Photo {
  gain: vec4f,      // linear gains of red, green and blue: exposure and white balance; saturation
  tone: vec4f,      // contrast, 2 to the power of gamma, vignette, sharpness
  lens: vec4f,      // circle of confusion at infinity in pixels, focal depth / near plane, noise, unused
  id: vec4u,        // seed of the noise, layer of the image, side in pixels, unused
};

@group(0) @binding(0) var drawn: texture_2d<f32>;                // sRGB codes, not decoded
@group(0) @binding(1) var smooth_sampler: sampler;
@group(0) @binding(2) var depth: DEPTH_TYPE;              // near / distance
@group(0) @binding(3) var<uniform> photo: Photo;
@group(0) @binding(4) var developed: texture_storage_2d_array<rgba8unorm, write>;

const LUMA = vec3f(0.2126, 0.7152, 0.0722);
const TAPS = 10;

fn code_at(p: vec2f) -> vec3f {
  return textureSampleLevel(drawn, smooth_sampler, p / f32(photo.id.z), 0.0).rgb;
}

fn confusion(p: vec2i) -> f32 {
  let q = clamp(p, vec2i(0), vec2i(i32(photo.id.z) - 1));
  return photo.lens.x * min(abs(1.0 - textureLoad(depth, DEPTH_WHERE) * photo.lens.y), 1.5);
}

fn noise(p: vec2u) -> vec3f {  // of variance 1, nearly normal: each the sum of a hash's four bytes
  var v = vec3u(p, photo.id.x) * 1664525u + 1013904223u;
  v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
  v ^= v >> vec3u(16u);
  v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
  let low = v & vec3u(0x00ff00ffu);
  let high = (v >> vec3u(8u)) & vec3u(0x00ff00ffu);
  let sum = (low & vec3u(0xffffu)) + (low >> vec3u(16u)) + (high & vec3u(0xffffu)) + (high >> vec3u(16u));
  return (vec3f(sum) - 510.0) / 147.8;
}

@compute @workgroup_size(8, 8) fn develop(@builtin(global_invocation_id) at: vec3u) {
  if (any(at.xy >= vec2u(photo.id.z))) { return; }
  let p = vec2f(at.xy) + 0.5;
  let own = textureLoad(drawn, at.xy, 0).rgb;
  // Four taps half a pixel away are the binomial filter of 3 × 3.
  let around = 0.25 * (code_at(p - 0.5) + code_at(p + 0.5) + code_at(p + vec2f(0.5, -0.5)) + code_at(p + vec2f(-0.5, 0.5)));
  var light = decode(max(own + photo.tone.w * (own - around), vec3f(0.0)));
  if (HAS_DEFOCUS) {
    let reach = confusion(vec2i(at.xy));
    var sum = decode(own);
    var weight = 1.0;
    for (var k = 0; k < TAPS; k++) {
      let far = reach * sqrt((f32(k) + 0.5) / f32(TAPS));
      let angle = 2.39996 * f32(k);
      let q = p + far * vec2f(cos(angle), sin(angle));
      let share = saturate(confusion(vec2i(floor(q))) - far + 1.0);  // what is sharp does not spread
      sum += share * decode(code_at(q));
      weight += share;
    }
    light = mix(light, sum / weight, saturate(reach));
  }

  let side = f32(photo.id.z);
  let off = (p - 0.5 * side) / side;
  light = max(light, vec3f(0.0)) * photo.gain.rgb * (1.0 - photo.tone.z * 2.0 * dot(off, off));
  light = mix(vec3f(dot(light, LUMA)), light, photo.gain.w);
  var code = encode(max(light, vec3f(0.0)));
  code = code / ((photo.tone.y - 2.0) * (1.0 - min(code, vec3f(1.0))) + 1.0);
  code = (code - 0.5) * photo.tone.x + 0.5;
  let grain = noise(at.xy);
  let bright = dot(grain, vec3f(0.57735));  // half of the noise is of brightness; the sum keeps a variance of 1
  // Shot noise is a matter of darks and mid tones once the curve has squeezed the lights.
  code += photo.lens.z * (1.2 - 0.7 * dot(saturate(code), LUMA)) * (0.4 * bright + 0.7144 * grain);
  textureStore(developed, at.xy, photo.id.y, vec4f(code, 1.0));
}
