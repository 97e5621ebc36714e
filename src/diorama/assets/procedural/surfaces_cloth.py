"""Surfaces of cloth: bedding, blankets, upholstery, carpets, towels."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, I32, blur, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface


def creases(t: Tile, frequency: int = 2) -> F32:
    """Height, about -1 to 1, of cloth that lies in soft folds and a few sharp ones."""
    w = t.warped("creases.bend", frequency, 0.12)
    ridge = 1 - np.abs(w.fbm("creases.ridge", (frequency, 2 * frequency), 2, 0.4)) * 2
    return np.asarray(0.6 * w.fbm("creases.fold", frequency, 3, 0.4) + 0.4 * ridge, np.float32)


def draped(t: Tile, color: F32, fold: float, nap: float = 0.12, frequency: int = 2) -> Look:
    """Cloth of these colours in folds `fold` tiles high, with a little nap."""
    height, fuzz = np.float32(fold) * creases(t, frequency), t.fbm("nap", 48, 3, 0.7)
    return Look(shaded(color, hollows(height, 0.05, 1.5 * fold) * (1 + nap * fuzz)), height + 0.0012 * fuzz, 0.95)


def squares(t: Tile, n: int) -> tuple[I32, F32, F32, F32]:
    """For n × n squares: their number, and place in them from the middle in [-1, 1], and a bulge that is 0 at seams."""
    column, row = np.floor(t.x * n), np.floor(t.y * n)
    u, v = 2 * (t.x * n - column) - 1, 2 * (t.y * n - row) - 1
    bulge = np.sqrt(np.clip((1 - u**2) * (1 - v**2), 0, 1))
    return (column + n * row).astype(np.int32), u + 0 * v, v + 0 * u, bulge.astype(np.float32)


@surface("quilt", metres=1.2, oversample=2)
def quilt(t: Tile) -> Look:
    """Patchwork of printed squares, stitched and puffed."""
    n = 8
    number, _, _, bulge = squares(t, n)
    hue, kind = t.of(number, "hue", n * n), t.of(number, "kind", n * n)
    base = ramp(hue, "#a8505a", "#d9c9a8", "#5b7a99", "#e6e0d2", "#7f9a6b", "#c98f5a", "#7d6a8f")
    dots = smoothstep(0.35, 0.2, portable.hypot((t.x * 48) % 1 - 0.5, (t.y * 48) % 1 - 0.5))
    print_ = np.where(kind < 0.35, dots, np.where(kind < 0.65, (t.x * 60) % 1 < 0.3, t.fbm("print", 30, 2) > 0.25))
    color = mix(base, ramp(1 - hue, "#f0e8d8", "#7a3038", "#e9e2d2", "#3f5566"), 0.65 * print_)
    light = (0.72 + 0.28 * smoothstep(0, 0.5, bulge)) * (1 + 0.06 * t.fbm("nap", 64, 2))
    return Look(shaded(color, light), 0.02 * bulge + 0.006 * creases(t), 0.95)


@surface("diamond-quilt", metres=0.8, oversample=2)
def diamond_quilt(t: Tile) -> Look:
    """A cream bedspread, quilted in lozenges."""
    a, b = (6 * (t.x + t.y)) % 1, (6 * (t.x - t.y)) % 1
    bulge = np.sqrt(np.clip(16 * a * (1 - a) * b * (1 - b), 0, 1))
    color = ramp(0.5 + 0.25 * t.fbm("tone", 3, 4) + 0.1 * t.fbm("nap", 64, 2), "#cfc4ae", "#e6deca", "#f2ecde")
    return Look(shaded(color, 0.7 + 0.3 * smoothstep(0, 0.6, bulge)), 0.016 * bulge, 0.93)


def knitted(t: Tile, colors: tuple[str, ...], stitches: int) -> Look:
    """Stocking stitch: columns of V-shaped loops; coloured in bands if there are several colours."""
    u, v = (t.x * stitches) % 1, t.y * stitches * 0.75
    side = np.abs(u - 0.5)
    loop = (v + 1.2 * side) % 1
    height = np.sqrt(np.clip(portable.sin(np.pi * loop), 0, 1)) * (0.5 + portable.sin(2 * np.pi * side) * 0.5)
    band = np.floor(t.y * len(colors) * 2) % len(colors) / max(len(colors) - 1, 1)
    color = ramp(band + 0 * t.x, *colors)
    light = (0.5 + 0.55 * height) * (1 + 0.14 * t.fbm("fibre", 96, 2) + 0.1 * t.fbm("wear", 4, 3))
    return Look(shaded(color, light), 0.010 * height + 0.015 * creases(t), 0.97)


@surface("knitted-blanket", metres=0.5, oversample=2)
def knitted_blanket(t: Tile) -> Look:
    """Coarse knitting in oatmeal wool."""
    return knitted(t, ("#cdbfa6",), 24)


@surface("striped-knit", metres=0.8, oversample=2)
def striped_knit(t: Tile) -> Look:
    """A blanket knitted in bands of many colours."""
    return knitted(t, ("#8f2f3a", "#d9c48a", "#3f6a6b", "#e3dccb", "#c4713f"), 40)


@surface("granny-squares", metres=0.9, oversample=2)
def granny_squares(t: Tile) -> Look:
    """A crocheted blanket: rings of colour in black-edged squares."""
    number, u, v, _ = squares(t, 4)
    ring = np.minimum(np.floor(np.maximum(np.abs(u), np.abs(v)) * 5), 4).astype(np.int32)
    hues = t.of(number * 5 + ring, "hue", 80)
    color = ramp(np.floor(hues * 7) / 6, "#d9415a", "#f0c24b", "#4f9a8a", "#f2ead8", "#7a5aa6", "#e0803f", "#4a7ec0")
    color = mix(color, ramp(0, "#2a2a2e"), (ring == 4) * 1.0)
    loops = t.cells("loops", 56, 0.6)
    loop = smoothstep(0.75, 0.15, loops.near)
    return Look(shaded(color, 0.5 + 0.55 * loop), 0.009 * loop + 0.008 * creases(t), 0.97)


@surface("rumpled-sheet", metres=1.0)
def rumpled_sheet(t: Tile) -> Look:
    """A white bed sheet in folds."""
    return draped(t, ramp(0.5 + 0.2 * t.fbm("tone", 3, 3), "#dcdad6", "#f1f0ed"), 0.045, 0.02)


@surface("striped-sheet", metres=1.0)
def striped_sheet(t: Tile) -> Look:
    """Blue and white stripes on rumpled bedding."""
    w = t.warped("sway", 2, 0.02)
    phase = (w.x * 12) % 1
    stripe = smoothstep(0.2, 0.24, np.abs(phase - 0.5)) - 0.5 * smoothstep(0.04, 0.02, np.abs(phase - 0.12))
    return draped(t, mix(ramp(0, "#5f7fa6"), ramp(0, "#eceff1"), np.clip(stripe, 0, 1)), 0.04, 0.03)


@surface("floral-cover", metres=0.9, oversample=2)
def floral_cover(t: Tile) -> Look:
    """A bed cover printed with roses and leaves on cream."""
    n = 110
    leaf = t.strewn("leaves", 2 * n, (0.04, 0.09), (0.010, 0.02), outline="leaf", bend=0.5)
    color = mix(ramp(0.5 + 0.2 * t.fbm("tone", 3, 3), "#e6dcc6", "#f3ecdd"), ramp(
        t.of(leaf.owner, "green", 2 * n), "#5f7a4a", "#8a9a63", "#47664a"), 0.85 * (leaf.owner >= 0))  # fmt: skip
    flower = t.cells("flowers", 7, 0.8)
    petal = smoothstep(0.36, 0.3, flower.near * (1 + 0.5 * t.fbm("petal", 24, 3)))
    hue = ramp(t.of(flower.point, "hue", 49), "#c2455a", "#e2a0a6", "#a85c8a", "#d9838a")
    rings = 0.8 + 0.2 * portable.cos(24 * flower.near + 3 * t.fbm("ring", 12, 2))
    return draped(t, mix(color, shaded(hue, rings), petal), 0.03, 0.04)


@surface("buffalo-check", metres=0.8, oversample=2)
def buffalo_check(t: Tile) -> Look:
    """Flannel in red and black checks."""
    across, down = (t.x * 4) % 1 < 0.5, (t.y * 4) % 1 < 0.5
    twill = 0.85 + 0.15 * portable.sin(2 * np.pi * 96 * (t.x + t.y))
    tone = 0.5 * across + 0.5 * down
    return draped(t, shaded(ramp(tone, "#b3272b", "#5f1d20", "#1c1a1b"), twill), 0.03, 0.1)


@surface("leopard-fleece", metres=0.6)
def leopard_fleece(t: Tile) -> Look:
    """A fleece blanket printed with spots."""
    c = t.warped("bend", 8, 0.012).cells("spots", 11, 0.8)
    rim = smoothstep(0.2, 0.25, c.near) * smoothstep(0.42, 0.36, c.near) * (t.fbm("gap", 20, 2) > -0.25)
    color = mix(
        ramp(0.5 + 0.3 * t.fbm("tone", 4, 3), "#c39a63", "#dcbc88"), ramp(0, "#8a5a2c"), smoothstep(0.3, 0.2, c.near)
    )
    return draped(t, mix(color, ramp(0, "#2a1c12"), rim), 0.04, 0.16)


@surface("grey-fleece", metres=0.6)
def grey_fleece(t: Tile) -> Look:
    """A grey fleece throw, pilled."""
    return draped(t, ramp(0.5 + 0.4 * t.fbm("pills", 40, 3, 0.7), "#77787c", "#98999d", "#b3b4b7"), 0.05, 0.2)


@surface("faux-fur", metres=0.5, oversample=2)
def faux_fur(t: Tile) -> Look:
    """A long-haired white throw."""
    n = 2600
    s = t.strewn("hairs", n, (0.06, 0.14), (0.003, 0.006), angle=(0.9, 2.2), bend=0.9, rise=0.4, layers=0.6)
    tone = 0.25 + 0.5 * s.top + 0.35 * (t.of(s.owner, "tone", n) - 0.5) + 0.15 * t.fbm("tufts", 4, 3)
    return Look(ramp(tone, "#8f8a86", "#c9c4be", "#efece7"), 0.03 * s.top, 0.9)


@surface("corduroy", metres=0.3, oversample=2)
def corduroy(t: Tile) -> Look:
    """Brown ribs of a sofa's cover."""
    rib = np.sqrt(np.clip(portable.sin(np.pi * ((t.x * 28) % 1)), 0, 1))
    wear = t.fbm("wear", 3, 4)
    color = ramp(0.5 + 0.3 * wear + 0.15 * t.fbm("fibre", (64, 16), 2), "#5a4330", "#7c6047", "#9c8066")
    return Look(shaded(color, 0.45 + 0.6 * rib), 0.010 * rib + 0.006 * wear, 0.93)


