"""Surfaces that no place has: loud patterns, so that a classifier cannot lean on what animals usually stand on."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, mix, ramp, shaded, surface

RAINBOW = ("#d7263d", "#f46036", "#f6c445", "#3fa34d", "#2e86ab", "#5d3a9b", "#d7263d")


@surface("sprinkles", metres=0.5, realistic=False, oversample=2)
def sprinkles(t: Tile) -> Look:
    """Sugar sprinkles on pink icing."""
    n = 420
    s = t.strewn("sugar", n, (0.05, 0.07), (0.008, 0.010), outline="bar")
    round_ = np.sqrt(np.clip(1 - s.across**2, 0, 1)) * (s.owner >= 0)
    palette = ramp(
        np.floor(6 * t.of(s.owner, "hue", n)) / 5, "#ff4d6d", "#ffd23f", "#3bceac", "#4d7cff", "#fffdf5", "#ff8c42"
    )
    color = mix(ramp(0.5 + 0.3 * t.fbm("icing", 4, 3), "#f29ab5", "#f7b9cb"), palette, (s.owner >= 0) * 1.0)
    return Look(
        shaded(color, 1 - 0.25 * (s.owner >= 0) * (1 - round_)), 0.008 * round_ + 0.004 * t.fbm("swirl", 3, 3), 0.35
    )


@surface("checks", metres=1.0, realistic=False)
def checks(t: Tile) -> Look:
    """Magenta and green checks."""
    odd = (np.floor(t.x * 8) + np.floor(t.y * 8)) % 2
    return Look(mix(ramp(0, "#c2185b"), ramp(0, "#43c59e"), odd), 0.002 * odd, 0.5)


@surface("polka-dots", metres=1.0, realistic=False, oversample=2)
def polka_dots(t: Tile) -> Look:
    """White dots on red, every other row shifted."""
    row = np.floor(t.y * 8)
    u, v = (t.x * 6 + 0.5 * row) % 1 - 0.5, (t.y * 8) % 1 - 0.5
    dot = smoothstep(0.32, 0.28, portable.hypot(u, v * 0.75))
    return Look(mix(ramp(0, "#c8102e"), ramp(0, "#fbf7ee"), dot), 0.003 * dot, 0.6)


@surface("confetti", metres=1.0, realistic=False)
def confetti(t: Tile) -> Look:
    """Noise in every colour, texel by texel and in blots."""
    color = np.stack([0.5 + 0.6 * t.fbm(f"{c}", 6, 7, 0.8) for c in "rgb"], -1)
    return Look(color, 0.006 * t.fbm("form", 12, 4), 0.3 + 0.6 * t.uniforms("gloss", t.size, t.size))


@surface("static", metres=1.0, realistic=False)
def static(t: Tile) -> Look:
    """Black and white noise, as of a television without a signal."""
    grey = np.kron(t.uniforms("grey", t.size // 2, t.size // 2), np.ones((2, 2), np.float32))
    return Look(np.repeat(grey[..., None], 3, -1), 0.001 * grey, 0.6)


@surface("stripes", metres=1.0, realistic=False, oversample=2)
def stripes(t: Tile) -> Look:
    """Diagonal stripes in yellow and black."""
    stripe = smoothstep(0.46, 0.54, np.abs(((t.x + t.y) * 5) % 1 - 0.5) * 2)
    return Look(mix(ramp(0, "#191919"), ramp(0, "#f4c20d"), stripe), 0.001 * stripe, 0.45)


@surface("zigzag", metres=1.0, realistic=False, oversample=2)
def zigzag(t: Tile) -> Look:
    """Chevrons in four colours."""
    band = np.floor(t.y * 12 + 2 * np.abs((t.x * 6) % 1 - 0.5)).astype(np.int32) % 4
    return Look(ramp(np.arange(4) / 3, "#0f4c5c", "#fb8b24", "#f4f1de", "#9a031e")[band], 0.001 * band, 0.7)


@surface("rainbow", metres=1.0, realistic=False)
def rainbow(t: Tile) -> Look:
    """Marbled paints of all hues."""
    phase = t.y + 0.9 * t.warped("bend", 2, 0.12, 4).fbm("swirl", 2, 4)
    ridge = 0.5 + 0.5 * portable.sin(2 * np.pi * 6 * phase)
    return Look(ramp((2 * phase) % 1, *RAINBOW), 0.003 * ridge, 0.25)


@surface("bubbles", metres=0.8, realistic=False, oversample=2)
def bubbles(t: Tile) -> Look:
    """Shiny gilded and violet beads, edge to edge."""
    c = t.cells("beads", 10, 0.7)
    dome: F32 = np.sqrt(smoothstep(0.02, 0.5, c.border))
    gilt = t.of(c.point, "gilt", 100) > 0.5
    color = mix(ramp(dome, "#2d1a52", "#7b4bc4"), ramp(dome, "#7a5310", "#f0c75e"), gilt * 1.0)
    return Look(color, 0.035 * dome, mix(0.6, 0.18, dome), gilt * 1.0)


@surface("stained-glass", metres=1.0, realistic=False, oversample=2)
def stained_glass(t: Tile) -> Look:
    """Glass of all colours between strips of lead."""
    c = t.cells("panes", 8)
    color = ramp(np.floor(t.of(c.point, "hue", 64) * 7) / 6, *RAINBOW)
    lead = smoothstep(0.07, 0.04, c.border)
    color = shaded(mix(color, ramp(0, "#16161a"), lead), 0.85 + 0.25 * t.fbm("swirl", 12, 3))
    return Look(color, 0.012 * lead + 0.004 * t.fbm("wave", 6, 3), mix(0.12, 0.6, lead))


@surface("rings", metres=1.0, realistic=False, oversample=2)
def rings(t: Tile) -> Look:
    """Rings in black and white that meet as in a moiré."""
    a, b = ((portable.hypot((t.x + s) % 1 - 0.5, (t.y + s) % 1 - 0.5) * 18) % 1 < 0.5 for s in (0.0, 0.5))
    return Look(mix(ramp(0, "#111114"), ramp(0, "#f4f3ee"), (a ^ b) * 1.0), 0.001 * (a ^ b), 0.5)


@surface("lava", metres=1.0, realistic=False)
def lava(t: Tile) -> Look:
    """Black crust with glowing cracks."""
    c = t.warped("bend", 4, 0.06, 4).cells("plates", 6)
    crack = smoothstep(0.16, 0.0, c.border + 0.08 * t.fbm("rim", 16, 4))
    color = mix(
        ramp(0.5 + 0.4 * t.fbm("crust", 16, 5), "#1c1716", "#453a38"),
        ramp(crack, "#5b0f05", "#e0390b", "#ffc93c"),
        crack,
    )
    return Look(color, 0.02 * smoothstep(0, 0.3, c.border) + 0.004 * t.fbm("rough", 24, 4), mix(0.95, 0.4, crack))


@surface("cow-spots", metres=1.0, realistic=False)
def cow_spots(t: Tile) -> Look:
    """Black blots on white."""
    blot = smoothstep(0.02, 0.06, t.warped("bend", 4, 0.04).fbm("blots", 4, 3, 0.4))
    return Look(mix(ramp(0, "#f1efe8"), ramp(0, "#1b1a1a"), blot), 0.002 * blot + 0.001 * t.fbm("nap", 48, 2), 0.8)


@surface("circuit", metres=0.6, realistic=False, oversample=2)
def circuit(t: Tile) -> Look:
    """Gold tracks on a green board."""
    n = 24
    column, row = np.floor(t.x * n).astype(np.int32), np.floor(t.y * n).astype(np.int32)
    number = column + n * row
    u, v = (t.x * n) % 1 - 0.5, (t.y * n) % 1 - 0.5
    turn = t.of(number, "turn", n * n)
    track = np.where(turn < 0.4, np.abs(u), np.where(turn < 0.8, np.abs(v), np.abs(portable.hypot(u, v) - 0.25))) < 0.1
    pad = (portable.hypot(u, v) < 0.28) & (turn > 0.9)
    color = mix(ramp(0.5 + 0.2 * t.fbm("tone", 6, 3), "#0f5a3a", "#1c7a50"), ramp(0, "#d9b45a"), (track | pad) * 1.0)
    return Look(color, 0.003 * (track | pad), 0.35)
