// What every drawing pass sees of one scene (group 0). Units and frames are those of scene/batch.py.

struct Scene {
  view_projection: mat4x4f,   // world → clip, depth reversed: near plane 1, infinity 0
  sun_projection: mat4x4f,    // world → the sun's clip space, depth 0 … 1
  irradiance: array<vec4f, 9>,  // as in Lit; so are the next two
  camera: vec4f,
  sun: vec4f,
  ray_x: vec4f,               // direction of the ray through a pixel: ray_0 + x · ray_x + y · ray_y, (x, y) in clip space
  ray_y: vec4f,
  ray_0: vec4f,
  center: vec4f,              // of the subject; w: its radius
  ground: vec4f,              // surface layer, tiles per metre · cos, · sin, metres per tile
  subject: vec4f,             // layer of the surface that replaces the subject's own or -1, tiles per metre · cos, · sin; layers of hair
  coat: array<vec4f, 12>,     // rows of assets/coat.py
  collar: array<vec4f, 2>,    // colour, half its width; a point (y, z) of the neck, and where the neck runs
};

struct Lit {
  irradiance: array<vec4f, 9>,  // spherical harmonics of the radiance from sky and ground, convolved with the cosine, / π;
                                // fourth numbers: cosine and sine of the sky's turn, its layer, the radiance of its brightest
                                // texel, its mip levels; layer of the scene's shadow map; direction towards the sun
  camera: vec4f,                // position; radius of the subject
  sun: vec4f,                   // irradiance on a plane that faces the sun, / π; how far from a flash it is so strong, 0 for a sun
};

// Set by each entry point of the fragment stage. LIT_FIELDS, LIT_OF_SCENE and LIT_OF_IN are written out in sources.py, which
// tells why; what goes from stage to stage can be neither nested nor an array.
var<private> lit: Lit;

struct Object {
  transform: mat3x4f,         // rows of shape space → world
  normal: mat3x4f,            // rows of the matrix for normals
  surface: vec4f,             // layer, tiles per side · cos, · sin, id
};

@group(0) @binding(0) var<uniform> scene: Scene;
@group(0) @binding(1) var<storage, read> objects: array<Object>;
@group(0) @binding(2) var shadow_map: texture_depth_2d_array;
@group(0) @binding(3) var shadow_sampler: sampler_comparison;
@group(0) @binding(4) var surface_color: texture_2d_array<f32>;   // albedo, sRGB codes; alpha: metalness
@group(0) @binding(5) var surface_detail: texture_2d_array<f32>;  // normal x, normal y, roughness, light that hollows get
@group(0) @binding(6) var tiling: sampler;
@group(0) @binding(7) var sky_map: texture_2d_array<f32>;
@group(0) @binding(8) var sky_sampler: sampler;
@group(0) @binding(9) var tiling_near: sampler;  // takes the nearest mip level: enough for what is not seen itself

// Where a point lies in the shadow map, and how deep. It is taken off its surface a little, lest that shade itself.
fn under_sun(position: vec3f, normal: vec3f) -> vec3f {
  return (scene.sun_projection * vec4f(position + normal * (0.02 * scene.center.w), 1.0)).xyz;
}

fn transform_by_rows(rows: mat3x4f, p: vec4f) -> vec3f {
  return vec3f(dot(rows[0], p), dot(rows[1], p), dot(rows[2], p));
}