@surface("tweed", metres=0.3, oversample=2)
def tweed(t: Tile) -> Look:
    """Upholstery of mixed grey and brown yarn."""
    yarn = t.cells("yarn", (64, 48), 0.7)
    tone = t.of(yarn.point, "tone", 64 * 48)
    bump = smoothstep(0.75, 0.1, yarn.near)
    color = ramp(tone, "#45464a", "#7b756c", "#98917f", "#5b5f63", "#b5ac98", "#6a5a4a")
    return Look(shaded(color, 0.6 + 0.45 * bump), 0.006 * bump + 0.006 * creases(t), 0.97)


@surface("velvet", metres=0.6)
def velvet(t: Tile) -> Look:
    """Crushed wine-red velvet."""
    w = t.warped("bend", 3, 0.09)
    nap = w.fbm("nap", 5, 4, 0.5)
    height = 0.03 * creases(t)
    return Look(ramp(0.5 + 0.5 * nap, "#3d0f1c", "#6d1b30", "#94364c"), height + 0.008 * nap, 0.6 - 0.12 * nap)


@surface("tufted-sofa", metres=0.7, oversample=2)
def tufted_sofa(t: Tile) -> Look:
    """Black leather, buttoned in lozenges."""
    a, b = (4 * (t.x + t.y)) % 1 - 0.5, (4 * (t.x - t.y)) % 1 - 0.5
    seam = np.minimum(0.5 - np.abs(a), 0.5 - np.abs(b))
    bulge = np.sqrt(smoothstep(0, 0.42, seam))
    button = smoothstep(0.11, 0.08, portable.hypot(0.5 - np.abs(a), 0.5 - np.abs(b)))
    grain = smoothstep(0.0, 0.2, t.cells("grain", 60).border)
    color = shaded(ramp(0.5 + 0.3 * t.fbm("tone", 3, 4), "#2c2a2b", "#423e3d"), 0.8 + 0.2 * grain)
    return Look(color, 0.045 * bulge * (1 - button) + 0.02 * button + 0.0015 * grain, 0.42 + 0.1 * (1 - grain))


