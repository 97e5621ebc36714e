// Light: sky lookup, diffuse light as spherical harmonics, the sun with GGX and a shadow map, tone mapping.
//   GGX, height-correlated visibility: Heitz 2014; Hammon 2017 (the cheap form used here); Schlick 1994 for Fresnel.
//   Irradiance from nine harmonics: Ramamoorthi and Hanrahan 2001.
//   Environment BRDF as a fit: Karis 2014, "Physically based shading on mobile".
//   Tone curve: Khronos PBR Neutral (2024), which leaves colours under 0.8 as they are.

const PI = 3.14159265359;

struct Facet {           // one shaded point
  position: vec3f,       // world
  normal: vec3f,         // unit, shading
  under_sun: vec3f,      // see under_sun()
  albedo: vec3f,
  metallic: f32,
  roughness: f32,
  open: f32,             // share of the light from all around that reaches it
};

fn to_sun() -> vec3f { return vec3f(lit.irradiance[6].w, lit.irradiance[7].w, lit.irradiance[8].w); }

// A direction of the world, not of unit length if need be, in the sky map's own frame.
fn in_sky(d: vec3f) -> vec3f {
  let c = lit.irradiance[0].w;
  let s = lit.irradiance[1].w;
  return vec3f(c * d.x - s * d.z, d.y, s * d.x + c * d.z);
}

// The sky as an octahedral map (Cigolla et al. 2014), up in the middle: no trigonometry per pixel, no poles.
fn sky_radiance(d: vec3f, level: f32) -> vec3f {
  let p = d.xz / (abs(d.x) + abs(d.y) + abs(d.z));
  let folded = (1.0 - abs(p.yx)) * select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.0));
  let uv = select(p, folded, d.y < 0.0) * 0.5 + 0.5;
  let root = textureSampleLevel(sky_map, sky_sampler, uv, i32(lit.irradiance[2].w), level).rgb;
  return root * root * lit.irradiance[3].w;
}

// Harmonics about the vertical axis, so that turning the sky only turns pairs of coefficients; order as in lighting.py.
fn ambient(n: vec3f) -> vec3f {
  let c = &lit.irradiance;
  return max((*c)[0].rgb + n.y * (*c)[1].rgb + n.z * (*c)[2].rgb + n.x * (*c)[3].rgb
    + (3.0 * n.y * n.y - 1.0) * (*c)[4].rgb + (n.y * n.z) * (*c)[5].rgb + (n.y * n.x) * (*c)[6].rgb
    + (n.z * n.z - n.x * n.x) * (*c)[7].rgb + (2.0 * n.z * n.x) * (*c)[8].rgb, vec3f(0.0));
}

// The sun's light, or that of a flash at the camera, which falls off with the square of the distance. What is very near
// a flash is not lit without bound: cameras meter it.
fn sun_at(position: vec3f) -> vec3f {
  if (lit.sun.w == 0.0) { return lit.sun.rgb; }
  let away = position - lit.camera.xyz;
  return lit.sun.rgb * min(lit.sun.w * lit.sun.w / dot(away, away), 3.0);
}

fn sunlit(p: vec3f) -> f32 {
  let uv = p.xy * vec2f(0.5, -0.5) + 0.5;
  let inside = all(uv > vec2f(0.0)) && all(uv < vec2f(1.0));
  let lit = textureSampleCompareLevel(shadow_map, shadow_sampler, uv, i32(lit.irradiance[5].w), p.z);
  return select(1.0, lit, inside);
}

// Light from all around that the subject, taken as a sphere of half its radius, leaves to a point of the ground or of an
// object from which its centre lies at `to`: the form factor of a sphere (Quilez 2006). It is what makes things stand on
// the ground under an overcast sky.
fn openness(to: vec3f, normal: vec3f) -> f32 {
  let square = dot(to, to);
  let reach = 0.25 * lit.camera.w * lit.camera.w;
  return 1.0 - saturate(dot(normal, to) * inverseSqrt(square)) * reach / max(square, reach) * 0.85;
}

fn shade(f: Facet) -> vec3f {
  let v = normalize(lit.camera.xyz - f.position);
  let l = to_sun();
  let h = normalize(v + l);
  let nl = saturate(dot(f.normal, l));
  let nv = abs(dot(f.normal, v)) + 1e-4;
  let nh = saturate(dot(f.normal, h));
  let vh = saturate(dot(v, h));
  let alpha = f.roughness * f.roughness;
  let a2 = alpha * alpha;
  let f0 = mix(vec3f(0.04), f.albedo, f.metallic);
  let diffuse = f.albedo * (1.0 - f.metallic);

  let k = nh * nh * (a2 - 1.0) + 1.0;
  let m = 1.0 - vh;
  let fresnel = f0 + (1.0 - f0) * (m * m * m * m * m);
  // The distribution without its 1/π, since the sun's irradiance is already divided by π.
  let specular = fresnel * (a2 / (k * k) * 0.5 / mix(2.0 * nl * nv, nl + nv, alpha));
  let direct = (diffuse + specular) * sun_at(f.position) * (nl * sunlit(f.under_sun));

  // Sky seen in the surface: a blurred lookup, and the fit of the BRDF's integral over it.
  let r = reflect(-v, f.normal);
  let upward = vec3f(r.x, abs(r.y), r.z);  // what lies below the horizon is ground; its colour is in the harmonics
  let mirrored = sky_radiance(in_sky(upward), f.roughness * lit.irradiance[4].w);
  let below = ambient(vec3f(0.0, -1.0, 0.0));
  let reflected = mix(below, mirrored, saturate(r.y * 4.0 + 0.5));
  let q = f.roughness * vec4f(-1.0, -0.0275, -0.572, 0.022) + vec4f(1.0, 0.0425, 1.04, -0.04);
  let t = min(q.x * q.x, exp2(-9.28 * nv)) * q.x + q.y;
  let scale = f0 * (-1.04 * t + q.z) + (1.04 * t + q.w);
  return direct + (ambient(f.normal) * diffuse + reflected * scale) * f.open;
}

fn tone_map(radiance: vec3f) -> vec3f {
  let low = min(radiance.r, min(radiance.g, radiance.b));
  let offset = select(0.04, low - 6.25 * low * low, low < 0.08);
  let c = radiance - offset;
  let peak = max(c.r, max(c.g, c.b));
  let start = 0.8 - 0.04;
  let d = 1.0 - start;
  let squeezed = 1.0 - d * d / (peak + d - start);
  let grey = 1.0 - 1.0 / (0.15 * (peak - squeezed) + 1.0);
  let compressed = mix(c * (squeezed / max(peak, 1e-6)), vec3f(squeezed), grey);
  return select(compressed, c, peak < start);
}
