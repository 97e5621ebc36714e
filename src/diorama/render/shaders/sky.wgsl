// The sky behind everything: one triangle over the whole image at infinite depth.

struct SkyVertex {
  @builtin(position) clip: vec4f,
  LIT_FIELDS
  @location(0) ray: vec3f,
};

@vertex fn vs_sky(@builtin(vertex_index) i: u32) -> SkyVertex {
  let p = vec2f(f32(i & 1u), f32(i >> 1u)) * 4.0 - 1.0;
  return SkyVertex(vec4f(p, 0.0, 1.0), LIT_OF_SCENE, scene.ray_0.xyz + p.x * scene.ray_x.xyz + p.y * scene.ray_y.xyz);
}

@fragment fn fs_sky(in: SkyVertex) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  return vec4f(tone_map(sky_radiance(in_sky(in.ray), 0.0)), 1.0);
}
