// Linear blend skinning (Magnenat-Thalmann et al. 1988) and what an individual's coat varies slowly, once per subject and
// image; coat.wgsl does the rest.
// One row of workgroups per image that shows this mesh: workgroup y → jobs[y].

struct Rest {              // a vertex at rest, packed
  position: array<f32, 3>,
  normal: array<u32, 2>,   // snorm16 × 4: normal, and which way hair lies (see fur.wgsl)
  color: u32,              // unorm8 × 4: sRGB, linear alpha
  joints: array<u32, 2>,   // uint16 × 4
  weights: array<u32, 2>,  // unorm16 × 4
  coat: array<u32, 2>,     // unorm8 × 8: the fields of assets/coat.py
  amount: u32,             // unorm8: coat amount; bits 8 … 23: look
};

struct More {              // its fifth to eighth joint
  joints: array<u32, 2>,
  weights: array<u32, 2>,
};

struct Posed {
  position: array<f32, 3>, // world, metres
  normal: array<u32, 2>,   // snorm16 × 4
  color: array<u32, 2>,    // float16 × 4, linear
  place: array<u32, 2>,    // float16 × 4: place at rest in the subject's unit, share of the colour that is the coat's
  low: array<u32, 2>,      // float16 × 4: orders of white, pale and shade, share of the points
  high: array<u32, 2>,     // float16 × 4: share of tan points, level of bars, share of the flank, order of large patches
};

struct Job {
  palette: u32,            // first row of the joint palette, in vec4
  first: u32,              // first vertex to write
  stature: f32,            // the subject's unit of length, metres
  morphs: u32,             // first vec4 of the palette's weights of morph targets
  tint: vec4f,
  coat: array<vec4f, 12>,  // rows of assets/coat.py
};

@group(0) @binding(0) var<storage, read> palette: array<vec4f>;      // three rows per joint; weights of morph targets
@group(0) @binding(1) var<storage, read> jobs: array<Job>;
@group(0) @binding(2) var<storage, read_write> posed: array<Posed>;
@group(1) @binding(0) var<storage, read> rest: array<Rest>;
@group(1) @binding(1) var<storage, read> base_colors: array<vec4f>;  // linear, per look
@group(1) @binding(2) var<uniform> range: vec4u;                     // first job of this mesh, vertices, morph targets; whether there is more
@group(1) @binding(3) var<storage, read> morphs: array<array<f32, 6>>;  // by target and vertex: position, normal
@group(1) @binding(4) var<storage, read> more: array<More>;

fn to_linear(c: vec3f) -> vec3f {  // the sRGB transfer function, IEC 61966-2-1
  return select(pow((c + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

// The fields of an individual: chance moves the borders of white and shade and lays out large patches.
fn individual(j: u32, place: vec3f, low: vec4f, high: vec4f) -> array<vec4f, 2> {
  let uneven = jobs[j].coat[10].x;
  let seed = jobs[j].coat[11].xyz;
  let broad = noise(place * 2.7 + seed) + 0.35 * noise(place * 7.0 + seed.yzx) - 0.675;
  let large = 0.72 * noise(place * 2.3 + seed.zxy) + 0.28 * noise(place * 7.5 + seed.yxz);
  let order = 1.0 / (1.0 + exp(-11.0 * (large - 0.5)));  // about the share of the coat that lies below
  let point = max(low.w, high.x * jobs[j].coat[9].w);
  return array<vec4f, 2>(vec4f(low.x + 2.0 * uneven * broad, low.y, low.z + 0.5 * uneven * broad, point),
                         vec4f(high.yzw, order));
}

// The rows of the joint matrices' weighted sum.
fn blend(j: u32, joints: array<u32, 2>, weights: array<u32, 2>) -> mat3x4f {
  let share = vec4f(unpack2x16unorm(weights[0]), unpack2x16unorm(weights[1]));
  let rows = vec4u(joints[0] & 0xffffu, joints[0] >> 16u, joints[1] & 0xffffu, joints[1] >> 16u) * 3u + jobs[j].palette;
  var sum = mat3x4f();
  for (var k = 0; k < 4; k++) {
    sum += mat3x4f(palette[rows[k]], palette[rows[k] + 1u], palette[rows[k] + 2u]) * share[k];
  }
  return sum;
}

@compute @workgroup_size(64) fn pose(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= range.y) { return; }
  let j = range.x + id.y;
  let v = &rest[i];
  var blended = blend(j, (*v).joints, (*v).weights);
  if (range.w != 0u) {
    blended += blend(j, more[i].joints, more[i].weights);
  }
  let x = blended[0];
  let y = blended[1];
  let z = blended[2];
  var p = vec4f((*v).position[0], (*v).position[1], (*v).position[2], 1.0);
  var rest_normal = vec3f(unpack2x16snorm((*v).normal[0]), unpack2x16snorm((*v).normal[1]).x);
  let place = p.xyz / jobs[j].stature;
  for (var k = 0u; k < range.z; k++) {
    let weight = palette[jobs[j].morphs + k / 4u][k % 4u];
    let added = &morphs[k * range.y + i];
    p += weight * vec4f((*added)[0], (*added)[1], (*added)[2], 0.0);
    rest_normal += weight * vec3f((*added)[3], (*added)[4], (*added)[5]);
  }
  // Normals take the cofactor matrix, which is right for any scale and needs no inverse.
  let n = normalize(vec3f(dot(cross(y.xyz, z.xyz), rest_normal), dot(cross(z.xyz, x.xyz), rest_normal),
                          dot(cross(x.xyz, y.xyz), rest_normal)) + vec3f(0.0, 1e-20, 0.0));

  let way = from_angle(rest_normal, unpack2x16snorm((*v).normal[1]).y);
  let along = vec3f(dot(x.xyz, way), dot(y.xyz, way), dot(z.xyz, way));
  let look = (*v).amount >> 8u;
  let vertex_color = unpack4x8unorm((*v).color);
  let amount = unpack4x8unorm((*v).amount).x;
  var color = to_linear(vertex_color.rgb);
  let low = unpack4x8unorm((*v).coat[0]);
  let high = unpack4x8unorm((*v).coat[1]);
  let leather = jobs[j].coat[8];
  color = mix(color, leather.rgb, leather.w * high.w * step(amount, 0.0));
  let fields = individual(j, place, low, high);
  let own = base_colors[look];
  color *= own.rgb * jobs[j].tint.rgb;

  let o = jobs[j].first + i;
  posed[o].position = array<f32, 3>(dot(x, p), dot(y, p), dot(z, p));
  posed[o].normal = array<u32, 2>(pack2x16snorm(n.xy), pack2x16snorm(vec2f(n.z, to_angle(n, along))));
  posed[o].color = array<u32, 2>(pack2x16float(color.rg), pack2x16float(vec2f(color.b, vertex_color.a * own.a)));
  posed[o].place = array<u32, 2>(pack2x16float(place.xy), pack2x16float(vec2f(place.z, amount)));
  posed[o].low = array<u32, 2>(pack2x16float(fields[0].xy), pack2x16float(fields[0].zw));
  posed[o].high = array<u32, 2>(pack2x16float(fields[1].xy), pack2x16float(fields[1].zw));
}
