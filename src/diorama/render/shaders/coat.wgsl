// An animal's coat, per pixel: layers of pigment over each other (assets/coat.py), their borders ragged as hair is.
// Fields are interpolated and compared here, so that borders stay crisp between sparse vertices. HAS_SPECKLES is replaced
// when the pipeline is built: few coats have spots or small patches, which take noise per pixel.

var<private> coat: array<vec4f, 12>;  // as the scene's; set like `lit`, rows that its users do not read left out

struct CoatPoint {
  place: vec3f,   // bind space, in the subject's unit of length (the height at the withers), along +Z
  low: vec4f,     // orders of white, pale and shade, share of the points
  high: vec4f,    // share of tan points, level of bars, share of the flank, order of large patches
  lock: f32,      // brightness of the lock of hair, about 0 ± 0.2: borders fray along locks
};

// A sine to a thousandth, of which stripes take many: a parabola for each half of the period, squared in part.
const QUARTER = 1.5707963;

fn wave(x: f32) -> f32 {
  let t = fract(x * 0.15915494 + 0.5) * 2.0 - 1.0;
  let s = 4.0 * t * (1.0 - abs(t));
  return s * (0.775 + 0.225 * abs(s));
}

// 1 where the order lies under the extent, and nowhere for an extent of 0; the border is 1 / sharp wide, and `stir` moves it.
fn covered(extent: f32, order: f32, sharp: f32, stir: f32) -> f32 {
  return select(0.0, saturate(extent + sharp * (extent - order + stir)), extent > 0.0);
}

fn ramp(low: f32, high: f32, x: f32) -> f32 { return saturate((x - low) * (1.0 / (high - low))); }

// The share of the values of a noise that lie below: a normal distribution's, by the logistic function.
fn share(value: f32, deviation: f32) -> f32 { return 1.0 / (1.0 + exp(-1.702 * (value - 0.5) / deviation)); }

fn stripe(phase: f32, duty: f32, stir: f32) -> f32 {
  let level = wave(6.2831853 * phase + QUARTER) - wave(3.1415927 * duty + QUARTER);
  return ramp(-0.35, 0.4, level + stir);
}

fn flank_marks(at: CoatPoint, seed: vec3f, style: vec4f, bend: f32) -> f32 {
  let p = at.place;
  if (style.x == 1.0) {  // mackerel: narrow, wavering, here and there broken
    let phase = style.y * p.z + 0.22 * wave(7.0 * p.y + seed.x) + 0.5 * bend;
    let whole = smoothstep(-0.85, -0.55, wave(9.0 * bend + 5.0 * p.y + seed.y));
    let torn = smoothstep(-0.95, -0.35, wave(15.0 * p.y + 3.7 * phase + seed.z));
    return stripe(phase, style.z * (1.0 + 0.25 * wave(2.3 * phase + seed.z)), 0.8 * at.lock) * whole * (0.35 + 0.65 * torn);
  }
  if (style.x == 2.0) {  // classic: a whorl on the flank
    let q = vec2f(p.z + 0.08, (p.y - 0.70) * 0.95) + 0.05 * bend;
    return stripe(style.y * length(q) + 0.35 * bend, style.z, 0.6 * at.lock);
  }
  if (HAS_SPECKLES) {  // spotted: longer than high, bent, the larger ones paler within, as rosettes are
    let q = p * style.y * vec3f(1.0, 1.0, 0.75) + seed;
    let inside = spots(q + (noise(1.7 * q) - 0.5) * vec3f(0.7, 0.9, -0.9), 0.75 * style.z) + 0.3 * at.lock;
    return ramp(-0.07, 0.07, inside) * (1.0 - 0.5 * ramp(0.22, 0.32, inside));
  }
  return 0.0;
}

// How much of a point a collar covers: a band about the neck, whose border is a hundredth of a stature wide.
fn collar_cover(place: vec3f) -> f32 {
  let c = &scene.collar;
  let q = place.yz - (*c)[1].xy;
  let along = dot(q, (*c)[1].zw);
  let off = vec3f(place.x, q - along * (*c)[1].zw);
  let on_neck = dot(off, off) < 0.11;  // not what lies in the same plane far below or above
  return select(0.0, ramp(-0.005, 0.005, (*c)[0].w - abs(along)), on_neck);
}

