// A photo behind everything, and the shadows that fall on it where the ground would be.

@group(1) @binding(0) var plates: texture_2d_array<f32>;  // a picture for each scene, in its own pixels

struct PlateVertex {
  @builtin(position) clip: vec4f,
};

@vertex fn vs_plate(@builtin(vertex_index) i: u32) -> PlateVertex {
  return PlateVertex(vec4f(vec2f(f32(i & 1u), f32(i >> 1u)) * 4.0 - 1.0, 0.0, 1.0));
}

// As it is: what was photographed has had its tones mapped. Layers are numbered like those of the shadow map.
@fragment fn fs_plate(in: PlateVertex) -> @location(0) vec4f {
  return vec4f(textureLoad(plates, vec2i(in.clip.xy), i32(scene.sky.w), 0).rgb, 1.0);
}

// What is left of the light on level ground, to be multiplied with what is drawn.
@fragment fn fs_catcher(in: GroundVertex) -> @location(0) vec4f {
  let up = vec3f(0.0, 1.0, 0.0);
  let position = on_ground(in);
  let around = ambient(up);
  let sun = sun_at(position) * max(scene.sun_direction.y, 0.0);
  let left = around * openness(position, up) + sun * sunlit(position, up);
  return vec4f(left / max(around + sun, vec3f(1e-6)), 1.0);
}
