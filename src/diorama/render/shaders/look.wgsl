// Materials of a subject (group 1), as the vertex stage reads them. Vertices are posed already.

struct Look {              // a material, as the vertex stage hands it on
  maps: vec4f,             // texture layers: base colour, normal, metallic-roughness, emissive; -1 for none
  factors: vec4f,          // metallic, roughness, alpha cutoff, fur
  emissive: vec4f,         // and the texture layer of occlusion
  hair: vec4f,             // kind, length in metres; wetness; which textures lie in the second set of uv, a bit each
};

@group(1) @binding(0) var<storage, read> looks: array<Look>;
@group(1) @binding(1) var textures: texture_2d_array<f32>;          // colours, sRGB codes
@group(1) @binding(2) var linear_textures: texture_2d_array<f32>;   // normals, roughness and metalness
