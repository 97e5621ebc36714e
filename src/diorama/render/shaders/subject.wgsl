// The subject: posed vertices, glTF metallic-roughness materials (glTF 2.0, section 3.9), or a surface in their place.
// HAS_… are replaced when the pipeline is built, so that a subject pays only for the maps that it has.

struct Look {              // a material, as the vertex stage hands it on
  maps: vec4f,             // texture layers: base colour, normal, metallic-roughness, emissive; -1 for none
  factors: vec4f,          // metallic, roughness, alpha cutoff, fur
  emissive: vec4f,         // and the texture layer of occlusion
  hair: vec4f,             // kind, length in metres; wetness; which textures lie in the second set of uv, a bit each
};

@group(1) @binding(0) var<storage, read> looks: array<Look>;
@group(1) @binding(1) var textures: texture_2d_array<f32>;          // colours, sRGB codes
@group(1) @binding(2) var linear_textures: texture_2d_array<f32>;   // normals, roughness and metalness

struct SubjectVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  @location(11) position: vec3f,
  @location(12) normal: vec3f,
  @location(13) uv: vec2f,
  @location(14) color: vec4f,
  @location(15) @interpolate(flat) maps: vec4f,
  @location(16) @interpolate(flat) factors: vec4f,
  @location(17) @interpolate(flat) emissive: vec3f,
  @location(18) place: vec4f,        // at rest, in the subject's unit; share of the colour that is the coat's
  @location(19) low: vec4f,          // fields of the coat
  @location(20) high: vec4f,
  @location(21) along: vec3f,        // which way hair lies
  @location(22) @interpolate(flat) hair: vec3f,  // kind; height of the layer, 0 at the skin, 1 at the tips; wetness
  @location(23) second: vec2f,       // uv
  @location(24) @interpolate(flat) more: vec2f,  // texture layer of occlusion; which textures lie in the second set
  @location(25) under_sun: vec3f,
};

@vertex fn vs_subject(@builtin(instance_index) k: u32, @location(0) skin: vec3f, @location(1) normal: vec4f, @location(2) color: vec4f,
                      @location(3) uv: vec2f, @location(4) look: u32, @location(5) place: vec4f,
                      @location(6) low: vec4f, @location(7) high: vec4f, @location(8) second: vec2f) -> SubjectVertex {
  let m = looks[look & 0xffffu];
  let longness = f32(look >> 24u) / 255.0;
  let kind = select(m.hair.x, 0.0, m.hair.x == 1.0 && longness < 0.4);  // faces and paws of the long-haired are short-haired
  var along = vec3f(0.0);
  var position = skin;
  var layer = 0.0;
  if (HAS_FUR) { along = from_angle(normal.xyz, normal.w); }
  if (HAS_LAYER) {
    layer = f32(k + 1u) / scene.subject.w;
    position += raised(skin, normal.xyz, along, m.hair.y * longness, layer);
  }
  var clip = scene.view_projection * vec4f(position, 1.0);
  if (HAS_LAYER && all(position == skin)) { clip.z = -0.01 * clip.w; }  // behind all there is: not drawn at all
  var out = normal.xyz;
  if (HAS_DOUBLE_SIDED && dot(out, scene.camera.xyz - position) < 0.0) { out = -out; }
  return SubjectVertex(clip, LIT_OF_SCENE, position, normal.xyz, uv, color,
                       m.maps, m.factors, m.emissive.rgb, place, low, high, along, vec3f(kind, layer, m.hair.z),
                       second, vec2f(m.emissive.w, m.hair.w), under_sun(position, out));
}

// Where a texture lies: of maps.xyzw 0 to 3, of occlusion 4.
fn uv_of(in: SubjectVertex, texture: u32) -> vec2f {
  return select(in.uv, in.second, HAS_SECOND && ((u32(in.more.y) >> texture) & 1u) == 1u);
}

fn own_facet(in: SubjectVertex, normal: vec3f, lock: f32) -> Facet {
  var f = Facet(in.position, normal, in.under_sun, in.color.rgb, in.factors.x, max(in.factors.y, 0.06), 1.0);
  if (HAS_COAT) {
    var own = vec3f(0.0);
    if (HAS_FUR) { own = coat_color(CoatPoint(in.place.xyz, in.low, in.high, lock)); } else { own = paint_color(in.low); }
    f.albedo = mix(f.albedo, own, in.place.w);
  }
  if (HAS_COLOR) {
    let texel = textureSample(textures, tiling, uv_of(in, 0u), i32(max(in.maps.x, 0.0)));
    f.albedo *= select(decode(texel.rgb), vec3f(1.0), in.maps.x < 0.0);
    if (HAS_CUTOFF) {
      if (select(texel.a, 1.0, in.maps.x < 0.0) * in.color.a < in.factors.z) { discard; }
    }
  }
  if (HAS_NORMAL) {
    let uv = uv_of(in, 1u);
    let bump = textureSample(linear_textures, tiling, uv, i32(max(in.maps.y, 0.0))).xy * 2.0 - 1.0;
    f.normal = bend(normal, select(bump, vec2f(0.0), in.maps.y < 0.0), in.position, uv);
  }
  if (HAS_ROUGHNESS) {
    let texel = textureSample(linear_textures, tiling, uv_of(in, 2u), i32(max(in.maps.z, 0.0)));
    f.roughness = max(f.roughness * select(texel.g, 1.0, in.maps.z < 0.0), 0.06);
    f.metallic *= select(texel.b, 1.0, in.maps.z < 0.0);
  }
  if (HAS_OCCLUSION) {
    let open = textureSample(linear_textures, tiling, uv_of(in, 4u), i32(max(in.more.x, 0.0))).r;
    f.open = select(open, 1.0, in.more.x < 0.0);
  }
  return f;
}

