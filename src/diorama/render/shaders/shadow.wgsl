// Depth as the sun sees it: subject and objects, without a fragment stage.

@vertex fn vs_subject_shadow(@location(0) position: vec3f) -> @builtin(position) vec4f {
  return scene.sun_projection * vec4f(position, 1.0);
}

@vertex fn vs_object_shadow(@builtin(instance_index) k: u32, @location(0) position: vec3f) -> @builtin(position) vec4f {
  return scene.sun_projection * vec4f(transform_by_rows(objects[k].transform, vec4f(position, 1.0)), 1.0);
}
