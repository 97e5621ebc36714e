// Ground and objects: tiling surfaces with normal maps.

struct Output {
  @location(0) color: vec4f,
  @location(1) ids: vec2u,   // what is seen; 1 where the subject is, were nothing in front of it (written by the subject only)
};

// Tangent frame from screen derivatives of position and uv (Mikkelsen 2010; Schüler 2013): no tangents in the meshes.
fn bend(normal: vec3f, bump: vec2f, position: vec3f, uv: vec2f) -> vec3f {
  let px = dpdx(position);
  let py = dpdy(position);
  let ux = dpdx(uv);
  let uy = dpdy(uv);
  let a = cross(py, normal);
  let b = cross(normal, px);
  let t = a * ux.x + b * uy.x;
  let s = a * ux.y + b * uy.y;
  let largest = max(dot(t, t), dot(s, s));
  let scale = select(inverseSqrt(largest), 0.0, largest < 1e-30);
  // uv runs down the image and the map's green up it, hence the minus.
  return normalize(normal * sqrt(max(1.0 - dot(bump, bump), 0.04)) + (t * bump.x - s * bump.y) * scale);
}

fn surface_facet(position: vec3f, normal: vec3f, under_sun: vec3f, uv: vec2f, layer: i32) -> Facet {
  let color = textureSample(surface_color, tiling, uv, layer);
  let detail = textureSample(surface_detail, tiling_near, uv, layer);
  let bent = bend(normal, detail.xy * 2.0 - 1.0, position, uv);
  return Facet(position, bent, under_sun, decode(color.rgb), color.a, max(detail.z, 0.06), detail.w);
}

struct ObjectVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  @location(0) position: vec3f,
  @location(1) normal: vec3f,
  @location(2) uv: vec2f,
  @location(3) @interpolate(flat) layer_id: vec2i,
  @location(4) under_sun: vec3f,
  @location(5) @interpolate(flat) center: vec3f,
};

@vertex fn vs_object(@builtin(instance_index) k: u32, @location(0) position: vec3f, @location(1) normal: vec3f,
                     @location(2) uv: vec2f) -> ObjectVertex {
  let world = transform_by_rows(objects[k].transform, vec4f(position, 1.0));
  let n = transform_by_rows(objects[k].normal, vec4f(normal, 0.0));
  let s = objects[k].surface;
  let turned = vec2f(s.y * uv.x - s.z * uv.y, s.z * uv.x + s.y * uv.y);
  let clip = scene.view_projection * vec4f(world, 1.0);
  return ObjectVertex(clip, LIT_OF_SCENE, world, n, turned, vec2i(s.xw), under_sun(world, normalize(n)), scene.center.xyz);
}

fn toward_camera(in: ObjectVertex) -> vec3f {
  let facing = normalize(in.normal);
  return select(-facing, facing, dot(facing, lit.camera.xyz - in.position) > 0.0);
}

@fragment fn fs_object(in: ObjectVertex) -> Output {
  lit = LIT_OF_IN;
  let toward = toward_camera(in);
  var facet = surface_facet(in.position, toward, in.under_sun, in.uv, in.layer_id.x);
  facet.open *= openness(in.center - in.position, toward);
  return Output(vec4f(tone_map(shade(facet)), 1.0), vec2u(u32(in.layer_id.y), 0u));
}

struct GroundVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  @location(0) ray: vec3f,
  @location(1) ray_under_sun: vec3f,
  @location(2) @interpolate(flat) camera_under_sun: vec3f,  // as if it stood on the ground
  @location(3) @interpolate(flat) center: vec3f,
  @location(4) @interpolate(flat) ground: vec4f,
};

// A square of a thousand radii to each side. Its points are found again from the pixel's ray, which stays exact far away.
@vertex fn vs_ground(@builtin(vertex_index) i: u32) -> GroundVertex {
  let corner = vec2f(f32(i & 1u), f32(i >> 1u)) * 2.0 - 1.0;
  let far = corner * (1000.0 * scene.center.w);
  let world = vec3f(scene.camera.x + far.x, 0.0, scene.camera.z + far.y);
  let ray = world - scene.camera.xyz;
  let ray_under_sun = (scene.sun_projection * vec4f(ray, 0.0)).xyz;
  return GroundVertex(scene.view_projection * vec4f(world, 1.0), LIT_OF_SCENE, ray, ray_under_sun,
                      under_sun(scene.camera.xyz, vec3f(0.0, 1.0, 0.0)), scene.center.xyz, scene.ground);
}

// How many of its lengths away a pixel's ray meets the ground.
fn along_ray(in: GroundVertex) -> f32 { return -lit.camera.y / min(in.ray.y, -1e-6); }

@fragment fn fs_ground(in: GroundVertex) -> Output {
  lit = LIT_OF_IN;
  let t = along_ray(in);
  let position = lit.camera.xyz + in.ray * t;
  let p = position.xz - in.center.xz;
  let g = in.ground;
  let uv = vec2f(g.y * p.x - g.z * p.y, g.z * p.x + g.y * p.y);
  let color = textureSample(surface_color, tiling, uv, i32(g.x));
  let detail = textureSample(surface_detail, tiling_near, uv, i32(g.x));
  // The tangent frame of a plane is known: derivatives, as `bend` takes them, would cost a sixth of the whole image.
  let bump = (detail.xy * 2.0 - 1.0) * g.w;
  let rise = sqrt(max(1.0 - dot(bump, bump) / (g.w * g.w), 0.04));
  // Of unit length: (g.y, g.z) · g.w is.
  let slope = vec3f(g.y * bump.x - g.z * bump.y, rise, -g.z * bump.x - g.y * bump.y);
  let up = vec3f(0.0, 1.0, 0.0);
  let open = detail.w * openness(in.center - position, up);
  let facet = Facet(position, slope, in.camera_under_sun + in.ray_under_sun * t,
                    decode(color.rgb), color.a, max(detail.z, 0.06), open);
  return Output(vec4f(tone_map(shade(facet)), 1.0), vec2u(1u, 0u));
}
