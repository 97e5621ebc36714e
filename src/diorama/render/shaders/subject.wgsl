// The subject where it is not furred (pelt.wgsl): glTF metallic-roughness materials (glTF 2.0, section 3.9), or a surface in
// their place.
// HAS_… are replaced when the pipeline is built, so that a subject pays only for the maps that it has.

struct SubjectVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  PAINT_FIELDS
  @location(0) position: vec3f,
  @location(1) normal: vec3f,
  @location(2) uv: vec4f,           // two sets
  @location(3) color: vec4f,
  @location(4) @interpolate(flat) maps: vec4f,
  @location(5) @interpolate(flat) factors: vec4f,
  @location(6) @interpolate(flat) emissive: vec3f,
  @location(7) @interpolate(flat) more: vec3f,  // texture layer of occlusion; textures in the second set of uv; wetness
  @location(8) low: vec4f,          // fields of the coat
  @location(9) under_sun_coated: vec4f,  // w: share of the colour that is the coat's
};

@vertex fn vs_subject(@location(0) position: vec3f, @location(1) normal: vec4f, @location(2) color: vec4f,
                      @location(3) uv: vec2f, @location(4) look: u32, @location(5) place: vec4f,
                      @location(6) low: vec4f, @location(8) second: vec2f) -> SubjectVertex {
  let m = looks[look & 0xffffu];
  var out = normal.xyz;
  if (HAS_DOUBLE_SIDED && dot(out, scene.camera.xyz - position) < 0.0) { out = -out; }
  return SubjectVertex(scene.view_projection * vec4f(position, 1.0), LIT_OF_SCENE, PAINT_OF_SCENE, position, normal.xyz,
                       vec4f(uv, second), color, m.maps, m.factors, m.emissive.rgb, vec3f(m.emissive.w, m.hair.wz),
                       low, vec4f(under_sun(position, out), place.w));
}

// Where a texture lies: of maps.xyzw 0 to 3, of occlusion 4.
fn uv_of(in: SubjectVertex, texture: u32) -> vec2f {
  return select(in.uv.xy, in.uv.zw, HAS_SECOND && ((u32(in.more.y) >> texture) & 1u) == 1u);
}

fn own_facet(in: SubjectVertex, normal: vec3f) -> Facet {
  var f = Facet(in.position, normal, in.under_sun_coated.xyz, in.color.rgb, in.factors.x, max(in.factors.y, 0.06), 1.0);
  if (HAS_COAT) { f.albedo = mix(f.albedo, paint_color(in.low), in.under_sun_coated.w); }
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
  return surface_facet(in.position, normal, in.under_sun_coated.xyz, vec2f(s.y * q.x - s.z * q.y, s.z * q.x + s.y * q.y), i32(s.x));
}

// The window or flash that eyes and noses mirror in nearly every photo: a lamp above and beside the camera, as bright as
// the sky overhead.
fn catchlight(position: vec3f, normal: vec3f) -> vec3f {
  let v = normalize(lit.camera.xyz - position);
  let lamp = normalize(v + 0.7 * normalize(scene.ray_y.xyz) - 0.4 * normalize(scene.ray_x.xyz));
  return 1.3 * ambient(vec3f(0.0, 1.0, 0.0)) * pow(saturate(dot(normal, normalize(v + lamp))), 120.0);
}

@fragment fn fs_subject(in: SubjectVertex, @builtin(front_facing) front: bool) -> Output {
  lit = LIT_OF_IN;
  let n = normalize(in.normal) * select(-1.0, 1.0, front);
  var radiance = vec3f(0.0);
  if (SURFACED) {
    radiance = shade(surfaced_facet(in, n));
  } else {
    coat = PAINT_OF_IN;
    radiance = shade(own_facet(in, n));
    if (HAS_COAT) { radiance += in.more.z * catchlight(in.position, n); }
    var glow = in.emissive;
    if (HAS_EMISSIVE) {
      let texel = textureSample(textures, tiling, uv_of(in, 3u), i32(max(in.maps.w, 0.0))).rgb;
      glow *= select(decode(texel), vec3f(1.0), in.maps.w < 0.0);
    }
    radiance += glow;
  }
  return Output(vec4f(tone_map(radiance), 1.0), vec2u(2u, 1u));
}

@fragment fn fs_subject_normals(in: SubjectVertex, @builtin(front_facing) front: bool) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  let n = normalize(in.normal) * select(-1.0, 1.0, front);
  if (HAS_CUTOFF && !SURFACED) { _ = own_facet(in, n); }  // for what it leaves out
  return seen_normal(n, in.position);
}