def pile(t: Tile, colors: tuple[str, ...], trodden: float = 0.3) -> Look:
    """Cut pile: fine specks, and patches where feet have turned it."""
    turned = smoothstep(-0.5, 0.5, t.warped("feet.bend", 4, 0.05).fbm("feet", 4, 5)) - 0.5
    speck = t.uniforms("speck", t.size, t.size)
    tone = 0.5 + trodden * turned + 0.3 * (speck - 0.5) + 0.2 * t.fbm("tufts", 48, 2)
    return Look(ramp(tone, *colors), 0.003 * speck + 0.004 * turned + 0.003 * t.fbm("form", 6, 3), 0.97)


@surface("blue-carpet", metres=0.8)
def blue_carpet(t: Tile) -> Look:
    """Blue cut pile with tracks."""
    return pile(t, ("#4a5f80", "#6a80a3", "#8ba0bf"))


@surface("red-carpet", metres=0.8)
def red_carpet(t: Tile) -> Look:
    """Worn red-brown pile."""
    return pile(t, ("#6d2c28", "#8f443c", "#ad6355"))


@surface("green-carpet", metres=0.8)
def green_carpet(t: Tile) -> Look:
    """Sage-green pile."""
    return pile(t, ("#5c6650", "#7c8768", "#9aa585"), 0.22)


