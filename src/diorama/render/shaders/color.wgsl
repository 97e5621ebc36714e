// The sRGB transfer function to a tenth of a code, without powers (I. Chilliant 2012).
// Textures are sampled as codes and decoded here: Mesa's software driver filters textures of the type …-srgb texel by
// texel in floats, and plain bytes several times as fast. Their mip levels are averages of light all the same.

fn decode(code: vec3f) -> vec3f {
  return code * (code * (code * 0.305306011 + 0.682171111) + 0.012522878);
}

fn encode(light: vec3f) -> vec3f {
  let a = sqrt(light);
  let b = sqrt(a);
  return 0.585122381 * a + 0.783140355 * b - 0.368262736 * sqrt(b);
}
