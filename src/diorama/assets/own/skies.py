"""Skies from pictures: a panorama or the six faces of a cube, its sun apart, its exposure made even."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diorama.assets.own.found import Found
from diorama.assets.own.panorama import FACES, HEIGHT, from_cube, from_panorama
from diorama.assets.own.pixels import FLOAT, PLAIN, open_rows
from diorama.assets.own.sun import LUMINANCE, split, whole
from diorama.assets.surroundings import BRIGHTEST, SKY_HEIGHT, Sky, Sun
from diorama.errors import AssetError

READABLE = (*FLOAT, *PLAIN)

RATIO = (1.9, 2.1)
"""Width over height of a panorama; one that is cut off is not stretched."""


def build_sky(found: Found) -> Sky:
    """A sky from its files: "panorama", or the keys of FACES.

    Raises:
        AssetError: Where a file cannot be used, or is no picture of all that is around, or a black one.
    """
    paths = found.paths
    first = next(iter(paths.values()))
    rows = {name: open_rows(path, 2 * HEIGHT) for name, path in paths.items()}
    if "panorama" in rows:
        width, height = rows["panorama"].width, rows["panorama"].height
        if not RATIO[0] <= width / height <= RATIO[1]:
            problem = f"{width} × {height} is no panorama, which is twice as wide as high"
            raise AssetError(str(first), problem, "Give an equirectangular picture, or the six faces of a cube")
        radiance = from_panorama(rows["panorama"], str(first))
    else:
        for name, face in rows.items():
            if face.width != face.height:
                raise AssetError(
                    str(paths[name]), f"{face.width} × {face.height} is no face of a cube", "Crop it square"
                )
        radiance = from_cube(rows, str(first))
    limited = all(path.suffix.lower() in PLAIN for path in paths.values())
    parts = split(radiance, limited) if found.settings.sun else whole(radiance)
    small = parts.sky.reshape(SKY_HEIGHT, HEIGHT // SKY_HEIGHT, 2 * SKY_HEIGHT, HEIGHT // SKY_HEIGHT, 3).mean((1, 3))
    mean = mean_luminance(small)
    if not mean > 0:
        raise AssetError(str(first), "its upper half is black", "Give another picture")
    scale = min(1 / mean, BRIGHTEST / (mean + float(parts.sun @ LUMINANCE) / math.pi))
    return Sky(
        found.id,
        (small * scale).astype(np.float32),
        found.credit,
        Sun(parts.direction, (parts.sun * scale).astype(np.float32), parts.clipped),
        scale,
        ("its sun is clipped at white: its strength is assumed",) if parts.clipped else (),
        next((picture.width, picture.height) for picture in rows.values()),
    )


def mean_luminance(radiance: NDArray[np.floating]) -> float:
    """Mean luminance of a map over the directions above the horizon, by solid angle."""
    rows = len(radiance) // 2
    weight = np.cos(np.pi * (0.5 - (np.arange(rows) + 0.5) / len(radiance)))
    return float((radiance[:rows] @ LUMINANCE).mean(1) @ weight / weight.sum())


def face_of(stem: str) -> tuple[str, str] | None:
    """Which face of which cube a file is, by its name: ("chapel", "px") of "chapel_posx"; None where it is none."""
    low = stem.lower()
    for face, names in FACES.items():
        for name in sorted(names, key=len, reverse=True):
            base = low.removesuffix(name)
            if low == name or (low.endswith(name) and base[-1:] in "_-. "):
                return stem[: len(base)].rstrip("_-. "), face
    return None


def groups(paths: list[Path]) -> tuple[dict[Path, dict[str, Path]], list[str]]:
    """The skies among files of one folder: their names, with the files of each by role, and notes on what is none."""
    cubes: dict[str, dict[str, Path]] = {}
    whole: dict[Path, dict[str, Path]] = {}
    for path in paths:
        face = face_of(path.stem)
        if face:
            cubes.setdefault(face[0], {}).setdefault(face[1], path)
        else:
            whole[path.with_suffix("")] = {"panorama": path}
    notes = []
    for base, faces in cubes.items():
        folder = next(iter(faces.values())).parent
        if set(faces) == set(FACES):
            whole[folder / base if base else folder] = {name: faces[name] for name in FACES}
        elif len(faces) == 1:  # "mountain top.jpg"
            path = next(iter(faces.values()))
            whole[path.with_suffix("")] = {"panorama": path}
        else:
            missing = ", ".join(sorted(set(FACES) - set(faces)))
            notes.append(f"{folder.name}/{base or '*'}: skipped, a cube without its faces {missing}")
    return whole, notes
