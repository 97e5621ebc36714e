// An animal's coat, per pixel: layers of pigment over each other (assets/coat.py), their borders ragged as hair is.
// Fields are interpolated and compared here, so that borders stay crisp between sparse vertices.

struct CoatPoint {
  place: vec3f,   // bind space, in the subject's unit of length (the height at the withers), along +Z
  low: vec4f,     // orders of white, pale and shade, share of the points
  high: vec4f,    // share of tan points, level of bars, share of the flank, order of large patches
};

// 1 where the order lies under the extent; `soft` is the width of the border, `stir` moves it.
fn covered(extent: f32, order: f32, soft: f32, stir: f32) -> f32 {
  return smoothstep(-soft, soft, extent * (1.0 + 2.0 * soft) - soft - order + stir * min(1.0, 8.0 * extent));
}

// The share of the values of a noise that lie below: a normal distribution's, by the logistic function.
fn share(value: f32, deviation: f32) -> f32 { return 1.0 / (1.0 + exp(-1.702 * (value - 0.5) / deviation)); }

fn stripe(phase: f32, duty: f32, stir: f32) -> f32 {
  let level = cos(6.2831853 * phase) - cos(3.1415927 * duty);
  return smoothstep(-0.25, 0.3, level + stir);
}

fn flank_marks(p: vec3f, seed: vec3f, style: vec4f, stir: f32) -> f32 {
  let warp = noise(p * 3.4 + seed.yzx) - 0.5;
  if (style.x == 1.0) {  // mackerel: narrow, wavering, here and there broken
    let broken = smoothstep(0.16, 0.36, noise(p * 4.5 + seed.zxy));
    return stripe(style.y * p.z + 0.22 * sin(7.0 * p.y + seed.x) + 1.1 * warp, style.z, stir) * broken;
  }
  if (style.x == 2.0) {  // classic: a whorl on the flank
    let q = vec2f(p.z + 0.08, (p.y - 0.70) * 0.95) + 0.10 * warp;
    return stripe(style.y * length(q) + 0.7 * warp, style.z, stir);
  }
  return smoothstep(-0.07, 0.07, spots(p * style.y + seed, 0.75 * style.z) + 0.25 * stir);
}

// Paint of hard things, whose first four fields are orders and shares of white, marks, patches and points.
fn paint_color(at: CoatPoint) -> vec3f {
  let c = &scene.coat;
  var color = mix((*c)[0].rgb, (*c)[3].rgb, (*c)[3].w * at.low.y);
  color = mix(color, (*c)[4].rgb, covered((*c)[4].w, at.low.z, 0.06, 0.0));
  color = mix(color, (*c)[5].rgb, (*c)[5].w * at.low.w);
  return mix(color, (*c)[7].rgb, covered((*c)[7].w, at.low.x, 0.05, 0.0));
}

fn coat_color(at: CoatPoint) -> vec3f {
  let c = &scene.coat;
  let style = (*c)[9];
  let border = (*c)[10];
  let seed = (*c)[11].xyz;
  let p = at.place;
  // Locks lie backwards, so that borders fray along the body.
  let hair = p * vec3f(1.0, 1.0, 0.5);
  let fine = noise(hair * 52.0 + seed) - 0.5;
  let stir = (noise(hair * 15.0 + seed.zxy) - 0.5) + 0.7 * fine;

  var color = (*c)[0].rgb * (1.0 + 0.7 * (*c)[0].w * fine);
  color = mix(color, (*c)[1].rgb, covered((*c)[1].w, at.low.y, (*c)[11].w, 0.16 * stir));
  color = mix(color, (*c)[2].rgb, covered((*c)[2].w, at.low.z, border.w, 0.14 * stir));
  if ((*c)[3].w > 0.0) {
    var mark = smoothstep(0.40, 0.62, at.high.y + 0.2 * stir);
    if (style.x == 4.0) {  // brindle: streaks all over, dark and light by turns
      let phase = style.y * (p.z + 0.25 * p.y) + 3.0 * noise(p * 5.0 + seed.yzx);
      mark = stripe(phase, style.z, 1.2 * stir) * (0.45 + 0.55 * noise(p * 7.0 + seed));
    } else if (style.x > 0.0) {
      mark = max(mark, at.high.z * flank_marks(p, seed, style, 0.6 * stir));
    }
    color = mix(color, (*c)[3].rgb, (*c)[3].w * mark);
  }
  if ((*c)[4].w > 0.0) {
    var patch_cover = 0.0;
    if (border.z < 0.0) {
      patch_cover = smoothstep(-0.06, 0.06, spots(p * -border.z + seed, (*c)[4].w) + 0.2 * stir);
    } else {
      var order = at.high.w;
      if (border.z > 0.0) {
        order = share(0.55 * noise(p * border.z + seed.yzx) + 0.45 * noise(p * (2.7 * border.z) + seed), 0.135);
      }
      patch_cover = covered((*c)[4].w, order, 0.05, 0.16 * stir);
    }
    color = mix(color, (*c)[4].rgb, patch_cover);
  }
  color = mix(color, (*c)[5].rgb, (*c)[5].w * smoothstep(0.12, 0.75, at.low.w + 0.12 * stir));
  color = mix(color, (*c)[6].rgb, (*c)[6].w * smoothstep(0.35, 0.65, at.high.x + 0.2 * stir));
  var white = covered((*c)[7].w, at.low.x, 0.03, 0.12 * stir);
  if (border.y > 0.0) {
    white *= 1.0 - border.y * smoothstep(-0.05, 0.1, spots(p * 15.0 + seed, 0.42) + 0.3 * stir);
  }
  return mix(color, (*c)[7].rgb, white);
}
