"""Skies of the open air: weathers and hours, and what surrounds a garden, a street or a park."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.skies import Dome, gradient, grounded, linear, lit, sky
from diorama.assets.procedural.surfaces import mix


def clouded(d: Dome, base: F32, cover: float, bright: F32, shade: F32, softness: float = 0.25) -> F32:
    """Heaped clouds over a sky; cover from -1 (none) to 1 (all)."""
    density = d.overhead("clouds", 3, 7, 0.55, warp=0.03) + np.float32(cover)
    cloud = mix(bright, shade, smoothstep(0.1, 1.1, density))
    return mix(base, cloud, smoothstep(0, softness, density) * smoothstep(-1, 4, d.rise))


def trees(d: Dome, base: F32, name: str, height: float, spread: float, colors: tuple[str, ...], light: float) -> F32:
    """A line of trees and bushes, heights in degrees."""
    crowns = np.abs(d.around(f"{name}.crowns", 14, 3, 0.6)) * 2 - 0.5
    edge = height + spread * (crowns + 0.25 * d.around(f"{name}.twigs", 96, 3, 0.7))
    leaves = d.fbm(f"{name}.leaves", (96, 96), 4, 0.7)
    inside = smoothstep(0.8, -0.8, d.rise - edge - 2.0 * leaves)
    tone = 0.4 + 0.5 * leaves + 0.35 * np.clip(d.rise / np.maximum(edge, 1), 0, 1) - 0.1
    return mix(base, lit(linear(tone, *colors), light), inside * (d.rise > -1))


def fence(d: Dome, base: F32, height: float, color: tuple[str, ...], light: float, span: tuple[float, float]) -> F32:
    """Upright boards with gaps, over a share of the round."""
    board = d.turn * 180
    number = np.floor(board).astype(np.int32) % 180
    gap = smoothstep(0.06, 0.12, np.minimum(board % 1, 1 - board % 1))
    tone = 0.3 + 0.5 * d.uniforms("boards", 180)[number]
    inside = smoothstep(0.4, -0.4, d.rise - height) * (d.turn > span[0]) * (d.turn < span[1]) * (d.rise > -1)
    return mix(base, lit(linear(tone, *color), light * (0.35 + 0.65 * gap)), inside)


def houses(d: Dome, base: F32, count: int, height: tuple[float, float], light: float, share: float = 1.0) -> F32:
    """Houses around: plastered and brick walls, pitched roofs, rows of windows, doors. Heights in degrees."""
    place = d.turn * count
    number = np.floor(place).astype(np.int32) % count
    u = place - np.floor(place)
    size, hue, kind, tall = d.uniforms("houses", 4, count)[:, number]
    margin = 0.02 + 0.12 * size
    across = (u - margin) / (1 - 2 * margin)
    eaves = height[0] + (height[1] - height[0]) * tall
    wall_colors = ("#d9d2c2", "#a5614c", "#c9b79a", "#b9b9b4", "#8c4a3a", "#e3ddd0", "#7d8a93")
    wall = linear(np.floor(hue * 7) / 6, *wall_colors)
    wall = lit(wall, light * (0.75 + 0.35 * ((number * 7) % 3 / 2)))

    storeys = np.maximum(np.round(eaves / 6), 1)
    v = d.rise / eaves * storeys
    pane = np.abs((across * 4) % 1 - 0.5) < 0.26
    pane = pane & (np.abs(v % 1 - 0.52) < 0.28)
    glass = linear(0.5 + 0.5 * d.fbm("glass", (64, 64), 2), "#20262c", "#56636e")
    wall = mix(wall, lit(glass, light), pane * 1.0)
    door = (np.abs(across - 0.375) < 0.09) & (v < 0.8)
    wall = mix(wall, lit(linear(kind, "#3b2a20", "#26423a", "#6b1f1c", "#2b3d5b"), light), door * 1.0)

    ridge = eaves * (1.0 + 0.55 * np.where(kind > 0.35, np.clip(np.minimum(u, 1 - u) * 5, 0, 1), 0.12))
    roof = lit(linear(hue, "#5b3a30", "#4a4a4e", "#7a4a38"), light * 0.9)
    stands = d.uniforms("stands", count)[number] < share
    roofed = smoothstep(0.35, -0.35, d.rise - ridge) * (u > margin * 0.3) * (u < 1 - margin * 0.3)
    walled = smoothstep(0.35, -0.35, d.rise - eaves) * (across > 0) * (across < 1)
    painted = mix(mix(base, roof, roofed * (d.rise > eaves)), wall, walled)
    return mix(base, painted, (stands & (d.rise > -1)) * 1.0)


@sky("clear-noon")
def clear_noon(d: Dome) -> F32:
    """A cloudless blue sky over grassland."""
    above = gradient(d, "#3f78c4", "#c4dcf0", 0.55)
    hills = trees(d, above, "hills", 1.2, 1.4, ("#5d7050", "#7c8d66"), 0.55)
    return grounded(d, hills, "#6a7d42", "#7d8a58", 0.55)


@sky("haze")
def haze(d: Dome) -> F32:
    """A milky summer sky."""
    above = gradient(d, "#8fb0d0", "#ece8de", 0.4)
    far = trees(d, above, "far", 2.2, 1.5, ("#a9b3ad", "#b9c0b4"), 0.8)
    return grounded(d, trees(d, far, "near", 1.0, 2.2, ("#6d7a62", "#8c9677"), 0.6), "#9a9170", "#b3ab90", 0.6)


@sky("partly-cloudy")
def partly_cloudy(d: Dome) -> F32:
    """White clouds on blue, a wood on the horizon."""
    above = clouded(d, gradient(d, "#3d72bd", "#bdd6ea"), 0.0, linear(0, "#ffffff") * 1.5, linear(0, "#a8b2c0"))
    wood = trees(d, above, "wood", 4.0, 4.0, ("#24351b", "#44592a", "#6d8040"), 0.55)
    return grounded(d, wood, "#63783a", "#76864a", 0.5)


@sky("overcast")
def overcast(d: Dome) -> F32:
    """A low grey ceiling of cloud: three times as bright above as at the horizon (CIE standard overcast sky)."""
    cloud = 1 + 0.22 * d.overhead("clouds", 3, 6, 0.5, warp=0.04)
    above = lit(
        linear(0.5 + 0.3 * d.overhead("tone", 2, 3), "#b9c0c9", "#d4d6d8"), (1 + 2 * np.clip(d.y, 0, 1)) / 3 * cloud
    )
    wood = trees(d, above, "wood", 2.5, 3.0, ("#232a20", "#3e4636", "#59604a"), 0.45)
    return grounded(d, wood, "#5f6250", "#737465", 0.4)


@sky("sunset")
def sunset(d: Dome) -> F32:
    """Orange and red low in one half, violet in the other."""
    glow = d.toward(0, 2) * 0.5 + 0.5
    band = linear(1 - portable.power(np.clip(d.rise / 90, 0, 1), 0.4), "#2e3f70", "#6d6a93", "#e08a5c", "#ffb45a")
    dusk = linear(1 - np.clip(d.rise / 90, 0, 1) ** 0.5, "#26345f", "#55588a", "#97809c")
    above = lit(mix(dusk, band, smoothstep(0.1, 0.9, glow)), 0.4 + 0.5 * portable.power(glow, 4))
    warm = lit(linear(0, "#ff8a4a"), 0.3 + 0.8 * portable.power(glow, 3))
    above = clouded(d, above, -0.3, warm, lit(linear(0, "#6f4f68"), 0.3 + 0.5 * glow))
    skyline = trees(d, above, "trees", 2.5, 3.0, ("#171512", "#2c2620", "#463a2c"), 0.35)
    return grounded(d, skyline, "#4c4034", "#6a5642", 0.35)


@sky("dawn")
def dawn(d: Dome) -> F32:
    """Pink and pale yellow under a cool blue, mist over fields."""
    glow = d.toward(160, 0) * 0.5 + 0.5
    band = linear(1 - portable.power(np.clip(d.rise / 90, 0, 1), 0.45), "#7fa0c8", "#bcc3d6", "#f2c7bd", "#fbe3b8")
    above = lit(band, 0.6 + 0.9 * glow**2)
    streaks = (
        smoothstep(0.1, 0.6, d.fbm("streaks", (6, 40), 4)) * smoothstep(2, 12, d.rise) * smoothstep(50, 25, d.rise)
    )
    above = mix(above, lit(linear(0, "#ffd0c0"), 0.6 + 1.0 * glow), 0.6 * streaks)
    far = trees(d, above, "far", 2.6, 2.0, ("#9aa3ad", "#a9afb4"), 0.75)
    return grounded(d, trees(d, far, "near", 1.2, 2.4, ("#4f5a50", "#6d7565"), 0.5), "#65704f", "#8a907c", 0.5)


@sky("night")
def night(d: Dome) -> F32:
    """Under a porch lamp at night: a dark sky, a few stars, houses and street lamps farther off."""
    above = clouded(d, gradient(d, "#0e131c", "#262626", 0.45), -0.35, linear(0, "#2b2a29"), linear(0, "#1e1f22"))
    stars = d.uniforms("stars", *d.x.shape) > 0.9993
    above = above + lit(linear(0, "#dfe6ff"), 0.1 * stars * (d.rise > 12) * (d.rise < 65))
    town = houses(d, above, 22, (4, 8), 0.03, 0.7)
    lamps = np.minimum((d.turn * 9) % 1, 1 - (d.turn * 9) % 1) * 40
    far = lamps**2 + (d.rise - 9) ** 2
    glow = 1.2 * portable.exp(-far / 0.6) + 0.06 * portable.exp(-np.sqrt(far) / 2.2)
    porch = 1.1 * smoothstep(0.94, 0.95, d.toward(35, 62))
    ground = grounded(d, trees(d, town, "trees", 2, 3, ("#0b0f0e", "#1c231c"), 0.4), "#5a544c", "#3a3836", 0.15)
    return ground + lit(linear(0, "#ffdcae"), (glow + porch) * (d.rise > -1))


@sky("garden")
def garden(d: Dome) -> F32:
    """A back garden: hedge, board fence, trees close by, the house on one side."""
    above = clouded(d, gradient(d, "#5b8ccc", "#d3e1ea"), -0.1, linear(0, "#ffffff") * 1.3, linear(0, "#b4bcc6"))
    back = trees(d, above, "wood", 10, 10, ("#1b2b14", "#38521f", "#64803a"), 0.5)
    back = houses(d, back, 6, (13, 19), 0.6, 0.5)
    hedge = trees(d, back, "hedge", 11, 2.5, ("#1a2a12", "#35501f", "#567533"), 0.5)
    hedge = fence(d, hedge, 13, ("#6e5238", "#94714d", "#ab8a66"), 0.55, (0.12, 0.62))
    shrubs = trees(d, hedge, "shrubs", 2, 7, ("#22381a", "#47652a", "#7d9446"), 0.55)
    return grounded(d, shrubs, "#5d7a35", "#6d8840", 0.5)


@sky("park")
def park(d: Dome) -> F32:
    """Under old trees: leaves overhead with the sky in the gaps, trunks around."""
    above = gradient(d, "#7fa9d8", "#dfeaf0") * np.float32(1.6)
    leaves = d.overhead("leaves", 10, 5, 0.7)
    crown = smoothstep(-0.15, 0.1, leaves + 1.2 * d.overhead("crowns", 3, 3) + 0.35)
    light = smoothstep(-0.8, 0.9, leaves + 0.5 * d.fbm("sprigs", (48, 48), 3) * smoothstep(80, 50, d.rise))
    canopy = linear(light, "#1f3312", "#4a6b26", "#9db853") * np.float32(0.7)
    above = mix(above, canopy, crown * smoothstep(8, 26, d.rise))
    wood = trees(d, above, "wood", 13, 9, ("#1c2a14", "#3c5424", "#6a8340"), 0.5)
    count = 9
    place = d.turn * count
    number = np.floor(place).astype(np.int32) % count
    middle, girth = d.uniforms("trunks", 2, count)[:, number]
    offset = np.abs(place % 1 - 0.25 - 0.5 * middle - 0.0012 * d.rise) * 40 / count * 9
    trunk = smoothstep(0.15, -0.15, offset - (1.2 + 3.2 * girth) * (1 + 0.5 * portable.exp(-d.rise / 3))) * (
        d.rise < 55
    )
    bark = linear(0.5 + 0.5 * d.fbm("bark", (120, 20), 4) - 0.06 * (offset - 2), "#2a2119", "#57493a")
    wood = mix(wood, lit(bark, 0.5), trunk * (d.rise > -1))
    return grounded(d, trees(d, wood, "bushes", 1.5, 4, ("#22351a", "#4a6529"), 0.5), "#6b7440", "#7d8448", 0.45)
