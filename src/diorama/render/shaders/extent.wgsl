// The box around a subject's projected vertices, inside the image or not. One workgroup per image.

struct Shown {
  view_projection: mat4x4f,  // as scene.wgsl's
  first: u32,                // posed vertex
  count: u32,                // of posed vertices
  size: f32,                 // side of the image, pixels
  near: f32,                 // distance of the near plane
};

@group(0) @binding(0) var<storage, read> shown: array<Shown>;
@group(0) @binding(1) var<storage, read> posed: array<array<f32, 13>>;       // pose.wgsl's Posed, which starts with its position
@group(0) @binding(2) var<storage, read_write> extents: array<vec4f>;        // left, top, right, bottom in pixels

var<workgroup> lowest: array<vec2f, 64>;
var<workgroup> highest: array<vec2f, 64>;

@compute @workgroup_size(64) fn extent(@builtin(workgroup_id) image: vec3u, @builtin(local_invocation_index) t: u32) {
  let s = &shown[image.x];
  var low = vec2f(3.0e38);
  var high = vec2f(-3.0e38);
  for (var i = t; i < (*s).count; i += 64u) {
    let v = &posed[(*s).first + i];
    let clip = (*s).view_projection * vec4f((*v)[0], (*v)[1], (*v)[2], 1.0);
    let at = clip.xy / max(clip.w, (*s).near);  // what lies before the near plane is taken at it
    low = min(low, at);
    high = max(high, at);
  }
  lowest[t] = low;
  highest[t] = high;
  workgroupBarrier();
  if (t == 0u) {
    for (var k = 1u; k < 64u; k++) {
      low = min(low, lowest[k]);
      high = max(high, highest[k]);
    }
    let half = 0.5 * (*s).size;
    extents[image.x] = vec4f(half + half * low.x, half - half * high.y, half + half * high.x, half - half * low.y);
  }
}
