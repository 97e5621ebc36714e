"""Surfaces of open ground: stone, earth, plants, snow."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, I32, blur, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface


@surface("rock", metres=2.0)
def rock(t: Tile) -> Look:
    """Weathered grey rock: ridges, ledges and a few cracks."""
    w = t.warped("bend", 3, 0.05, 5)
    ridges = 1 - np.abs(w.fbm("ridges", 4, 6, 0.55)) * 2
    ledge = w.fbm("ledges", 3, 6, 0.55)
    cracks = smoothstep(0.0, 0.06, np.abs(w.fbm("cracks", 2, 5, 0.6)) + 0.35 * (ledge > 0.1))
    height = 0.02 * ledge + 0.012 * ridges + 0.01 * cracks + 0.003 * t.fbm("grain", 32, 3)
    color = ramp(0.5 + 0.35 * ledge + 0.2 * t.fbm("tone", 8, 5, 0.7), "#615b54", "#857e75", "#9f988c", "#b5aea1")
    lichen = smoothstep(0.2, 0.55, t.fbm("lichen", 5, 6, 0.65))
    color = mix(color, ramp(0, "#98976f"), 0.4 * lichen)
    return Look(shaded(color, hollows(height, 0.02, 0.012) * (0.6 + 0.4 * cracks)), height, 0.9)


@surface("gravel", metres=0.6, oversample=2)
def gravel(t: Tile) -> Look:
    """Loose grey and tan stones."""
    n = 1500
    s = t.strewn("stones", n, (0.035, 0.08), (0.014, 0.03), outline="oval")
    dome = np.sqrt(np.clip(1 - s.across**2, 0, 1) * np.clip(1 - (2 * s.along - 1) ** 2, 0, 1))
    height = 0.012 * s.top + 0.016 * dome + 0.001 * t.fbm("grain", 48, 3)
    tone = t.of(s.owner, "tone", n) + 0.12 * t.fbm("speckle", 64, 2)
    color = ramp(tone, "#6d665d", "#8d867b", "#a59d90", "#988772", "#b9b3a8", "#77726e")
    light = (0.45 + 0.55 * s.top) * (0.55 + 0.45 * dome)
    return Look(shaded(mix(ramp(0, "#4b443b"), color, (s.owner >= 0) * 1.0), 0.25 + 0.95 * light), height, 0.85)


@surface("pebbles", metres=0.8, oversample=2)
def pebbles(t: Tile) -> Look:
    """River pebbles pressed together."""
    c = t.warped("bend", 4, 0.012).cells("stones", 13, 0.85)
    dome = np.sqrt(smoothstep(0.0, 0.42, c.border))
    tone = t.of(c.point, "tone", 169)
    color = ramp(tone, "#5c5b5e", "#8f8578", "#b8ab98", "#7b7068", "#cfc6b8", "#6a7076", "#a58c76")
    color = shaded(color, 1 + 0.14 * t.fbm("veins", 20, 4))
    height = 0.03 * dome * (0.7 + 0.5 * t.of(c.point, "size", 169))
    return Look(mix(ramp(0, "#3a332b"), color, smoothstep(0.02, 0.3, dome)), height, mix(0.95, 0.5, dome))


@surface("sand", metres=1.5)
def sand(t: Tile) -> Look:
    """Dry sand with wind ripples."""
    phase = 9 * t.y + t.x + 0.45 * t.fbm("bend", 3, 3)
    ripple = 0.5 + 0.5 * portable.sin(2 * np.pi * phase)
    height = 0.006 * portable.power(ripple, 1.5) + 0.004 * t.fbm("dunes", 3, 3) + 0.0012 * t.fbm("grain", 80, 2)
    speckle = t.uniforms("speckle", t.size, t.size)
    tone = 0.5 + 0.18 * t.fbm("tone", 4, 4) + 0.2 * (ripple - 0.5) + 0.22 * (speckle - 0.5)
    return Look(ramp(tone, "#ab8e65", "#c6ab80", "#d8c39b"), height, 0.95)


@surface("soil", metres=0.8)
def soil(t: Tile) -> Look:
    """Dark, crumbly earth."""
    w = t.warped("bend", 6, 0.02)
    clods, crumbs = w.cells("clods", 14), w.cells("crumbs", 40)
    height = 0.012 * t.fbm("form", 4, 6, 0.6) + 0.012 * (1 - clods.near) + 0.006 * (1 - crumbs.near)
    color = ramp(
        0.5 + 0.4 * t.fbm("tone", 6, 5, 0.6) + 0.25 * (t.of(clods.point, "dry", 196) - 0.5),
        "#3f2d20",
        "#5d4531",
        "#7b6047",
    )
    return Look(shaded(color, hollows(height, 0.015, 0.012)), height, 0.97)


@surface("dry-earth", metres=1.2)
def dry_earth(t: Tile) -> Look:
    """Cracked clay."""
    w = t.warped("bend", 4, 0.04)
    plates = w.cells("plates", 6, 0.9)
    plate = smoothstep(0.0, 0.07, plates.border)
    height = 0.014 * plate + 0.004 * t.fbm("form", 6, 5)
    color = ramp(
        0.5 + 0.3 * t.fbm("tone", 5, 6, 0.6) + 0.2 * (t.of(plates.point, "tint", 36) - 0.5),
        "#8d7359",
        "#ab9074",
        "#c2a98b",
    )
    return Look(shaded(color, 0.4 + 0.6 * plate), height, 0.95)


@surface("grass", metres=1.0, oversample=2)
def grass(t: Tile) -> Look:
    """A mown lawn."""
    n = 6500
    s = t.strewn("blades", n, (0.03, 0.06), (0.002, 0.0036), bend=0.9, rise=0.5, layers=0.7)
    return _blades(t, s.owner, s.along, s.top / 1.2, n, ("#3a5220", "#5c7a30", "#7f9a45", "#a8b568"), 0.010)


@surface("lush-grass", metres=1.0, oversample=2)
def lush_grass(t: Tile) -> Look:
    """Long, deep green grass."""
    n = 3600
    s = t.strewn("blades", n, (0.07, 0.16), (0.003, 0.006), bend=1.3, rise=0.5, layers=0.7)
    return _blades(t, s.owner, s.along, s.top / 1.2, n, ("#2b4216", "#466a22", "#648a32", "#8fae50"), 0.022)


@surface("dry-grass", metres=1.0, oversample=2)
def dry_grass(t: Tile) -> Look:
    """Straw-coloured, trampled grass."""
    n = 3200
    s = t.strewn("blades", n, (0.06, 0.17), (0.002, 0.004), bend=0.6, rise=0.3, layers=0.8)
    return _blades(t, s.owner, s.along, s.top / 1.1, n, ("#55462a", "#8d7a4a", "#b7a470", "#d3c596"), 0.016)


def _blades(t: Tile, owner: I32, along: F32, top: F32, n: int, colors: tuple[str, ...], depth: float) -> Look:
    """Blades: dark at the roots, light at the tips, each and each patch of its own tone."""
    tone = 0.42 + 0.45 * (t.of(owner, "tone", n) - 0.5) + 0.35 * (along - 0.5) + 0.18 * t.fbm("patches", 3, 4)
    color = shaded(ramp(tone, *colors), 0.5 + 0.7 * smoothstep(0.1, 0.95, top))
    return Look(mix(ramp(0, colors[0]) * 0.6, color, (owner >= 0) * 1.0), depth * top, 0.8)


@surface("moss", metres=0.6)
def moss(t: Tile) -> Look:
    """Soft cushions of moss."""
    w = t.warped("bend", 5, 0.03)
    tufts = w.cells("tufts", 7)
    leaves = t.cells("leaves", 64)
    height = 0.04 * smoothstep(0.9, 0.0, tufts.near) + 0.012 * t.fbm("form", 8, 4) + 0.006 * (1 - leaves.near)
    tone = 0.45 + 0.35 * t.fbm("tone", 6, 5) + 0.35 * (0.6 - leaves.near)
    return Look(
        shaded(ramp(tone, "#33451a", "#5a7026", "#88983a", "#a9ad58"), hollows(height, 0.04, 0.03)), height, 0.95
    )


@surface("autumn-leaves", metres=1.2, oversample=2)
def autumn_leaves(t: Tile) -> Look:
    """Fallen leaves over each other."""
    n = 620
    s = t.strewn("leaves", n, (0.07, 0.14), (0.026, 0.046), outline="leaf", bend=0.5)
    vein = smoothstep(0.12, 0.0, np.abs(s.across)) + 0.5 * smoothstep(
        0.9, 1.0, portable.sin(40 * s.along + 14 * np.abs(s.across))
    )
    color = ramp(t.of(s.owner, "hue", n), "#6b3d1c", "#96591f", "#b5772b", "#8a3b1c", "#c39a45", "#7d5a35", "#59452f")
    light = (0.5 + 0.5 * s.top) * (0.86 + 0.2 * (1 - np.abs(s.across))) * (1 + 0.16 * t.fbm("blotches", 24, 4))
    color = shaded(mix(color, color * 1.25, 0.5 * vein), light)
    height = 0.012 * s.top + 0.004 * (1 - s.across**2)
    return Look(mix(ramp(0, "#2a2118"), color, (s.owner >= 0) * 1.0), height, 0.75)


@surface("bark-mulch", metres=0.7, oversample=2)
def bark_mulch(t: Tile) -> Look:
    """Chips of bark strewn on a bed."""
    n = 900
    s = t.strewn("chips", n, (0.04, 0.12), (0.006, 0.018), outline="oval", bend=0.3)
    fibre = t.of(s.owner, "phase", n)
    streaks = 0.5 + 0.5 * portable.sin(9 * s.across + 50 * fibre)
    color = ramp(0.7 * t.of(s.owner, "tone", n) + 0.3 * streaks, "#4a2d1c", "#6f4529", "#93643d", "#b28a5e")
    height = 0.018 * s.top + 0.005 * (1 - s.across**2)
    return Look(mix(ramp(0, "#23160f"), shaded(color, 0.4 + 0.65 * s.top), (s.owner >= 0) * 1.0), height, 0.9)


@surface("bark", metres=0.8)
def bark(t: Tile) -> Look:
    """The furrowed bark of an old tree."""
    w = t.warped("bend", (4, 3), 0.025)
    plates = w.cells("plates", (11, 4))
    ridge = smoothstep(0.0, 0.3, plates.border) * (0.75 + 0.5 * t.of(plates.point, "level", 44))
    fibre = w.fbm("fibre", (24, 6), 4, 0.6)
    height = 0.028 * ridge + 0.008 * fibre + 0.002 * t.fbm("grain", 40, 3)
    color = ramp(0.15 + 0.55 * ridge + 0.22 * fibre, "#2c2018", "#54402f", "#7c6450", "#9a8571")
    return Look(color, height, 0.95)


@surface("snow", metres=1.5)
def snow(t: Tile) -> Look:
    """Fresh, wind-packed snow."""
    drift = t.warped("bend", 2, 0.08).fbm("drift", 3, 4, 0.42)
    grain = t.fbm("grain", 64, 2)
    height = 0.022 * drift + 0.0012 * grain
    light = 0.5 + 0.3 * (drift - blur(drift, 0.05)) + 0.12 * grain
    return Look(ramp(light, "#c9d4e2", "#e9eef4", "#fbfcfd"), height, 0.6 + 0.1 * grain)


@surface("ice", metres=2.0)
def ice(t: Tile) -> Look:
    """Frozen water with white cracks."""
    w = t.warped("bend", 3, 0.05)
    crack = smoothstep(0.03, 0.0, w.cells("cracks", 4).border) + 0.6 * smoothstep(0.02, 0.0, w.cells("fine", 9).border)
    cloud = smoothstep(-0.3, 0.7, t.fbm("cloud", 3, 5))
    color = mix(ramp(cloud, "#7fa3b8", "#a9c6d4", "#d5e4ea"), ramp(0, "#f0f6f8"), np.clip(crack, 0, 1) * 0.8)
    return Look(
        color, 0.002 * t.fbm("waves", 5, 4) - 0.002 * crack, mix(0.12, 0.55, np.clip(0.5 * cloud + crack, 0, 1))
    )
