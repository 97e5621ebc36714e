"""Surfaces of floors and yards: laminate, vinyl, slabs, mats, sheet metal, walls of rough stone."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface
from diorama.assets.procedural.surfaces_built import boards, bond, tiles


@surface("laminate", metres=1.4, oversample=2)
def laminate(t: Tile) -> Look:
    """Wide boards with a printed beech grain."""
    return boards(t, 2, 7, 0.37, ("#a9805a", "#c49b72", "#d8b48c"), 0.018, 0.7)


@surface("grey-laminate", metres=1.4, oversample=2)
def grey_laminate(t: Tile) -> Look:
    """Wide boards, printed like limed oak."""
    return boards(t, 2, 7, 0.5, ("#857c72", "#a39a8e", "#bdb5a9"), 0.02, 0.6)


@surface("pine-floor", metres=1.2, oversample=2)
def pine_floor(t: Tile) -> Look:
    """Old yellow pine boards with dark gaps and knots."""
    look = boards(t, 1, 10, 0.5, ("#a8743a", "#c9954f", "#dcb070"), 0.06, 0.5)
    c = t.cells("knots", (5, 10), 0.8)
    knot = smoothstep(0.16, 0.08, c.near * (1 + 0.3 * t.fbm("rim", 16, 2))) * (t.of(c.point, "is", 50) < 0.3)
    return Look(mix(look.color, ramp(0, "#6b3f1c"), 0.75 * knot), look.height, look.roughness)


@surface("chipboard", metres=0.8, oversample=2)
def chipboard(t: Tile) -> Look:
    """Pressed flakes of wood."""
    n = 1400
    s = t.strewn("flakes", n, (0.04, 0.10), (0.008, 0.022), outline="bar", bend=0.2)
    tone = t.of(s.owner, "tone", n) + 0.1 * t.fbm("fibre", 48, 2)
    return Look(ramp(tone, "#a57c48", "#c39a62", "#d9b883", "#b98d54"), 0.001 * s.top, 0.8)


@surface("cork", metres=0.5, oversample=2)
def cork(t: Tile) -> Look:
    """Cork tiles: brown granules."""
    c = t.warped("bend", 12, 0.01).cells("grains", 44)
    tone = 0.75 * t.of(c.point, "tone", 44 * 44) + 0.25 * smoothstep(0, 0.25, c.border)
    return Look(ramp(tone, "#7d5330", "#a3733f", "#bf9058", "#d0a670"), 0.002 * smoothstep(0, 0.2, c.border), 0.85)


@surface("vinyl", metres=0.9, oversample=2)
def vinyl(t: Tile) -> Look:
    """Speckled beige and brown vinyl tiles of a shelter's floor."""
    speck = smoothstep(0.45, 0.3, t.cells("specks", 48).near) * (t.fbm("where", 12, 3) > 0)
    odd = (np.floor(t.x * 4) + np.floor(t.y * 4)) % 2
    base = mix(ramp(0.5 + 0.3 * t.fbm("cloud", 6, 4), "#b9a98c", "#cfc2a8"), ramp(0, "#94836a"), odd)
    seam = smoothstep(0.004, 0.012, bond(t, 4, 4, 0.0)[3])
    color = mix(base, ramp(0, "#6d6353"), 0.5 * speck)
    return Look(shaded(color, (0.75 + 0.25 * seam) * (1 + 0.06 * t.fbm("scuff", 3, 5))), 0.0006 * seam, 0.45)


@surface("terrazzo", metres=0.8, oversample=2)
def terrazzo(t: Tile) -> Look:
    """Polished chips of stone in cement."""
    c, fine = t.cells("chips", 18), t.cells("fine", 44)
    chip = smoothstep(0.05, 0.10, c.border) * (t.of(c.point, "is", 324) < 0.7)
    small = smoothstep(0.08, 0.14, fine.border) * (t.of(fine.point, "is", 44 * 44) < 0.6)
    stone = ramp(t.of(c.point, "hue", 324), "#6a6560", "#a88f78", "#d9d2c6", "#8a5f4a", "#4d4a48", "#c9bfae")
    grit = ramp(t.of(fine.point, "hue", 44 * 44), "#7a756e", "#b5aa9a", "#dcd6cb", "#5b5651")
    color = mix(mix(ramp(0.5 + 0.3 * t.fbm("cement", 6, 4), "#a8a196", "#bdb6ab"), grit, small), stone, chip)
    return Look(color, 0.0002 * t.fbm("form", 6, 3), 0.3)


@surface("slate", metres=1.0, oversample=2)
def slate(t: Tile) -> Look:
    """Riven slate tiles."""
    number, _, _, edge = bond(t, 3, 4, 0.5)
    riven = t.warped("bend", 4, 0.04).fbm("riven", 5, 6, 0.6)
    tone = 0.5 + 0.5 * (t.of(number, "tone", 12) - 0.5) + 0.3 * riven
    face = smoothstep(0.012, 0.03, edge)
    color = mix(ramp(0, "#77736c"), ramp(tone, "#2f3438", "#474d50", "#5f625f", "#6b6156"), face)
    return Look(color, 0.004 * face + 0.005 * riven, mix(0.9, 0.55, face))


