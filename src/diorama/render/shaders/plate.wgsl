// A photo behind everything, and the shadows that fall on it where the ground would be.

@group(1) @binding(0) var plates: texture_2d_array<f32>;  // a picture for each scene, in its own pixels

struct PlateVertex {
  @builtin(position) clip: vec4f,
  @location(0) @interpolate(flat) layer: i32,  // they are numbered like those of the shadow map
};

@vertex fn vs_plate(@builtin(vertex_index) i: u32) -> PlateVertex {
  return PlateVertex(vec4f(vec2f(f32(i & 1u), f32(i >> 1u)) * 4.0 - 1.0, 0.0, 1.0), i32(scene.irradiance[5].w));
}

// As it is: what was photographed has had its tones mapped.
@fragment fn fs_plate(in: PlateVertex) -> @location(0) vec4f {
  return vec4f(textureLoad(plates, vec2i(in.clip.xy), in.layer, 0).rgb, 1.0);
}

// What is left of the light on level ground, to be multiplied with what is drawn.
@fragment fn fs_catcher(in: GroundVertex) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  let up = vec3f(0.0, 1.0, 0.0);
  let t = along_ray(in);
  let position = lit.camera.xyz + in.ray * t;
  let around = ambient(up);
  let sun = sun_at(position) * max(to_sun().y, 0.0);
  let left = around * openness(in.center.xyz - position, up) + sun * sunlit(in.camera_under_sun + in.ray_under_sun * t);
  return vec4f(left / max(around + sun, vec3f(1e-6)), 1.0);
}
