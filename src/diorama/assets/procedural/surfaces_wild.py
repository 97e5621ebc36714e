"""More surfaces of open ground and of stables: lawns with flowers, litter of leaves, mud, straw, water."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import blur, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface


@surface("clover-lawn", metres=1.0, oversample=2)
def clover_lawn(t: Tile) -> Look:
    """A patchy lawn with clover and daisies."""
    n = 3600
    s = t.strewn("blades", n, (0.03, 0.07), (0.0025, 0.0045), bend=1.0, rise=0.5, layers=0.6)
    patch = t.fbm("patches", 3, 4)
    tone = 0.45 + 0.4 * (t.of(s.owner, "tone", n) - 0.5) + 0.3 * (s.along - 0.5) + 0.25 * patch
    color = ramp(tone, "#33491c", "#567730", "#7d9a46", "#a3ab5c")
    bare = smoothstep(0.35, 0.6, t.fbm("bare", 4, 4))
    color = mix(color, ramp(0.5 + 0.4 * t.fbm("earth", 16, 4), "#5b4632", "#8a6f50"), 0.8 * bare)
    c = t.cells("daisies", 13, 0.9)
    white = smoothstep(0.16, 0.12, c.near) * (t.of(c.point, "is", 169) < 0.16)
    color = mix(mix(color, ramp(0, "#f2f0e8"), white), ramp(0, "#e0b23c"), white * smoothstep(0.07, 0.05, c.near))
    return Look(shaded(color, 0.5 + 0.6 * smoothstep(0.0, 0.9, s.top)), 0.012 * s.top, 0.85)


@surface("leaves-on-grass", metres=1.2, oversample=2)
def leaves_on_grass(t: Tile) -> Look:
    """Grass with fallen leaves here and there."""
    n, m = 3000, 150
    s = t.strewn("blades", n, (0.03, 0.07), (0.002, 0.004), bend=1.0, rise=0.5, layers=0.6)
    grass = ramp(0.4 + 0.4 * (t.of(s.owner, "tone", n) - 0.5) + 0.3 * s.along, "#3a4a1f", "#66803a", "#98a55c")
    leaf = t.strewn("leaves", m, (0.08, 0.15), (0.028, 0.05), outline="leaf", bend=0.5)
    hue = ramp(t.of(leaf.owner, "hue", m), "#8a5a2c", "#b08a52", "#c9a86a", "#8f4a28", "#a89678", "#6d4a30")
    vein = smoothstep(0.12, 0.0, np.abs(leaf.across))
    on = leaf.owner >= 0
    color = mix(
        shaded(grass, 0.5 + 0.6 * s.top), shaded(hue, 0.8 + 0.25 * vein + 0.1 * t.fbm("blotch", 24, 3)), on * 1.0
    )
    return Look(color, np.where(on, 0.016 + 0.004 * (1 - leaf.across**2), 0.012 * s.top), 0.8)


@surface("forest-floor", metres=1.0, oversample=2)
def forest_floor(t: Tile) -> Look:
    """Twigs, needles and old leaves on dark earth."""
    needles, twigs, leaves = 2600, 70, 130
    n = t.strewn("needles", needles, (0.02, 0.05), (0.0012, 0.0025), outline="bar")
    g = t.strewn("twigs", twigs, (0.08, 0.3), (0.003, 0.007), outline="bar", bend=0.5)
    e = t.strewn("leaves", leaves, (0.06, 0.12), (0.02, 0.035), outline="leaf", bend=0.5)
    earth = ramp(0.5 + 0.4 * t.fbm("earth", 8, 5), "#2b2118", "#4a3826")
    color = mix(earth, ramp(t.of(n.owner, "tone", needles), "#5b4028", "#8a6640", "#6f5a35"), 0.9 * (n.owner >= 0))
    color = mix(color, ramp(t.of(e.owner, "hue", leaves), "#6b4a2c", "#94703f", "#4f3a28"), (e.owner >= 0) * 1.0)
    color = mix(color, ramp(t.of(g.owner, "tone", twigs), "#4f453c", "#85786a"), (g.owner >= 0) * 1.0)
    height = 0.004 * (n.owner >= 0) + 0.008 * (e.owner >= 0) + 0.012 * (g.owner >= 0) * (1 - g.across**2)
    return Look(shaded(color, 0.8 + 0.2 * t.fbm("light", 6, 3)), height + 0.01 * t.fbm("form", 3, 4), 0.95)


@surface("pine-needles", metres=0.8, oversample=2)
def pine_needles(t: Tile) -> Look:
    """A thick bed of brown needles."""
    n = 4000
    s = t.strewn("needles", n, (0.05, 0.10), (0.0012, 0.0024), outline="bar", bend=0.2)
    color = ramp(t.of(s.owner, "tone", n), "#5b3a20", "#8a5c34", "#a87848", "#6d4a2c")
    return Look(shaded(mix(ramp(0, "#2a1c12"), color, (s.owner >= 0) * 1.0), 0.45 + 0.6 * s.top), 0.012 * s.top, 0.9)


@surface("straw", metres=0.8, oversample=2)
def straw(t: Tile) -> Look:
    """Straw of a kennel or a stable."""
    n = 1300
    s = t.strewn("stalks", n, (0.12, 0.35), (0.003, 0.006), outline="bar", bend=0.25)
    round_ = np.sqrt(np.clip(1 - s.across**2, 0, 1))
    color = ramp(t.of(s.owner, "tone", n), "#a8884a", "#cdb06e", "#e2cc92", "#b8985a")
    light = (0.35 + 0.65 * s.top) * (0.75 + 0.3 * round_)
    return Look(
        shaded(mix(ramp(0, "#5b4626"), color, (s.owner >= 0) * 1.0), light), 0.02 * s.top + 0.004 * round_, 0.75
    )


@surface("wood-shavings", metres=0.4, oversample=2)
def wood_shavings(t: Tile) -> Look:
    """Pale curls of pine for bedding."""
    n = 900
    s = t.strewn("curls", n, (0.04, 0.10), (0.010, 0.022), outline="oval", bend=1.5)
    tone = 0.3 + 0.5 * s.top + 0.2 * s.across
    color = shaded(ramp(tone, "#b8925f", "#dcbf90", "#f0ddb8"), 0.55 + 0.5 * s.top)
    return Look(mix(ramp(0, "#7d5f3a"), color, (s.owner >= 0) * 1.0), 0.02 * s.top + 0.006 * s.across, 0.9)


@surface("cat-litter", metres=0.3, oversample=2)
def cat_litter(t: Tile) -> Look:
    """Grey and white granules of clay."""
    c = t.cells("grains", 46)
    grain = np.sqrt(smoothstep(0.0, 0.35, c.border))
    color = ramp(t.of(c.point, "tone", 46 * 46), "#8a8780", "#b5b1a8", "#d3cfc6", "#9c9486", "#77828c")
    height = 0.016 * grain * (0.5 + 0.8 * t.of(c.point, "size", 46 * 46)) + 0.02 * t.fbm("heap", 3, 3)
    return Look(shaded(color, 0.35 + 0.7 * grain), height, 0.95)


@surface("mud", metres=1.2)
def mud(t: Tile) -> Look:
    """Trodden mud with puddles."""
    w = t.warped("bend", 5, 0.03)
    form = w.fbm("form", 4, 6, 0.58)
    wet = smoothstep(0.05, -0.25, form)
    height = 0.03 * np.maximum(form, -0.2) - 0.01 * smoothstep(0.4, 0.2, t.cells("prints", 9).near)
    color = shaded(ramp(0.5 + 0.35 * form, "#3a2c20", "#5b4735", "#7a644d"), hollows(height, 0.02, 0.02))
    return Look(mix(color, ramp(0, "#4a4036"), 0.6 * wet), height, mix(0.85, 0.12, wet))


@surface("red-earth", metres=1.2)
def red_earth(t: Tile) -> Look:
    """Dry red ground with small stones."""
    c = t.cells("stones", 26)
    stone = smoothstep(0.4, 0.3, c.near) * (t.of(c.point, "is", 676) < 0.2)
    form = t.fbm("form", 4, 6, 0.55)
    color = ramp(0.5 + 0.3 * form + 0.15 * t.fbm("grain", 64, 2), "#6b3f2c", "#8f5c44", "#a97a60")
    color = mix(color, ramp(t.of(c.point, "tone", 676), "#8a6a55", "#b59a85"), stone)
    return Look(color, 0.012 * form + 0.008 * stone, 0.95)


@surface("wet-sand", metres=1.5)
def wet_sand(t: Tile) -> Look:
    """A beach at low water: dark, smooth, with shells."""
    film = smoothstep(-0.2, 0.4, t.warped("bend", 3, 0.08).fbm("film", (2, 5), 4))
    c = t.cells("shells", 17)
    shell = smoothstep(0.16, 0.1, c.near) * (t.of(c.point, "is", 289) < 0.12)
    color = ramp(0.6 - 0.4 * film + 0.12 * t.fbm("grain", 80, 2), "#6f5e48", "#8f7b60", "#b09a7a")
    height = 0.003 * portable.sin(2 * np.pi * (8 * t.y + 0.4 * t.fbm("sway", 2, 3))) + 0.004 * shell
    return Look(
        mix(color, ramp(t.of(c.point, "hue", 289), "#d9cdbb", "#efe6da", "#a88f86"), shell), height, mix(0.8, 0.2, film)
    )


@surface("water", metres=2.0)
def water(t: Tile) -> Look:
    """A pond's ripples over a greenish ground."""
    w = t.warped("bend", 3, 0.06)
    ripple = w.fbm("ripples", (6, 9), 4, 0.45)
    deep = t.fbm("deep", 2, 4)
    caustic = smoothstep(0.12, 0.0, w.cells("caustics", 9).border)
    color = mix(ramp(0.5 + 0.4 * deep, "#1f3f44", "#356266", "#5a8580"), ramp(0, "#a8c9c0"), 0.3 * blur(caustic, 0.004))
    return Look(color, 0.012 * ripple, 0.08)


@surface("snow-trodden", metres=1.2)
def snow_trodden(t: Tile) -> Look:
    """Old snow with footprints and grit."""
    c = t.warped("bend", 6, 0.02).cells("prints", 7, 0.9)
    print_ = smoothstep(0.36, 0.2, c.near)
    form = t.fbm("form", 5, 6, 0.55)
    grit = (t.uniforms("grit", t.size, t.size) > 0.985) * (t.fbm("where", 3, 3) > 0)
    height = 0.015 * form - 0.03 * print_
    light = 0.6 + 0.2 * form - 0.35 * print_
    return Look(mix(ramp(light, "#b3c0d2", "#dbe2eb", "#f6f8fa"), ramp(0, "#6d6459"), 0.7 * grit), height, 0.7)