@surface("hexagon-tiles", metres=0.6, oversample=2)
def hexagon_tiles(t: Tile) -> Look:
    """White and black hexagons of a bathroom floor."""
    n = 12
    u, v = t.x * n, t.y * 14  # a lattice of 12 × 14 points, every other row shifted: nearly regular
    best = np.full((t.size, t.size), np.inf, np.float32)
    second, owner = best.copy(), np.zeros((t.size, t.size), np.int32)
    row0 = np.floor(v)
    for step in (-1, 0, 1):
        row = row0 + step
        shift = 0.5 * (row % 2)
        column = np.round(u - 0.5 - shift)
        d = portable.hypot(u - 0.5 - shift - column, (v - 0.5 - row) * 0.866).astype(np.float32)
        second = np.where(d < best, best, np.minimum(second, d))
        owner = np.where(d < best, (row.astype(np.int32) % 14) * n + column.astype(np.int32) % n, owner)
        best = np.minimum(best, d)
    face = smoothstep(0.05, 0.12, second - best)
    dark = (owner % 3 == 0) & (owner // n % 2 == 0)
    color = mix(ramp(t.of(owner, "tone", 168), "#dad7cf", "#efede6"), ramp(0, "#26272a"), dark * 1.0)
    return Look(mix(ramp(0, "#8b877f"), color, face), 0.003 * face, mix(0.9, 0.25, face))


@surface("granite", metres=0.6, oversample=2)
def granite(t: Tile) -> Look:
    """A polished worktop: black, grey and rose crystals."""
    c, fine = t.cells("crystals", 40), t.cells("mica", 80)
    tone = t.of(c.point, "tone", 1600)
    color = ramp(tone, "#2b2a2b", "#7d6f69", "#a38f86", "#57504e", "#c5b8ae", "#8c7a73")
    mica = (t.of(fine.point, "is", 6400) < 0.2) * smoothstep(0.6, 0.3, fine.near)
    return Look(mix(color, ramp(0, "#151516"), 0.8 * mica), 0.0002 * tone, 0.16)


@surface("rubber-mat", metres=0.5, oversample=2)
def rubber_mat(t: Tile) -> Look:
    """Black rubber with fine ribs and studs."""
    rib = smoothstep(0.3, 0.6, np.abs((t.x * 30) % 1 - 0.5) * 2)
    stud = smoothstep(0.3, 0.22, portable.hypot((t.x * 10) % 1 - 0.5, (t.y * 10) % 1 - 0.5))
    dust = smoothstep(0.0, 0.6, t.fbm("dust", 4, 5))
    color = mix(ramp(0.5 + 0.3 * stud, "#262627", "#3d3d3f"), ramp(0, "#6f6a62"), 0.35 * dust)
    return Look(shaded(color, 0.75 + 0.25 * rib), 0.003 * rib + 0.008 * stud, 0.75)


@surface("wire-grate", metres=0.4, oversample=2)
def wire_grate(t: Tile) -> Look:
    """The floor of a cage: wires over a dark tray."""
    u, v = np.abs((t.x * 12) % 1 - 0.5), np.abs((t.y * 4) % 1 - 0.5)
    wire = np.sqrt(np.clip(1 - (np.minimum(u, 9) / 0.13) ** 2, 0, 1))
    rod = np.sqrt(np.clip(1 - (v / 0.05) ** 2, 0, 1))
    steel, top = np.maximum(wire, rod) > 0, np.maximum(1.2 * wire, rod)
    tray = ramp(0.5 + 0.4 * t.fbm("tray", 4, 5), "#4f4a44", "#6b655d")
    return Look(mix(tray, ramp(0.3 + 0.5 * top, "#7d8082", "#b3b6b8"), steel * 1.0), 0.02 * top, 0.5)


@surface("block-paving", metres=1.2, oversample=2)
def block_paving(t: Tile) -> Look:
    """Concrete blocks of a drive, laid in basket weave."""
    odd = ((np.floor(t.x * 4) + np.floor(t.y * 4)) % 2).astype(np.int32)
    turned = Tile(t.id, np.where(odd, t.y, t.x) + 0 * t.x, np.where(odd, t.x, t.y) + 0 * t.x)
    number, _, _, edge = bond(turned, 4, 8, 0.0)
    number = number + 32 * odd
    face = smoothstep(0.04, 0.12, edge)
    tone = t.of(number, "tone", 64) + 0.25 * t.fbm("grain", 64, 3)
    color = ramp(tone, "#7a5a4e", "#97796b", "#8a8580", "#a5968a", "#6f6560")
    moss = smoothstep(0.1, 0.5, t.fbm("moss", 3, 4))
    joint = mix(ramp(0, "#4a443c"), ramp(0, "#56613a"), moss)
    return Look(mix(joint, color, face), 0.008 * face + 0.001 * t.fbm("rough", 48, 2), 0.92)


@surface("flagstones", metres=1.8, oversample=2)
def flagstones(t: Tile) -> Look:
    """Irregular slabs of sandstone with grass in the joints."""
    c = t.warped("bend", 5, 0.02).cells("slabs", 5, 0.8)
    face = smoothstep(0.03, 0.07, c.border)
    tone = t.of(c.point, "tone", 25) + 0.25 * t.fbm("stain", 8, 5, 0.6)
    color = ramp(tone, "#8a7a66", "#a8977f", "#b9ab96", "#94887a")
    grass = ramp(0.5 + 0.5 * t.fbm("grass", 64, 3, 0.7), "#33421c", "#5f7a30")
    return Look(mix(grass, color, face), 0.012 * face + 0.003 * t.fbm("rough", 16, 5), 0.9)


@surface("cracked-concrete", metres=2.0)
def cracked_concrete(t: Tile) -> Look:
    """An old yard: patches, oil and cracks."""
    w = t.warped("bend", 4, 0.06, 4)
    crack = smoothstep(0.02, 0.0, w.cells("cracks", 3).border) * (t.fbm("where", 2, 3) > -0.2)
    oil = smoothstep(0.25, 0.6, t.fbm("oil", 3, 4))
    tone = 0.5 + 0.3 * t.fbm("stains", 3, 7, 0.6) + 0.12 * t.fbm("grain", 80, 2)
    color = shaded(ramp(tone, "#77736b", "#98938a", "#b3aea4"), (1 - 0.7 * crack) * (1 - 0.4 * oil))
    return Look(color, 0.002 * t.fbm("form", 6, 5) - 0.006 * crack, mix(0.9, 0.6, oil))


@surface("stucco", metres=1.0)
def stucco(t: Tile) -> Look:
    """Rough-cast wall, ochre."""
    lump = t.warped("bend", 16, 0.01).fbm("lumps", 28, 3, 0.6)
    height = 0.008 * lump + 0.003 * t.fbm("form", 3, 4)
    return Look(
        shaded(ramp(0.5 + 0.25 * t.fbm("tone", 3, 6, 0.6), "#b3926a", "#cbae86", "#dcc6a4"), 1 + 0.12 * lump),
        height,
        0.95,
    )


@surface("stone-wall", metres=1.6, oversample=2)
def stone_wall(t: Tile) -> Look:
    """Rubble masonry."""
    c = t.warped("bend", 8, 0.012).cells("stones", (6, 9), 0.8)
    dome = np.sqrt(smoothstep(0.03, 0.35, c.border))
    rough = t.fbm("rough", 12, 5, 0.6)
    tone = t.of(c.point, "tone", 54) + 0.25 * rough
    color = ramp(tone, "#6d665c", "#8f8678", "#a59a86", "#7b6f60", "#b5aa98")
    color = mix(ramp(0, "#a8a093"), color, smoothstep(0.05, 0.35, dome))
    height = 0.03 * dome + 0.006 * rough
    return Look(shaded(color, hollows(height, 0.01, 0.02)), height, 0.95)


@surface("corrugated-metal", metres=1.0)
def corrugated_metal(t: Tile) -> Look:
    """Galvanized sheet in waves."""
    wave = portable.sin(2 * np.pi * 10 * t.x)
    spangle = t.of(t.cells("spangle", 24).point, "tone", 576)
    rust = smoothstep(0.35, 0.7, t.fbm("rust", (8, 2), 5, 0.6))
    color = mix(ramp(0.3 + 0.5 * spangle, "#8f9598", "#b3b8ba", "#cbcfd0"), ramp(0, "#8a5a38"), rust)
    return Look(color, 0.012 * wave, mix(0.42, 0.9, rust), mix(1.0, 0.1, rust))


@surface("copper", metres=0.5)
def copper(t: Tile) -> Look:
    """Beaten copper, tarnished in places."""
    dents = t.cells("dents", 10, 0.9)
    tarnish = smoothstep(0.1, 0.5, t.fbm("tarnish", 3, 6, 0.6))
    color = mix(ramp(0.5 + 0.2 * t.fbm("tone", 4, 4), "#b8714a", "#d99a72"), ramp(0, "#6f8f80"), 0.6 * tarnish)
    return Look(color, 0.008 * dents.near**2, 0.3 + 0.4 * tarnish, 1 - 0.8 * tarnish)


@surface("brass", metres=0.5)
def brass(t: Tile) -> Look:
    """Polished yellow metal with fine scratches."""
    scratch = t.warped("bend", 2, 0.05).fbm("scratch", (3, 80), 2, 0.7)
    return Look(
        ramp(0.5 + 0.2 * scratch + 0.1 * t.fbm("smear", 3, 4), "#b08d3c", "#d4b25f", "#e6cd88"),
        0.0003 * scratch,
        0.26 + 0.08 * scratch,
        1.0,
    )


@surface("pink-tiles", metres=0.8, oversample=2)
def pink_tiles(t: Tile) -> Look:
    """Old bathroom tiles in two pinks."""
    return tiles(t, 6, ("#c99a94", "#dcb5ad", "#ecd3cc"), "#b5aca4", 0.9, 0.8, 0.1)
