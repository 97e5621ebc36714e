"""Surfaces from pictures: one that repeats, or the maps of a material."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.own.found import Found
from diorama.assets.own.pixels import FLOAT, PLAIN, open_rows, read_plain, reduced
from diorama.assets.surroundings import SURFACE_SIZE, Surface
from diorama.errors import AssetError

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

READABLE = (*PLAIN, *FLOAT)

SEAM, SEEN = 1.3, 6.0
"""A picture does not repeat where its edges differ by so many times what lines within do, and by so many codes."""

DEPTH = 0.02
"""Of black under white in a map of heights, in tiles."""

ROUGHNESS = 0.8
"""Where no map tells."""

SURE = 0.08
"""Correlation by which a map of normals tells which way its green goes."""


def build_surface(found: Found) -> Surface:
    """A surface from its maps, by role (see `maps`).

    Raises:
        AssetError: Where a file cannot be used, or there is no colour.
    """
    paths, notes = found.paths, []
    if "color" not in paths:
        first = next(iter(paths.values()))
        mend = "Add the map of its colours, named like the others (…_Color)"
        raise AssetError(str(first), f"there is no colour beside its {', '.join(paths)}", mend)
    color, size = _map(paths["color"], colors=True)
    along = _repeats(size)
    color = _tile(color, along)
    maps = {role: _tile(_map(path)[0], along) for role, path in paths.items() if role not in ("color", "unused")}
    metres = found.settings.metres or 1.0
    normal, said = _normal(maps, found.settings.normals)
    notes += said
    if not _meets(color):
        notes.append("its edges do not meet: it is mirrored to both sides")
        metres *= 2
        color, normal = _mirrored(color), _mirrored(normal, bent=True)
        maps = {role: _mirrored(values) for role, values in maps.items()}
    plain = np.ones((SURFACE_SIZE, SURFACE_SIZE), np.float32)
    arm = maps.get("arm")
    rough = maps["roughness"][..., 0] if "roughness" in maps else None
    if rough is None and "gloss" in maps:
        rough = 1 - maps["gloss"][..., 0]
    if rough is None:
        rough = arm[..., 1] if arm is not None else plain * np.float32(ROUGHNESS)
    metal = maps["metal"][..., 0] if "metal" in maps else plain * 0 if arm is None else arm[..., 2]
    open_ = maps["occlusion"][..., 0] if "occlusion" in maps else None if arm is None else arm[..., 0]
    return Surface(
        found.id,
        _bytes(color),
        np.round(normal * 127 + 128).astype(np.uint8),
        _bytes(rough),
        _bytes(metal),
        metres,
        True,
        found.credit,
        None if open_ is None else _bytes(open_),
        tuple(notes),
        size,
    )


def _map(path: Path, colors: bool = False) -> tuple[F32, tuple[int, int]]:
    """(S, S, 3) codes in [0, 1] of a map, and the file's (width, height)."""
    if path.suffix.lower() in FLOAT:
        rows = open_rows(path)
        values = reduced(rows, SURFACE_SIZE, SURFACE_SIZE, str(path))
        if colors:
            codes = 1.055 * np.maximum(values, 1e-6) ** (1 / 2.4) - 0.055
            values = np.where(values <= 0.0031308, values * 12.92, codes).astype(np.float32)
        return np.clip(values, np.float32(0), np.float32(1)), (rows.width, rows.height)
    picture, size = read_plain(path, SURFACE_SIZE)
    if min(size) < 4:
        raise AssetError(str(path), f"{size[0]} × {size[1]} pixels are too few", "Give a larger picture")
    pixels = picture.convert("RGB")
    if min(pixels.size) >= SURFACE_SIZE:
        small = pixels.resize((SURFACE_SIZE, SURFACE_SIZE), Image.Resampling.BOX)
    else:  # between texels, round the edges too
        width, height = pixels.size
        around = Image.fromarray(np.pad(np.asarray(pixels), ((2, 2), (2, 2), (0, 0)), mode="wrap"))
        box = (2, 2, 2 + width, 2 + height)
        small = around.resize((SURFACE_SIZE, SURFACE_SIZE), Image.Resampling.BILINEAR, box)
    return np.asarray(small, np.float32) / np.float32(255), size


