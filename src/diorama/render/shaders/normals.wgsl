// Normals as labels: the meshes' smooth ones, without normal maps and hairs, in the camera's axes.

// A normal that an interpolation turned away from the camera is bent back until it is seen from the side.
fn seen_normal(normal: vec3f, position: vec3f) -> vec4f {
  let v = normalize(scene.camera.xyz - position);
  let away = min(dot(normal, v), 0.0);
  let n = normalize(normal - (away - 1e-6) * v);
  return vec4f(dot(n, normalize(scene.ray_x.xyz)), dot(n, normalize(scene.ray_y.xyz)), -dot(n, normalize(scene.ray_0.xyz)), 1.0);
}

@fragment fn fs_object_normals(in: ObjectVertex) -> @location(0) vec4f {
  return seen_normal(toward_camera(in), in.position);
}

@fragment fn fs_ground_normals(in: GroundVertex) -> @location(0) vec4f {
  return seen_normal(vec3f(0.0, 1.0, 0.0), on_ground(in));
}
