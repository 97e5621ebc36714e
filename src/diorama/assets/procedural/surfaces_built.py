"""Surfaces of what is built: wood, masonry, paving, metal."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, I32, Frequency, smoothstep
from diorama.assets.procedural.surfaces import Look, Tile, hollows, mix, ramp, shaded, surface


def bond(t: Tile, across: int, down: int, shift: float) -> tuple[I32, F32, F32, F32]:
    """Rows of bricks, planks or tiles, each row shifted against the last by a share of a brick.

    Returns:
        Brick number, x and y within the brick in [0, 1), and distance to its edge in bricks' heights.
    """
    row = np.floor(t.y * down)
    x = t.x * across + shift * row
    column = np.floor(x)
    u, v = x - column, t.y * down - row
    edge = np.minimum(np.minimum(u, 1 - u) * (down / across), np.minimum(v, 1 - v))
    number = (row.astype(np.int32) % down) * across + column.astype(np.int32) % across
    return number, u.astype(np.float32), v.astype(np.float32), edge.astype(np.float32)


def wood(t: Tile, name: str, grain: Frequency, offset: F32) -> tuple[F32, F32]:
    """Figure (broad, -1 to 1) and fibre (fine) of sawn wood, its grain along x; offset (S, S) tells boards apart."""
    board = Tile(t.id, t.x + offset, t.y + 7 * offset)
    bent = board.warped(f"{name}.bend", (2, grain[1] // 4 if isinstance(grain, tuple) else grain), 0.012)
    figure = portable.sin(2 * np.pi * 3 * bent.fbm(f"{name}.figure", grain, 2, 0.4))
    return figure.astype(np.float32), board.fbm(f"{name}.fibre", (4, 96), 2)


def boards(t: Tile, across: int, down: int, shift: float, colors: tuple[str, ...], gap: float, gloss: float) -> Look:
    """Boards whose grain runs along x, with gaps that are a share of a board's height."""
    number, _, _, edge = bond(t, across, down, shift)
    offset = t.of(number, "offset", across * down)
    figure, fibre = wood(t, "grain", (2, 12), offset)
    tone = 0.5 + 0.55 * (t.of(number, "tone", across * down) - 0.5) + 0.11 * figure + 0.16 * fibre
    joint = smoothstep(gap / 2, gap, edge)
    color = shaded(ramp(tone, *colors), 0.35 + 0.65 * joint)
    height = 0.003 * joint + 0.0004 * fibre + 0.0015 * (t.of(number, "level", across * down) - 0.5)
    return Look(color, height, 1 - gloss * joint + 0.08 * fibre)


@surface("oak-floor", metres=1.2, oversample=2)
def oak_floor(t: Tile) -> Look:
    """Polished oak boards."""
    return boards(t, 2, 10, 0.5, ("#8a5a30", "#b07c46", "#c8965c", "#d9ae78"), 0.035, 0.62)


@surface("dark-floor", metres=1.2, oversample=2)
def dark_floor(t: Tile) -> Look:
    """Dark stained boards."""
    return boards(t, 2, 8, 0.5, ("#36211a", "#533225", "#6c4532", "#7f5841"), 0.03, 0.58)


@surface("weathered-planks", metres=1.4, oversample=2)
def weathered_planks(t: Tile) -> Look:
    """Grey planks of a deck, with wide gaps."""
    look = boards(t, 1, 8, 0.5, ("#7a7268", "#968d81", "#aca397", "#bdb5a9"), 0.07, 0.1)
    return Look(shaded(look.color, 1 + 0.1 * t.fbm("stains", 4, 5)), look.height * 1.8, look.roughness)


@surface("parquet", metres=1.0, oversample=2)
def parquet(t: Tile) -> Look:
    """Blocks of five staves, laid crosswise."""
    block = (np.floor(t.x * 4) + np.floor(t.y * 4)).astype(np.int32) % 2
    turned = Tile(t.id, np.where(block, t.y, t.x), np.where(block, t.x, t.y))
    number, _, _, edge = bond(turned, 4, 20, 0.0)
    number = number + 80 * block
    offset = t.of(number, "offset", 160)
    figure, fibre = wood(turned, "grain", (3, 24), offset)
    tone = 0.5 + 0.6 * (t.of(number, "tone", 160) - 0.5) + 0.1 * figure + 0.13 * fibre
    joint = smoothstep(0.01, 0.07, edge)
    return Look(
        shaded(ramp(tone, "#7b4d26", "#a06c3a", "#bd8b52"), 0.55 + 0.45 * joint), 0.0012 * joint, 0.42 + 0.06 * fibre
    )