// Paint of hard things, whose first four fields are orders and shares of white, marks, patches and points.
fn paint_color(low: vec4f) -> vec3f {
  let c = &coat;
  var color = mix((*c)[0].rgb, (*c)[3].rgb, (*c)[3].w * low.y);
  color = mix(color, (*c)[4].rgb, covered((*c)[4].w, low.z, 8.0, 0.0));
  color = mix(color, (*c)[5].rgb, (*c)[5].w * low.w);
  return mix(color, (*c)[7].rgb, covered((*c)[7].w, low.x, 10.0, 0.0));
}

fn coat_color(at: CoatPoint) -> vec3f {
  let c = &coat;
  let style = (*c)[9];
  let border = (*c)[10];
  let seed = (*c)[11].xyz;
  let p = at.place;
  let stir = 0.17 * at.lock;

  var color = (*c)[0].rgb * (1.0 + 1.1 * (*c)[0].w * at.lock);
  color = mix(color, (*c)[1].rgb, covered((*c)[1].w, at.low.y, (*c)[11].w, stir));
  color = mix(color, (*c)[2].rgb, covered((*c)[2].w, at.low.z, border.w, stir));
  if ((*c)[3].w > 0.0) {
    let bend = 2.0 * at.high.w - 1.0;  // what lays out patches also bends stripes
    var mark = ramp(0.38, 0.66, at.high.y + 1.5 * stir);
    if (style.x == 4.0) {  // brindle: streaks all over, of uneven width, torn and blurred along the hair
      let waver = 0.35 * wave(9.0 * p.y + 3.0 * bend + seed.x) + 0.2 * wave(21.0 * p.y + 8.0 * p.z + seed.y);
      let phase = style.y * (p.z + 0.3 * p.y) + 1.6 * bend + waver;
      let level = wave(6.2831853 * phase + QUARTER) - wave(3.1415927 * style.z * (0.95 + 0.5 * wave(2.4 * phase + seed.z)) + QUARTER);
      let torn = wave(11.0 * p.y + 2.7 * phase + seed.z) + 0.6 * wave(7.0 * bend + 4.0 * p.z + seed.x);
      mark = ramp(-1.1, 1.1, level + 0.6 * torn + 9.0 * stir) * (0.78 + 0.14 * torn);
    } else if (style.x > 0.0) {
      mark = max(mark, at.high.z * flank_marks(at, seed, style, bend));
    }
    color = mix(color, (*c)[3].rgb, (*c)[3].w * mark);
  }
  var patches = covered((*c)[4].w, at.high.w, 10.0, stir);
  if (HAS_SPECKLES) {
    if (border.z > 0.0) {
      let q = p * border.z;
      let torn = noise(q * vec3f(8.0, 6.0, 3.5) + seed.zxy);  // narrow across the hair
      let value = 0.40 * noise(q + seed.yzx) + 0.32 * noise(q * 2.7 + seed) + 0.28 * torn;
      patches = covered((*c)[4].w, share(value, 0.111), 5.0, 3.0 * stir);
    } else if (border.z < 0.0) {
      patches = ramp(-0.06, 0.06, spots(p * -border.z + seed, (*c)[4].w) + 1.5 * stir);
    }
  }
  color = mix(color, (*c)[4].rgb, patches);
  color = mix(color, (*c)[5].rgb, (*c)[5].w * ramp(0.15, 0.70, at.low.w + stir));
  color = mix(color, (*c)[6].rgb, (*c)[6].w * ramp(0.38, 0.62, at.high.x + 1.5 * stir));
  var white = covered((*c)[7].w, at.low.x, 16.0, stir);
  if (HAS_SPECKLES) {
    white *= 1.0 - border.y * ramp(-0.05, 0.08, spots(p * 24.0 + seed, 0.42) + 3.0 * stir);
  }
  return mix(color, (*c)[7].rgb, white);
}
