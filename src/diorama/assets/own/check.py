"""What there is to say of skies, surfaces and photos: what was found, what was mended, whether it can be used."""

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from diorama.assets.check import NO_LICENCE
from diorama.assets.folder import model_files
from diorama.assets.own import maps, skies
from diorama.assets.own.around import kept
from diorama.assets.own.folder import find
from diorama.assets.own.found import KINDS, Found, Kind
from diorama.assets.own.panorama import FACES
from diorama.assets.own.pixels import FLOAT, PLAIN
from diorama.assets.own.sun import LUMINANCE
from diorama.assets.surroundings import Photo, Sky, Surface
from diorama.errors import AssetError


@dataclass(frozen=True)
class SunReport:
    """The sun of a sky.

    Attributes:
        azimuth, elevation: Degrees; azimuth 0 is the middle of a panorama, and it grows to the left.
        share: Of the light on what faces it, 0 to 1.
        assumed: Whether its strength is, since the picture ends at white.
    """

    azimuth: float
    elevation: float
    share: float
    assumed: bool


@dataclass(frozen=True)
class AroundReport:
    """What was found in one sky, surface or photo.

    Attributes:
        file: Its path below the folder that was looked through, without a suffix.
        kind: "skies", "surfaces" or "photos".
        usable: Whether it can be used.
        problem, mend: What is wrong, and what to do, where it cannot.
        warnings: What was mended or left out.
        files: Names of its files by what they are: a panorama, faces of a cube, maps of a material, a photo.
        size: (width, height) of the picture in pixels.
        exposure: Stops by which a sky was made lighter.
        sun: Of a sky; None where it has none.
        licence, author, source: As far as known.
    """

    file: str
    kind: Kind
    usable: bool = False
    problem: str = ""
    mend: str = ""
    warnings: tuple[str, ...] = ()
    files: dict[str, str] | None = None
    size: tuple[int, int] = (0, 0)
    exposure: float = 0.0
    sun: SunReport | None = None
    licence: str = ""
    author: str = ""
    source: str = ""


def guess(path: Path) -> Kind | None:
    """What a folder without models holds, by the names of its files; None where it holds models, or no picture.

    Raises:
        AssetError: Where there is no such file or folder.
    """
    if not path.exists():
        raise AssetError(str(path), "there is no such file or folder", "Name a model, a picture, or a folder of them")
    if path.is_dir() and model_files(path):
        return None
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    files = [p for p in files if p.suffix.lower() in (*PLAIN, *FLOAT)]
    if not files:
        return None
    roles = [maps.role_of(p.stem)[1] for p in files]
    if "color" in roles and len(set(roles)) > 1:
        return "surfaces"
    faces = {face[1] for face in (skies.face_of(p.stem) for p in files) if face}
    if faces == set(FACES) or any(p.suffix.lower() in FLOAT for p in files):
        return "skies"
    return "photos"


def check_around(path: Path, kind: Kind) -> Iterator[tuple[AroundReport, Sky | Surface | Photo | None]]:
    """Looks through a picture, or all in a folder and below, taken for this kind.

    Yields:
        A report for each asset by name, with the asset itself where it can be used; then one for each file that was
        passed over.

    Raises:
        AssetError: Where there is no such folder, nothing of use in it, or an assets.yaml is wrong.
    """
    if kind not in KINDS:
        raise AssetError("--as", f"there is nothing called {kind!r}", f"Choose from: models, {', '.join(KINDS)}")
    found, notes = find(kind, path)
    if not found and not notes:
        raise AssetError(str(path), f"there are no {kind}", "Name a picture, or a folder of them")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(_look, found)
    for note in notes:
        file, _, said = note.partition(": ")
        unusable = said.startswith("skipped")
        report = AroundReport(file, kind, not unusable)
        problem, _, mend = said.removeprefix("skipped, ").partition("; ")
        yield replace(report, problem=problem, mend=mend) if unusable else replace(report, warnings=(said,)), None


def _look(found: Found) -> tuple[AroundReport, Sky | Surface | Photo | None]:
    credit, files = found.credit, {role: path.name for role, path in found.files}
    report = AroundReport(found.name, found.kind, files=files)
    report = replace(report, licence=credit.licence, author=credit.author, source=credit.source)
    try:
        asset: Sky | Surface | Photo = kept(found)
    except AssetError as error:
        where = Path(error.where).name if error.where else ""
        return replace(report, problem=f"{where}: {error.problem}", mend=error.mend), None
    warnings = (*asset.notes, *(() if credit.licence else (NO_LICENCE,)))
    report = replace(report, usable=True, warnings=warnings, size=asset.size)
    if isinstance(asset, Sky):
        report = replace(report, exposure=round(math.log2(asset.scale), 2), sun=_sun(asset))
    return report, asset


def _sun(sky: Sky) -> SunReport | None:
    if sky.sun is None or not sky.sun.irradiance.any():
        return None
    x, y, z = (float(part) for part in sky.sun.direction)
    strength = float(sky.sun.irradiance @ LUMINANCE) / math.pi
    return SunReport(
        azimuth=round(math.degrees(math.atan2(x, z)) % 360, 1),
        elevation=round(math.degrees(math.asin(max(-1.0, min(1.0, y)))), 1),
        share=round(strength / (strength + skies.mean_luminance(sky.radiance)), 3),
        assumed=sky.sun.assumed,
    )