@surface("brick", metres=1.0, oversample=2)
def brick(t: Tile) -> Look:
    """A wall of red brick in stretcher bond."""
    w = t.warped("bend", 24, 0.0018)
    number, _, _, edge = bond(w, 4, 12, 0.5)
    face = smoothstep(0.06, 0.13, edge + 0.02 * t.fbm("chips", 32, 3))
    tone = 0.5 + 0.8 * (t.of(number, "tone", 48) - 0.5) + 0.2 * t.fbm("blotch", 16, 5, 0.6)
    color = ramp(tone, "#6e3328", "#94483a", "#a9594a", "#bd7461")
    mortar = ramp(0.5 + 0.4 * t.fbm("mortar", 48, 3), "#948b80", "#b9b1a5")
    height = 0.008 * face + 0.0016 * t.fbm("grain", 48, 4)
    return Look(shaded(mix(mortar, color, face), hollows(height, 0.01, 0.012)), height, 0.92)


def tiles(t: Tile, n: int, colors: tuple[str, ...], grout: str, spread: float, gloss: float, mottle: float) -> Look:
    """A grid of n × n tiles."""
    number, _, _, edge = bond(t, n, n, 0.0)
    face = smoothstep(0.012, 0.035, edge)
    tone = 0.5 + spread * (t.of(number, "tone", n * n) - 0.5) + mottle * t.fbm("mottle", 6, 6, 0.6)
    color = mix(ramp(0, grout), ramp(tone, *colors), face)
    height = 0.004 * smoothstep(0.01, 0.06, edge) + 0.0006 * mottle * t.fbm("dents", 16, 4)
    return Look(color, height, mix(0.9, 1 - gloss, face))


@surface("white-tiles", metres=0.8, oversample=2)
def white_tiles(t: Tile) -> Look:
    """Glazed white tiles with grey grout."""
    return tiles(t, 4, ("#dcdcd6", "#efefea"), "#8f8d88", 0.5, 0.85, 0.15)


@surface("beige-tiles", metres=1.2, oversample=2)
def beige_tiles(t: Tile) -> Look:
    """Matt stoneware floor tiles."""
    return tiles(t, 3, ("#a58d70", "#bfa88a", "#d2bea3"), "#7d6f60", 0.4, 0.5, 0.4)


@surface("checkerboard-floor", metres=0.8, oversample=2)
def checkerboard_floor(t: Tile) -> Look:
    """A kitchen floor of black and white tiles."""
    look = tiles(t, 4, ("#ffffff", "#ffffff"), "#8c8a86", 0.0, 0.75, 0.0)
    odd = (np.floor(t.x * 4) + np.floor(t.y * 4)) % 2
    marble = 0.5 + 0.4 * t.warped("bend", 4, 0.06).fbm("veins", 6, 5)
    color = mix(ramp(marble, "#d4d1c8", "#eceae4"), ramp(marble, "#1d1e20", "#35363a"), odd)
    return Look(
        mix(ramp(0, "#77746f"), color, smoothstep(0.012, 0.03, bond(t, 4, 4, 0.0)[3])), look.height, look.roughness
    )


@surface("terracotta", metres=1.0, oversample=2)
def terracotta(t: Tile) -> Look:
    """Fired clay tiles."""
    look = tiles(t, 4, ("#98502f", "#b9673f", "#cd8055", "#d8976e"), "#a89a88", 0.7, 0.22, 0.35)
    return Look(look.color, look.height + 0.0012 * t.fbm("grain", 24, 4), look.roughness)


@surface("mosaic", metres=0.5, oversample=2)
def mosaic(t: Tile) -> Look:
    """Small glazed tiles in blues and greens."""
    number, _, _, edge = bond(t, 12, 12, 0.0)
    face = smoothstep(0.05, 0.14, edge)
    color = ramp(t.of(number, "hue", 144), "#2b5f7d", "#4f93a8", "#8fc3c4", "#d6e6e0", "#3c7a72", "#24476b")
    return Look(mix(ramp(0, "#c9c6bd"), color, face), 0.006 * face, mix(0.9, 0.12, face))


@surface("concrete", metres=2.0)
def concrete(t: Tile) -> Look:
    """Smooth poured concrete, stained and pitted."""
    pits = smoothstep(0.16, 0.05, t.cells("pits", 28).near) * (t.fbm("where", 5, 3) > 0.15)
    stains = t.fbm("stains", 2, 7, 0.58)
    tone = 0.5 + 0.33 * stains + 0.1 * t.fbm("grain", 64, 2)
    height = 0.0015 * t.fbm("form", 8, 5) - 0.003 * pits
    return Look(shaded(ramp(tone, "#84817b", "#a19d96", "#b9b5ad"), 1 - 0.3 * pits), height, 0.85)


@surface("paving", metres=1.6, oversample=2)
def paving(t: Tile) -> Look:
    """Concrete slabs of a terrace."""
    w = t.warped("bend", 16, 0.0015)
    number, _, _, edge = bond(w, 3, 4, 0.0)
    face = smoothstep(0.015, 0.05, edge)
    tone = 0.5 + 0.5 * (t.of(number, "tone", 12) - 0.5) + 0.2 * t.fbm("stains", 4, 6, 0.6) + 0.1 * t.fbm("grain", 96, 2)
    color = mix(
        ramp(0.5 + 0.5 * t.fbm("joint", 24, 3), "#4d4a3c", "#67684a"), ramp(tone, "#8d877d", "#aba59a", "#c0bab0"), face
    )
    return Look(color, 0.007 * face + 0.001 * t.fbm("rough", 48, 3), 0.9)


