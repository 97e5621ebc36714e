// Directions in the plane of a unit normal as angles. Frame about a normal: Duff et al. 2017.

// The direction in the plane of a unit normal that lies so many half-turns from the first axis of its frame.
fn from_angle(n: vec3f, half_turns: f32) -> vec3f {
  let s = select(1.0, -1.0, n.z < 0.0);
  let a = -1.0 / (s + n.z);
  let b = n.x * n.y * a;
  let one = vec3f(1.0 + s * n.x * n.x * a, s * b, -s * n.x);
  let two = vec3f(b, s + n.y * n.y * a, -n.y);
  return one * cos(3.14159265359 * half_turns) + two * sin(3.14159265359 * half_turns);
}

fn to_angle(n: vec3f, direction: vec3f) -> f32 {
  return atan2(dot(direction, from_angle(n, 0.5)), dot(direction, from_angle(n, 0.0))) / 3.14159265359;
}
