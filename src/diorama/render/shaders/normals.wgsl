// Normals as labels: the meshes' smooth ones, without normal maps and hairs, in the camera's axes.

// A normal that an interpolation turned away from the camera is bent back until it is seen from the side.
fn seen_normal(normal: vec3f, position: vec3f) -> vec4f {
  let v = normalize(lit.camera.xyz - position);
  let away = min(dot(normal, v), 0.0);
  let n = normalize(normal - (away - 1e-6) * v);
  return vec4f(dot(n, normalize(scene.ray_x.xyz)), dot(n, normalize(scene.ray_y.xyz)), -dot(n, normalize(scene.ray_0.xyz)), 1.0);
}

// Backdrops are seen from both sides. Which side is told by the triangle, not by its interpolated normal: near an outline
// that may point away from the camera where the triangle faces it.
@fragment fn fs_object_normals(in: ObjectVertex, @builtin(front_facing) front: bool) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  return seen_normal(normalize(select(-in.normal, in.normal, front)), in.position);
}

@fragment fn fs_ground_normals(in: GroundVertex) -> @location(0) vec4f {
  lit = LIT_OF_IN;
  return seen_normal(vec3f(0.0, 1.0, 0.0), lit.camera.xyz + in.ray * along_ray(in));
}
