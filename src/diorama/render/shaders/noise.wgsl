// Noise in space from hashed lattice points: no table, no state, the same on every device.
//   Value noise: Perlin 1985, with hashed values; spots: jittered points of a lattice, Worley 1996, the nearest eight cells.

fn hash3(c: vec3i) -> u32 {  // a linear mix, then two rounds of a multiplicative finalizer
  let k = vec3u(c) * vec3u(73856093u, 19349663u, 83492791u);
  var h = k.x ^ k.y ^ k.z;
  h = (h ^ (h >> 15u)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12u)) * 0x297a2d39u;
  return h ^ (h >> 15u);
}

fn corner(c: vec3i) -> f32 { return f32(hash3(c) >> 8u); }

// Smooth, in [0, 1], with features of one unit.
fn noise(p: vec3f) -> f32 {
  let low = floor(p);
  let c = vec3i(low);
  let x = p - low;
  let f = x * x * (3.0 - 2.0 * x);
  let y0 = vec2f(mix(corner(c), corner(c + vec3i(1, 0, 0)), f.x),
                 mix(corner(c + vec3i(0, 1, 0)), corner(c + vec3i(1, 1, 0)), f.x));
  let y1 = vec2f(mix(corner(c + vec3i(0, 0, 1)), corner(c + vec3i(1, 0, 1)), f.x),
                 mix(corner(c + vec3i(0, 1, 1)), corner(c + vec3i(1, 1, 1)), f.x));
  let y = mix(y0, y1, f.z);
  return mix(y.x, y.y, f.y) * (1.0 / 16777216.0);
}

// How far p lies within the nearest of many round spots of mean radius r, about one to a unit cube; negative without.
fn spots(p: vec3f, r: f32) -> f32 {
  let c = vec3i(floor(p - 0.5));
  var inside = -1.0;
  for (var k = 0; k < 8; k++) {
    let cell = c + vec3i(k & 1, (k >> 1u) & 1, k >> 2u);
    let h = hash3(cell);
    let at = vec3f(vec3u(h, h >> 8u, h >> 16u) & vec3u(255u)) * (0.7 / 255.0) + 0.15;
    let size = r * (0.55 + 0.9 * f32(h >> 24u) / 255.0);
    inside = max(inside, size - distance(p, vec3f(cell) + at));
  }
  return inside;
}
