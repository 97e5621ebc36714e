// Linear blend skinning (Magnenat-Thalmann et al. 1988) and coat colours, once per subject and image.
// One row of workgroups per image that shows this mesh: workgroup y → jobs[y].

struct Rest {              // a vertex at rest, packed
  position: array<f32, 3>,
  normal: array<u32, 2>,   // snorm16 × 4
  color: u32,              // unorm8 × 4: sRGB, linear alpha
  joints: array<u32, 2>,   // uint16 × 4
  weights: array<u32, 2>,  // unorm16 × 4
  coat: u32,               // unorm8 × 4: white order, stripes, patches, points
  amount: u32,             // unorm8: coat amount; bits 8 … 23: look
};

struct Posed {
  position: array<f32, 3>, // world, metres
  normal: array<u32, 2>,   // snorm16 × 4
  color: array<u32, 2>,    // float16 × 4, linear
};

struct Job {
  palette: u32,            // first row of the joint palette, in vec4
  first: u32,              // first vertex to write
  unused_a: u32,
  unused_b: u32,
  tint: vec4f,
  coat: array<vec4f, 5>,   // base, mark, patch, point, white; amounts in w
};

@group(0) @binding(0) var<storage, read> palette: array<vec4f>;      // three rows per joint
@group(0) @binding(1) var<storage, read> jobs: array<Job>;
@group(0) @binding(2) var<storage, read_write> posed: array<Posed>;
@group(1) @binding(0) var<storage, read> rest: array<Rest>;
@group(1) @binding(1) var<storage, read> base_colors: array<vec4f>;  // linear, per look
@group(1) @binding(2) var<uniform> range: vec4u;                     // first job of this mesh, vertices

fn to_linear(c: vec3f) -> vec3f {  // the sRGB transfer function, IEC 61966-2-1
  return select(pow((c + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

fn coat_color(j: u32, fields: vec4f) -> vec3f {
  let c = &jobs[j].coat;
  var color = mix((*c)[0].rgb, (*c)[1].rgb, (*c)[1].w * fields.y);
  color = mix(color, (*c)[2].rgb, smoothstep(-0.06, 0.06, (*c)[2].w * 1.12 - 0.06 - fields.z));
  color = mix(color, (*c)[3].rgb, (*c)[3].w * fields.w);
  return mix(color, (*c)[4].rgb, smoothstep(-0.05, 0.05, (*c)[4].w * 1.1 - 0.05 - fields.x));
}

@compute @workgroup_size(64) fn pose(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= range.y) { return; }
  let j = range.x + id.y;
  let v = &rest[i];
  let weights = vec4f(unpack2x16unorm((*v).weights[0]), unpack2x16unorm((*v).weights[1]));
  let packed = vec2u((*v).joints[0], (*v).joints[1]);
  let joints = vec4u(packed.x & 0xffffu, packed.x >> 16u, packed.y & 0xffffu, packed.y >> 16u) * 3u + jobs[j].palette;
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var k = 0; k < 4; k++) {
    x += palette[joints[k]] * weights[k];
    y += palette[joints[k] + 1u] * weights[k];
    z += palette[joints[k] + 2u] * weights[k];
  }
  let p = vec4f((*v).position[0], (*v).position[1], (*v).position[2], 1.0);
  let rest_normal = vec3f(unpack2x16snorm((*v).normal[0]), unpack2x16snorm((*v).normal[1]).x);
  // Normals take the cofactor matrix, which is right for any scale and needs no inverse.
  let n = normalize(vec3f(dot(cross(y.xyz, z.xyz), rest_normal), dot(cross(z.xyz, x.xyz), rest_normal),
                          dot(cross(x.xyz, y.xyz), rest_normal)) + vec3f(0.0, 1e-20, 0.0));

  let look = (*v).amount >> 8u;
  let vertex_color = unpack4x8unorm((*v).color);
  let amount = unpack4x8unorm((*v).amount).x;
  var color = to_linear(vertex_color.rgb);
  if (amount > 0.0) { color = mix(color, coat_color(j, unpack4x8unorm((*v).coat)), amount); }
  let own = base_colors[look];
  color *= own.rgb * jobs[j].tint.rgb;

  let o = jobs[j].first + i;
  posed[o].position = array<f32, 3>(dot(x, p), dot(y, p), dot(z, p));
  posed[o].normal = array<u32, 2>(pack2x16snorm(n.xy), pack2x16snorm(vec2f(n.z, 0.0)));
  posed[o].color = array<u32, 2>(pack2x16float(color.rg), pack2x16float(vec2f(color.b, vertex_color.a * own.a)));
}