@surface("berber-carpet", metres=0.5, oversample=2)
def berber_carpet(t: Tile) -> Look:
    """Large loops in rows, cream with brown flecks."""
    loops = t.cells("loops", (30, 42), 0.35)
    loop = np.sqrt(smoothstep(0.7, 0.0, loops.near))
    fleck = t.of(loops.point, "fleck", 30 * 42)
    tone = np.where(fleck > 0.86, 0.1 + 2 * (fleck - 0.86), 0.7 + 0.3 * fleck)
    color = ramp(tone, "#6b5138", "#a08a6c", "#cbbda3", "#e0d6c2")
    return Look(shaded(color, 0.5 + 0.55 * loop), 0.011 * loop, 0.97)


@surface("patterned-carpet", metres=1.0, oversample=2)
def patterned_carpet(t: Tile) -> Look:
    """A pub's carpet: scrolls and flowers on brown."""
    u, v = (t.x * 3) % 1 - 0.5, (t.y * 3 + 0.5 * np.floor(t.x * 3)) % 1 - 0.5
    r, a = portable.hypot(u, v), portable.arctan2(v, u)
    petals = smoothstep(0.03, -0.03, r - 0.24 - 0.07 * portable.cos(6 * a))
    ring = smoothstep(0.03, 0.0, np.abs(r - 0.4 + 0.04 * portable.cos(10 * a)))
    heart = smoothstep(0.10, 0.08, r)
    color = mix(ramp(0.5 + 0.3 * t.fbm("wear", 3, 4), "#4a2f26", "#63443a"), ramp(0, "#b98a4a"), ring)
    color = mix(mix(color, ramp(0, "#8f3434"), petals), ramp(0, "#d9c48a"), heart)
    tufts = smoothstep(0.75, 0.15, t.cells("tufts", 90, 0.6).near)
    return Look(shaded(color, 0.7 + 0.4 * tufts), 0.004 * tufts, 0.97)


@surface("bath-mat", metres=0.5, oversample=2)
def bath_mat(t: Tile) -> Look:
    """Chenille nubs, turquoise."""
    c = t.cells("nubs", 18, 0.5)
    nub = np.sqrt(smoothstep(0.6, 0.0, c.near))
    color = ramp(
        0.5 + 0.5 * (t.of(c.point, "tone", 324) - 0.5) + 0.15 * t.fbm("pile", 64, 2), "#4f8f95", "#79b3b5", "#a3cfcd"
    )
    return Look(shaded(color, 0.4 + 0.65 * nub), 0.03 * nub, 0.97)


@surface("waffle-towel", metres=0.3, oversample=2)
def waffle_towel(t: Tile) -> Look:
    """White cotton woven in cells."""
    u, v = np.abs((t.x * 14) % 1 - 0.5), np.abs((t.y * 14) % 1 - 0.5)
    wall = np.maximum(u, v) * 2
    color = ramp(0.5 + 0.2 * t.fbm("tone", 4, 4) + 0.1 * t.fbm("thread", 80, 2), "#d9d5cc", "#f0ede6")
    return Look(shaded(color, 0.72 + 0.28 * wall), 0.012 * wall + 0.02 * creases(t), 0.97)


@surface("camel-blanket", metres=0.6)
def camel_blanket(t: Tile) -> Look:
    """Felted wool with a satin edge stripe, in folds."""
    wool = t.fbm("wool", (24, 32), 4, 0.7)
    stripe = smoothstep(0.05, 0.03, np.abs((t.y * 2) % 1 - 0.5))
    color = mix(ramp(0.5 + 0.3 * wool, "#94724a", "#b08c5f", "#c8a97c"), ramp(0, "#6a4a2a"), stripe)
    look = draped(t, color, 0.05, 0.12)
    return Look(look.color, look.height + 0.002 * blur(wool, 0.004), 0.97)