def _repeats(size: tuple[int, int]) -> tuple[int, int]:
    """How often a picture goes into a square, across and down."""
    ratio = size[0] / size[1]
    return (1, min(round(ratio), 16)) if ratio >= 1 else (min(round(1 / ratio), 16), 1)


def _tile(values: F32, repeats: tuple[int, int]) -> F32:
    """The square map of an oblong picture that was squeezed into one."""
    across, down = repeats
    if repeats == (1, 1):
        return values
    at = np.arange(SURFACE_SIZE)
    rows, columns = at * down % SURFACE_SIZE, at * across % SURFACE_SIZE
    blurred = np.mean([np.roll(values, -k, 0) for k in range(down)], axis=0)
    blurred = np.mean([np.roll(blurred, -k, 1) for k in range(across)], axis=0)
    return np.asarray(blurred[rows][:, columns], np.float32)


def _meets(color: F32) -> bool:
    """Whether a picture repeats without a seam."""
    for axis in (0, 1):
        lines = np.moveaxis(color, axis, 0)
        within = np.abs(np.diff(lines, axis=0)).mean((1, 2))
        seam = float(np.abs(lines[0] - lines[-1]).mean())
        if seam > SEAM * float(within.max()) and seam * 255 > SEEN:
            return False
    return True


def _mirrored(values: F32, bent: bool = False) -> F32:
    """The map at half its size, and its reflections to the right, below and both; normals turn with it."""
    half = values.reshape(SURFACE_SIZE // 2, 2, SURFACE_SIZE // 2, 2, -1).mean((1, 3))
    over, down = np.ones(half.shape[-1], np.float32), np.ones(half.shape[-1], np.float32)
    if bent:
        over[0], down[1] = -1, -1
    upper = np.concatenate([half, half[:, ::-1] * over], 1)
    return np.asarray(np.concatenate([upper, upper[::-1] * down], 0), np.float32)


def _normal(maps: Mapping[str, F32], said: str | None) -> tuple[F32, list[str]]:
    """(S, S, 3) unit normals, +Y up the image, and what there is to say of them."""
    notes: list[str] = []
    role = next((name for name in ("normal_gl", "normal", "normal_dx") if name in maps), "")
    if not role:
        if "height" not in maps:
            flat = np.zeros((SURFACE_SIZE, SURFACE_SIZE, 3), np.float32)
            flat[..., 2] = 1
            return flat, notes
        return _slopes(maps["height"].mean(-1)), notes
    vector = maps[role] * 2 - np.float32(256 / 255)  # 128 is zero
    vector[..., 2] = np.sqrt(np.maximum(1 - (vector[..., :2] ** 2).sum(-1), 0.04))
    told = handedness(vector)
    down = said == "directx" if said else role == "normal_dx"
    if not said and role == "normal" and told < -SURE:
        down = True
        notes.append("its normals are taken for DirectX's, by their slopes")
    elif not said and abs(told) > 2 * SURE and (told < 0) != down:
        notes.append("its normals' slopes fit the other convention: say normals: opengl or directx in assets.yaml")
    if down:
        vector[..., 1] *= -1
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True), notes


def handedness(normal: F32) -> float:
    """Whether green points up (above 0) or down the image in a map of normals (H, W, 3), from -1 to 1.

    Normals of a height field h are (-∂h/∂x, -∂h/∂y, 1), up to length, and mixed derivatives are equal: how the slope
    across changes upwards is how the slope upwards changes across. With green turned over, they are opposite.
    """
    slope = normal[..., :2] / np.maximum(normal[..., 2:], 0.05)
    upward = np.roll(slope[..., 0], 1, 0) - np.roll(slope[..., 0], -1, 0)
    across = np.roll(slope[..., 1], -1, 1) - np.roll(slope[..., 1], 1, 1)
    size = float(np.sqrt((upward**2).mean() * (across**2).mean()))
    return float((upward * across).mean()) / size if size > 1e-9 else 0.0


def _slopes(height: F32) -> F32:
    """(S, S, 3) unit normals of heights in [0, 1], by central differences."""
    per_tile = np.float32(len(height) / 2 * DEPTH)
    right = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * per_tile
    up = (np.roll(height, 1, 0) - np.roll(height, -1, 0)) * per_tile
    normal = np.stack([-right, -up, np.ones_like(height)], -1)
    return np.asarray(normal / np.linalg.norm(normal, axis=-1, keepdims=True), np.float32)


def _bytes(values: F32) -> U8:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