// A surface laid on from the axis that the normal is nearest to: any mesh can take it, whatever its uv.
fn surfaced_facet(in: SubjectVertex, normal: vec3f) -> Facet {
  let p = in.position - scene.center.xyz;
  let a = abs(normal);
  let side = select(p.xy, p.zy, a.x > a.z);
  let q = select(side, p.xz, a.y > max(a.x, a.z));
  let s = scene.subject;
  return surface_facet(in.position, normal, in.under_sun, vec2f(s.y * q.x - s.z * q.y, s.z * q.x + s.y * q.y), i32(s.x));
}

// The window or flash that eyes and noses mirror in nearly every photo: a lamp above and beside the camera, as bright as
// the sky overhead.
fn catchlight(position: vec3f, normal: vec3f) -> vec3f {
  let v = normalize(lit.camera.xyz - position);
  let lamp = normalize(v + 0.7 * normalize(scene.ray_y.xyz) - 0.4 * normalize(scene.ray_x.xyz));
  return 1.3 * ambient(vec3f(0.0, 1.0, 0.0)) * pow(saturate(dot(normal, normalize(v + lamp))), 120.0);
}

// Of a layer of hair. Seen from the side, strands would blur into a mean that has no gaps: hence the bias.
fn strand(in: SubjectVertex) -> vec4f {
  return textureSampleBias(surface_detail, tiling_near, in.uv, i32(in.hair.x), -1.5);
}

@fragment fn fs_subject(in: SubjectVertex, @builtin(front_facing) front: bool) -> Output {
  lit = LIT_OF_IN;
  let n = normalize(in.normal) * select(-1.0, 1.0, front);
  var radiance = vec3f(0.0);
  var cover = 1.0;
  var texel = vec4f(0.0);
  if (HAS_LAYER) {
    texel = strand(in);
    cover = strand_cover(texel.w, in.hair.y);
    if (cover < select(0.5, 0.1, MULTISAMPLED)) { discard; }
  } else if (HAS_FUR) {
    texel = textureSample(surface_detail, tiling_near, in.uv, i32(in.hair.x));
  }
  if (SURFACED) {
    radiance = shade(surfaced_facet(in, n));
  } else {
    var facet = own_facet(in, n, texel.z * 2.0 - 1.0);
    if (HAS_FUR) {
      var lock = (texel * (255.0 / 127.5) - 128.0 / 127.5) * in.factors.w;
      if (HAS_COAT && !HAS_LAYER) {
        let worn = collar_cover(in.place.xyz);
        facet.albedo = mix(facet.albedo, scene.collar[0].rgb, worn);
        lock *= 1.0 - worn;
      }
      let along = normalize(in.along - n * dot(n, in.along));
      radiance = shade_fur(in.position, in.under_sun, n, along, facet.albedo * (1.0 + 0.15 * in.hair.y), lock);
    } else {
      radiance = shade(facet);
      if (HAS_COAT) { radiance += in.hair.z * catchlight(in.position, n); }
    }
    var glow = in.emissive;
    if (HAS_EMISSIVE) {
      let texel = textureSample(textures, tiling, uv_of(in, 3u), i32(max(in.maps.w, 0.0))).rgb;
      glow *= select(decode(texel), vec3f(1.0), in.maps.w < 0.0);
    }
    radiance += glow;
  }
  return Output(vec4f(tone_map(radiance), cover), vec2u(2u, 1u));
}

@fragment fn fs_subject_normals(in: SubjectVertex, @builtin(front_facing) front: bool) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  let n = normalize(in.normal) * select(-1.0, 1.0, front);
  if (HAS_LAYER) { if (strand_cover(strand(in).w, in.hair.y) < 0.5) { discard; } }
  if (HAS_CUTOFF && !SURFACED) { _ = own_facet(in, n, 0.0); }  // for what it leaves out
  return seen_normal(n, in.position);
}
