// Fur: strands from a tiling map that runs along the hair, lit as fibres.
//   Highlights of fibres: Kajiya and Kay 1989, two of them shifted along the hair as in Marschner et al. 2003; the second
//   has passed through the hair and takes its colour.

// Radiance towards the camera. `lock` is a texel of the map in [-1, 1]: slopes across and along, brightness, height.
fn shade_fur(position: vec3f, under_sun: vec3f, normal: vec3f, along: vec3f, color: vec3f, lock: vec4f) -> vec3f {
  let v = normalize(lit.camera.xyz - position);
  let l = to_sun();
  let across = cross(normal, along);
  let n = normalize(normal - across * lock.x - along * lock.y);
  let t = along - normal * lock.y;
  let hair = color * max(1.0 + 2.0 * lock.z, 0.1);  // tips are pale, and dark gaps lie between the locks

  // Hairs are lit from the side, too: the terminator is soft.
  let facing = saturate((dot(n, l) + 0.25) / 1.25);
  let rim = 1.0 - saturate(dot(normal, v));
  let fuzz = rim * rim * rim;
  let sun = sun_at(position) * sunlit(under_sun);
  let h = normalize(v + l);
  let th = dot(t, h);
  let first = th + 0.12;
  let second = th - 0.18;
  var a = saturate(1.0 - first * first);
  a *= a; a *= a; a *= a; a *= a;            // sin³²
  var b = saturate(1.0 - second * second);
  b *= b; b *= b;                            // sin⁸
  let shine = (0.07 * a + 0.22 * hair * b) * facing * (1.0 + lock.w);
  let through = saturate(-dot(v, l)) * fuzz * 0.8;  // a low sun behind the animal shines through its outline
  let direct = sun * (hair * facing + shine + hair * through);
  let around = ambient(n);
  return direct + around * (hair * (1.0 + 0.45 * fuzz) + 0.03 * (1.0 + lock.w));
}

// Layers of hair (Lengyel et al. 2001, "Real-time fur over arbitrary surfaces"): the mesh again, raised along its hairs, of
// which each layer keeps fewer. They are raised at the outline alone, where they soften it; elsewhere they stay hidden in
// the skin, whose map shows hairs well enough.
fn raised(skin: vec3f, normal: vec3f, along: vec3f, length: f32, layer: f32) -> vec3f {
  let facing = dot(normal, normalize(scene.camera.xyz - skin));
  let reach = length * layer * (1.0 - smoothstep(0.15, 0.5, facing));
  return (normal * 0.85 + along * (0.7 * layer) - vec3f(0.0, 0.3 * layer, 0.0)) * reach;
}

// How much of a pixel a strand covers whose height in the map is given, in [0, 1].
fn strand_cover(height: f32, layer: f32) -> f32 {
  let least = mix(0.30, 0.72, layer);
  return smoothstep(least - 0.10, least + 0.10, height);
}