@surface("cobblestones", metres=1.2, oversample=2)
def cobblestones(t: Tile) -> Look:
    """Setts of worn granite in rows."""
    w = t.warped("bend", 10, 0.006)
    number, _, _, edge = bond(w, 8, 10, 0.5)
    dome = np.sqrt(smoothstep(0.03, 0.4, edge))
    tone = 0.5 + 0.7 * (t.of(number, "tone", 80) - 0.5) + 0.2 * t.fbm("speckle", 64, 2)
    color = ramp(tone, "#5b5957", "#7b7875", "#98948f", "#a69c90")
    color = mix(ramp(0, "#3d382f"), color, smoothstep(0.1, 0.5, dome))
    return Look(color, 0.018 * dome + 0.0015 * t.fbm("grain", 48, 3), 0.8 - 0.15 * dome)


@surface("asphalt", metres=1.0)
def asphalt(t: Tile) -> Look:
    """Road asphalt: pale stones in dark binder."""
    stones = t.cells("stones", 60)
    stone = smoothstep(0.6, 0.35, stones.near) * (t.of(stones.point, "bare", 3600) > 0.2)
    tone = t.of(stones.point, "tone", 3600)
    binder = ramp(0.5 + 0.4 * t.fbm("stains", 3, 5), "#454546", "#5c5b5a")
    color = mix(binder, ramp(tone, "#5f5d59", "#7d7a75", "#96918a"), 0.75 * stone)
    return Look(color, 0.004 * stone + 0.002 * t.fbm("form", 16, 4), 0.92)


@surface("marble", metres=1.5)
def marble(t: Tile) -> Look:
    """Polished white marble with grey veins."""
    w = t.warped("bend", 2, 0.16, 5)
    thick = 1 - np.abs(w.fbm("thick", 2, 4))
    thin = 1 - np.abs(w.fbm("thin", 5, 4))
    vein = np.clip(0.75 * smoothstep(0.86, 1.0, thick) + 0.4 * smoothstep(0.93, 1.0, thin), 0, 1)
    color = mix(ramp(0.5 + 0.5 * t.fbm("cloud", 3, 5), "#d9d7d2", "#f1efeb"), ramp(0, "#7a7b80"), vein)
    return Look(color, 0.0003 * t.fbm("form", 4, 3), 0.12 + 0.08 * vein)


@surface("plaster", metres=1.5)
def plaster(t: Tile) -> Look:
    """A painted wall, rolled and a little uneven."""
    height = 0.0012 * t.fbm("roller", 40, 3) + 0.003 * t.fbm("form", 3, 4)
    return Look(ramp(0.5 + 0.3 * t.fbm("tone", 3, 6, 0.6), "#cfc5b2", "#ded6c6", "#e8e2d6"), height, 0.88)


@surface("brushed-metal", metres=0.5)
def brushed_metal(t: Tile) -> Look:
    """Steel, brushed along x."""
    brush = t.fbm("brush", (2, 96), 2, 0.7)
    tone = 0.5 + 0.25 * brush + 0.12 * t.fbm("smear", 3, 4)
    return Look(ramp(tone, "#96999c", "#b9bcbe", "#d4d6d7"), 0.0004 * brush, 0.34 + 0.1 * brush, 1.0)


@surface("rusty-metal", metres=1.0)
def rusty_metal(t: Tile) -> Look:
    """Steel that rusts through its grey paint."""
    w = t.warped("bend", 4, 0.05)
    rust = smoothstep(-0.08, 0.12, w.fbm("rust", 4, 7, 0.62))
    crust = t.fbm("crust", 16, 5, 0.65)
    color = mix(
        ramp(0.5 + 0.3 * t.fbm("paint", 3, 5), "#6f7b80", "#8c979a"),
        ramp(0.5 + 0.45 * crust, "#4a2413", "#7d3d1a", "#a85c28", "#c07d45"),
        rust,
    )
    return Look(color, 0.004 * rust * (1 + 0.8 * crust), mix(0.42, 0.95, rust), mix(0.75, 0.05, rust))


@surface("tread-plate", metres=0.5, oversample=2)
def tread_plate(t: Tile) -> Look:
    """Aluminium plate with raised lozenges, laid crosswise."""
    dx, dy, point = (nine[4] for nine in t.scatter("lattice", 8, jitter=0.0))
    odd = (point // 8 + point % 8) % 2
    a, b = (dx + dy) / np.sqrt(2), (dx - dy) / np.sqrt(2)
    along, across = np.where(odd, a, b), np.where(odd, b, a)
    bump = smoothstep(1.0, 0.6, (along / 0.62) ** 2 + (across / 0.17) ** 2)
    smear = t.fbm("smear", 4, 4)
    color = ramp(0.45 + 0.15 * smear + 0.35 * bump, "#8f9193", "#b4b6b7", "#d6d7d7")
    return Look(color, 0.008 * bump, 0.4 + 0.08 * smear - 0.1 * bump, 1.0)
