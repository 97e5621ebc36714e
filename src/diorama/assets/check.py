"""What there is to say of model files: what was found in each, what was mended, and whether it can be used."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from diorama.assets.animate import pose, shape, skin
from diorama.assets.folder import MODELS, READABLE, ModelFolderFiles, model_files, unreadable
from diorama.assets.models import finish, read_model
from diorama.assets.subject import PROPORTIONS, Subject
from diorama.errors import AssetError

NO_LICENCE = "no licence is known: put a LICENSE file beside it, or name one in assets.yaml"


@dataclass(frozen=True)
class Report:
    """What was found in one model file; numbers are 0 where it cannot be used.

    Attributes:
        file: Its path below the folder that was looked through.
        usable: Whether it can be used.
        problem, mend: What is wrong, and what to do, where it cannot.
        warnings: What was mended or left out.
        triangles, vertices: Of the file.
        shown: Triangles of the finest level of detail.
        joints: Of the skeleton; 1 where nothing moves.
        clips: Names of the animation clips.
        textures: How many.
        size: (width, height, length) in metres once normalised.
        licence, author, source: As far as known.
    """

    file: str
    usable: bool = False
    problem: str = ""
    mend: str = ""
    warnings: tuple[str, ...] = ()
    triangles: int = 0
    vertices: int = 0
    shown: int = 0
    joints: int = 0
    clips: tuple[str, ...] = ()
    textures: int = 0
    size: tuple[float, float, float] = (0.0, 0.0, 0.0)
    licence: str = ""
    author: str = ""
    source: str = ""


def check(path: str | Path) -> Iterator[Report]:
    """Looks through a model file, or all in a folder and below, in whatever sub-folders they lie.

    Yields:
        A report for each file, by name.

    Raises:
        AssetError: Where there is no such file or folder, no model in it, or an assets.yaml is wrong.
    """
    for report, _ in looked_through(Path(path)):
        yield report


def looked_through(path: Path) -> Iterator[tuple[Report, Subject | None]]:
    """Reports, as `check` gives them, with the subjects themselves.

    Raises:
        AssetError: As `check`.
    """
    if not path.exists():
        raise AssetError(str(path), "there is no such file or folder", "Name a model, or a folder of models")
    root = path if path.is_dir() else path.parent
    files = model_files(path) if path.is_dir() else [path]
    if not files or files[0].suffix.lower() not in MODELS:
        raise AssetError(str(path), "there are no models", f"Name a model ({', '.join(READABLE)}), or a folder of them")
    known = ModelFolderFiles(root)
    known.check(files)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(partial(_look, known), files)


def _look(known: ModelFolderFiles, path: Path) -> tuple[Report, Subject | None]:
    report = Report(path.relative_to(known.root).as_posix())
    try:
        if path.suffix.lower() not in READABLE:
            raise AssetError(path.name, unreadable(path), "Convert it to .glb, for example with Blender")
        if known.settings.of(path).skip:
            return replace(report, usable=True, warnings=("left out by assets.yaml",)), None
        file = known.model(path, report.file.rpartition(".")[0])
        report = replace(report, licence=file.credit.licence, author=file.credit.author, source=file.credit.source)
        with np.errstate(all="ignore"):
            read = read_model(path, file.id, file.settings)
            subject = replace(finish(read, file.settings), credit=file.credit)
    except AssetError as error:
        where = error.where.removeprefix(str(path)).removeprefix(path.name).lstrip(": ")
        return replace(report, problem=f"{where}: {error.problem}" if where else error.problem, mend=error.mend), None
    warnings = (*subject.notes, *(() if report.licence else (NO_LICENCE,)))
    low, high = _bounds(subject)
    width, height, length = (float(x) for x in high - low)
    found = replace(
        report,
        usable=True,
        warnings=warnings,
        triangles=len(read.levels[0].indices),
        vertices=len(read.levels[0].positions),
        shown=len(subject.levels[0].indices),
        joints=len(subject.skeleton.names),
        clips=tuple(clip.name for clip in subject.clips),
        textures=len(subject.textures),
        size=(width, height, length),
    )
    return found, subject


def _bounds(subject: Subject) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner of the subject in its default pose."""
    clip, start = np.array([subject.rest_clip]), np.zeros(1)
    matrices = pose(subject, clip, start, np.ones((1, len(PROPORTIONS))))[0]
    vertices = skin(subject, matrices, morphs=shape(subject, clip, start)[0])[0]
    return vertices.min(0), vertices.max(0)
