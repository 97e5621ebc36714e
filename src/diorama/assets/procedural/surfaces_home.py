"""Surfaces of the home: cloth, carpet, leather, paper, plastic."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface


def weave(t: Tile, threads: int, over: int = 1, step: int = 1) -> tuple[F32, F32]:
    """Cloth of `threads` threads each way, a weft over `over` warps, shifted by `step` a row (twill: over > 1).

    Returns:
        Height in [0, 1], and 1 where the warp (along y) is on top.
    """
    u, v = t.x * threads, t.y * threads
    column, row = np.floor(u), np.floor(v)
    warp = ((column + step * row) % (over + 1) < 1).astype(np.float32)
    across = np.where(warp > 0, u - column, v - row)
    along = np.where(warp > 0, v - row, u - column)
    height = portable.sin(np.pi * across) * (0.55 + 0.45 * portable.sin(np.pi * along))
    return height.astype(np.float32), warp


@surface("denim", metres=0.25, oversample=2)
def denim(t: Tile) -> Look:
    """Blue jeans: white weft under indigo twill."""
    height, warp = weave(t, 72, 2)
    slub = t.fbm("slub", (72, 4), 2) + 0.6 * t.fbm("wear", 3, 5)
    indigo = ramp(0.5 + 0.35 * slub, "#1f3350", "#34517a", "#5776a0", "#8299ba")
    color = mix(indigo, ramp(0.5 + 0.4 * slub, "#7d8ea6", "#b9c3cf"), 0.65 * warp)
    return Look(shaded(color, 0.6 + 0.5 * height), 0.0045 * height, 0.9)


@surface("linen", metres=0.3, oversample=2)
def linen(t: Tile) -> Look:
    """Plain cloth of undyed, uneven thread."""
    w = t.warped("bend", 8, 0.003)
    height, warp = weave(w, 64)
    slub = mix(t.fbm("weft", (4, 64), 2), t.fbm("warp", (64, 4), 2), warp)
    color = ramp(0.5 + 0.5 * slub, "#b3a68e", "#d3c7b0", "#e8dfcd")
    return Look(shaded(color, 0.65 + 0.4 * height), 0.0045 * height, 0.95)


@surface("tartan", metres=0.6, oversample=2)
def tartan(t: Tile) -> Look:
    """A plaid blanket of red, green and cream."""
    height, warp = weave(t, 96, 1)

    def sett(along: F32) -> F32:
        place = np.abs((along * 2) % 1 - 0.5) * 2  # mirrored about its pivots
        bands = np.searchsorted([0.07, 0.12, 0.30, 0.36, 0.40, 0.62, 0.66], place)
        palette = ["#d8c9a3", "#8f1f22", "#1f3d2d", "#8f1f22", "#1b2740", "#8f1f22", "#c9a64a", "#8f1f22"]
        return np.asarray(ramp(np.arange(8) / 7, *palette)[bands], np.float32)

    color = mix(sett(t.y), sett(t.x), 0.5 + 0.3 * (warp - 0.5))
    return Look(shaded(color, 0.75 + 0.35 * height + 0.08 * t.fbm("nap", 32, 3)), 0.003 * height, 0.97)


@surface("beige-carpet", metres=0.6)
def beige_carpet(t: Tile) -> Look:
    """A fitted carpet of twisted loops."""
    return carpet(t, ("#8d7a62", "#b39f84", "#cfbfa6"), 60)


@surface("grey-carpet", metres=0.6)
def grey_carpet(t: Tile) -> Look:
    """Short, flecked office carpet."""
    return carpet(t, ("#4c4f55", "#6c7076", "#8c9096"), 76)


@surface("shag-rug", metres=0.5, oversample=2)
def shag_rug(t: Tile) -> Look:
    """A cream rug of long yarn."""
    n = 1500
    s = t.strewn("yarn", n, (0.08, 0.2), (0.006, 0.010), outline="bar", bend=1.6, rise=0.3, layers=0.7)
    round_ = np.sqrt(np.clip(1 - s.across**2, 0, 1))
    tone = 0.35 + 0.4 * s.top + 0.3 * (t.of(s.owner, "tone", n) - 0.5)
    color = shaded(ramp(tone, "#a99a83", "#cfc2ac", "#ece4d5"), (0.55 + 0.45 * s.top) * (0.7 + 0.35 * round_))
    return Look(color, 0.03 * s.top + 0.006 * round_, 0.97)


def carpet(t: Tile, colors: tuple[str, ...], n: int) -> Look:
    """Loops of yarn, each of its own tone."""
    loops = t.cells("loops", n, 0.8)
    loop = smoothstep(0.75, 0.1, loops.near)
    tone = 0.5 + 0.5 * (t.of(loops.point, "tone", n * n) - 0.5) + 0.2 * t.fbm("trodden", 3, 5)
    return Look(shaded(ramp(tone, *colors), 0.62 + 0.45 * loop), 0.008 * loop + 0.004 * t.fbm("pile", 6, 4), 0.97)


@surface("persian-rug", metres=1.2, oversample=2)
def persian_rug(t: Tile) -> Look:
    """A red rug with a pattern of medallions."""
    u, v = np.abs((t.x * 2) % 1 - 0.5) * 2, np.abs((t.y * 2) % 1 - 0.5) * 2  # mirrored: a repeat has four quarters
    r, a = portable.hypot(u, v), portable.arctan2(v, u)
    petals = r * (1 + 0.16 * portable.cos(8 * a))
    ring = np.floor(petals * 9).astype(np.int32)
    vines = portable.sin(18 * u + 3 * portable.sin(12 * v)) * portable.sin(18 * v + 3 * portable.sin(12 * u))
    palette = ramp(
        np.arange(8) / 7, "#c7a46a", "#1e2b4a", "#7f1d1d", "#c7a46a", "#7f1d1d", "#8f2723", "#1e2b4a", "#7f1d1d"
    )
    color = mix(palette[ring % 8], ramp(0, "#d0b483"), 0.75 * (vines > 0.55) * (ring >= 4))
    knots = t.cells("knots", 90, 0.5)
    light = 0.72 + 0.4 * smoothstep(0.7, 0.1, knots.near) + 0.1 * t.fbm("wear", 4, 5)
    return Look(shaded(color, light), 0.003 * smoothstep(0.7, 0.1, knots.near), 0.95)


@surface("fleece", metres=0.6)
def fleece(t: Tile) -> Look:
    """A soft blue blanket, creased."""
    w = t.warped("bend", 2, 0.1)
    creases = w.fbm("creases", 2, 4, 0.45)
    pills = t.warped("wool", 16, 0.01).fbm("pills", 32, 3, 0.7)
    height = 0.05 * creases + 0.004 * pills
    color = ramp(0.5 + 0.2 * creases + 0.3 * pills, "#4f6c93", "#7591b6", "#9db3cd")
    return Look(shaded(color, hollows(height, 0.06, 0.05)), height, 0.98)


@surface("towel", metres=0.4, oversample=2)
def towel(t: Tile) -> Look:
    """Terry cloth with a woven stripe."""
    loops = t.cells("loops", (48, 72), 0.7)
    loop = smoothstep(0.7, 0.15, loops.near)
    stripe = smoothstep(0.02, 0.0, np.abs(np.abs(t.y - 0.5) - 0.12) - 0.03)
    color = mix(ramp(0.5 + 0.3 * t.fbm("tone", 4, 4), "#c98a8f", "#dba7a8"), ramp(0, "#efe3d8"), stripe)
    return Look(shaded(color, 0.7 + 0.4 * loop), 0.008 * loop * (1 - 0.6 * stripe) + 0.01 * t.fbm("folds", 2, 3), 0.97)


@surface("leather", metres=0.4)
def leather(t: Tile) -> Look:
    """Brown, grained leather of a sofa."""
    w = t.warped("bend", 8, 0.015)
    grain = smoothstep(0.0, 0.22, w.cells("grain", 44).border)
    creases = 1 - np.abs(t.warped("pull", 3, 0.06).fbm("creases", 4, 3))
    fold = smoothstep(0.9, 1.0, creases)
    color = ramp(0.5 + 0.3 * t.fbm("tone", 3, 5), "#553020", "#744733", "#8f5f46")
    return Look(shaded(color, 0.72 + 0.28 * grain - 0.15 * fold), 0.0025 * grain - 0.004 * fold, mix(0.62, 0.42, grain))


@surface("paper", metres=0.4)
def paper(t: Tile) -> Look:
    """Crumpled white paper, smoothed out."""
    folds = sum(
        (_crumple(t.warped(f"bend{k}", 3, 0.03), f"facets{k}", n) / n for k, n in enumerate((3, 5, 9))), 0 * t.x
    )
    return Look(ramp(0.5 + 0.3 * t.fbm("fibre", 48, 3), "#e3e0d8", "#f4f2ed"), 0.25 * folds, 0.85)


def _crumple(t: Tile, name: str, n: int) -> F32:
    """Facets that meet in sharp folds."""
    return np.asarray(np.abs(t.cells(name, n).border - 0.25), np.float32)


@surface("cardboard", metres=0.5)
def cardboard(t: Tile) -> Look:
    """Corrugated cardboard: its flutes show through."""
    flutes = portable.sin(2 * np.pi * 60 * t.x)
    fibre = t.fbm("fibre", (16, 48), 3, 0.7)
    height = 0.0006 * flutes + 0.0006 * t.fbm("dents", 5, 4)
    return Look(
        ramp(0.5 + 0.25 * fibre + 0.12 * flutes + 0.2 * t.fbm("stains", 3, 4), "#9c7a52", "#b8946a", "#cbaa80"),
        height,
        0.9,
    )


@surface("wicker", metres=0.4, oversample=2)
def wicker(t: Tile) -> Look:
    """The side of a basket."""
    n = 10
    column = np.floor(t.x * n).astype(np.int32)
    rows = 18
    row = np.floor(t.y * rows).astype(np.int32)
    u, v = t.x * n - column, t.y * rows - row
    front = portable.sin(np.pi * u) * np.where((column + row) % 2, 1.0, -1.0)
    height = portable.power(portable.sin(np.pi * v), 0.6) * (0.65 + 0.35 * front)
    tone = 0.5 + 0.5 * (t.of(row, "tone", rows) - 0.5) + 0.2 * t.fbm("fibre", (8, 96), 2)
    color = shaded(ramp(tone, "#7d5730", "#a67c4a", "#c79f69"), 0.3 + 0.75 * np.clip(height, 0, 1))
    return Look(color, 0.014 * height, 0.7)


@surface("plastic", metres=0.5)
def plastic(t: Tile) -> Look:
    """Moulded blue plastic with a fine texture."""
    grain = t.fbm("grain", 64, 2)
    scuffs = smoothstep(0.5, 0.8, t.warped("bend", 3, 0.05).fbm("scuffs", (6, 24), 3))
    color = mix(ramp(0.5 + 0.15 * grain, "#1d4f94", "#2a66b4"), ramp(0, "#6f95c6"), 0.35 * scuffs)
    return Look(color, 0.0006 * grain, mix(0.32, 0.6, scuffs))


@surface("linoleum", metres=1.0)
def linoleum(t: Tile) -> Look:
    """A marbled grey-green floor."""
    w = t.warped("bend", 3, 0.09, 4)
    figure = w.fbm("figure", (6, 3), 6, 0.62)
    flecks = smoothstep(0.35, 0.6, w.fbm("flecks", (24, 10), 3))
    color = mix(ramp(0.5 + 0.4 * figure, "#73796a", "#8f9584", "#a9ad9c"), ramp(0, "#cfcfbf"), 0.5 * flecks)
    return Look(color, 0.0003 * t.fbm("form", 8, 4), 0.4 + 0.08 * figure)


@surface("newspaper", metres=0.6, oversample=2)
def newspaper(t: Tile) -> Look:
    """Sheets of newsprint: columns of grey lines, headlines and pictures."""
    column = np.floor(t.x * 4).astype(np.int32)
    line, u, v = np.floor(t.y * 72).astype(np.int32), (t.x * 4) % 1, (t.y * 72) % 1
    story = column * 6 + np.floor(t.y * 6).astype(np.int32)
    kind = t.of(story, "kind", 24)
    inside = smoothstep(0.03, 0.05, np.minimum(u, 1 - u))
    letters = (
        (t.fbm("letters", (160, 72), 1) > -0.12)
        * (v > 0.28)
        * (u < 0.6 + 0.4 * t.of(line % 72 * 4 + column, "end", 288))
    )
    title = (t.fbm("title", (44, 18), 1) > -0.1) * ((t.y * 18) % 1 > 0.3) * ((t.y * 6) % 1 < 0.33)
    picture = 0.45 + 0.5 * t.fbm("picture", 12, 4)
    ink = np.where(kind < 0.22, picture, np.where((t.y * 6) % 1 < 0.33, title * (kind > 0.6), letters * 0.62))
    color = mix(
        ramp(0.5 + 0.3 * t.fbm("fibre", 32, 3), "#cdc8ba", "#dedace"), ramp(0, "#2b2a29"), np.clip(ink * inside, 0, 0.9)
    )
    return Look(color, 0.004 * t.fbm("creases", 3, 3), 0.9)
