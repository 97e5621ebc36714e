// Furred parts of a subject, and layers of hair over them. They have no textures; fur.wgsl lights them.

struct PeltVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  COAT_FIELDS
  @location(0) position_u: vec4f,   // w of these two: where the map of hairs lies
  @location(1) normal_v: vec4f,
  @location(2) along_layer: vec4f,  // which way hair lies; height of the layer, 0 at the skin, 1 at the tips
  @location(3) color: vec3f,
  @location(4) place: vec4f,        // at rest, in the subject's unit; share of the colour that is the coat's
  @location(5) low: vec4f,          // fields of the coat
  @location(6) high: vec4f,
  @location(7) under_sun: vec3f,
  @location(8) @interpolate(flat) style: vec4f,   // rows 9 and 10 of the coat. Two of their numbers are of the vertex stage
  @location(9) @interpolate(flat) border: vec4f,  // alone; in their place, w of the one: kind of hair; x of the other: locks
};

@vertex fn vs_pelt(@builtin(instance_index) k: u32, @location(0) skin: vec3f, @location(1) normal: vec4f, @location(2) color: vec4f,
                   @location(3) uv: vec2f, @location(4) look: u32, @location(5) place: vec4f,
                   @location(6) low: vec4f, @location(7) high: vec4f) -> PeltVertex {
  let m = looks[look & 0xffffu];
  let longness = f32(look >> 24u) / 255.0;
  let along = from_angle(normal.xyz, normal.w);
  var position = skin;
  var layer = 0.0;
  if (HAS_LAYER) {
    layer = f32(k + 1u) / scene.subject.w;
    position += raised(skin, normal.xyz, along, m.hair.y * longness, layer);
  }
  var clip = scene.view_projection * vec4f(position, 1.0);
  if (HAS_LAYER && all(position == skin)) { clip.z = -0.01 * clip.w; }  // behind all there is: not drawn at all
  let kind = select(m.hair.x, 0.0, m.hair.x == 1.0 && longness < 0.4);  // faces and paws of the long-haired are short-haired
  let style = vec4f(scene.coat[9].xyz, kind);
  let border = vec4f(m.factors.w, scene.coat[10].yzw);
  return PeltVertex(clip, LIT_OF_SCENE, COAT_OF_SCENE, vec4f(position, uv.x), vec4f(normal.xyz, uv.y), vec4f(along, layer),
                    color.rgb, place, low, high, under_sun(position, normal.xyz), style, border);
}

// Seen from the side, strands of a layer would blur into a mean that has no gaps: hence the bias.
fn hairs(in: PeltVertex) -> vec4f {
  let uv = vec2f(in.position_u.w, in.normal_v.w);
  return textureSampleBias(surface_detail, tiling_near, uv, i32(in.style.w), select(0.0, -1.5, HAS_LAYER));
}

@fragment fn fs_pelt(in: PeltVertex, @builtin(front_facing) front: bool) -> Output {
  lit = LIT_OF_IN;
  coat = COAT_OF_IN;
  coat[9] = in.style;
  coat[10] = in.border;
  let n = normalize(in.normal_v.xyz) * select(-1.0, 1.0, front);
  let layer = in.along_layer.w;
  let texel = hairs(in);
  var cover = 1.0;
  if (HAS_LAYER) {
    cover = strand_cover(texel.w, layer);
    if (cover < select(0.5, 0.1, MULTISAMPLED)) { discard; }
  }
  let own = coat_color(CoatPoint(in.place.xyz, in.low, in.high, texel.z * 2.0 - 1.0));
  var color = mix(in.color, own, in.place.w);
  var lock = (texel * (255.0 / 127.5) - 128.0 / 127.5) * in.border.x;
  if (HAS_COLLAR && !HAS_LAYER) {
    let worn = collar_cover(in.place.xyz);
    color = mix(color, scene.collar[0].rgb, worn);
    lock *= 1.0 - worn;
  }
  let along = normalize(in.along_layer.xyz - n * dot(n, in.along_layer.xyz));
  let radiance = shade_fur(in.position_u.xyz, in.under_sun, n, along, color * (1.0 + 0.15 * layer), lock);
  return Output(vec4f(tone_map(radiance), cover), vec2u(2u, 1u));
}

@fragment fn fs_pelt_normals(in: PeltVertex, @builtin(front_facing) front: bool) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  if (HAS_LAYER) { if (strand_cover(hairs(in).w, in.along_layer.w) < 0.5) { discard; } }
  return seen_normal(normalize(in.normal_v.xyz) * select(-1.0, 1.0, front), in.position_u.xyz);
}
