"""From a model file to a finished subject."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from diorama.assets.cache import cached_data, is_kept
from diorama.assets.convert import SUFFIXES, convert
from diorama.assets.folder import ModelFile
from diorama.assets.gltf import read_gltf
from diorama.assets.hashing import content_hash
from diorama.assets.normalize import normalize, rest_clip
from diorama.assets.settings import Axis, Settings
from diorama.assets.simplify import with_levels
from diorama.assets.subject import Subject
from diorama.errors import AssetError

UP: dict[str, Axis] = {".stl": "z"}
"""Which axis points up in formats that do not say, where it is not y."""


@dataclass(frozen=True)
class Verdict:
    """Whether a model can be used: an AssetError's parts, empty where it can."""

    where: str = ""
    problem: str = ""
    mend: str = ""


def load_model(path: Path, subject_id: str, settings: Settings | None = None) -> Subject:
    """A model file as a subject: normalised to a metre, with levels of detail.

    Raises:
        AssetError: Where the file cannot be used.
    """
    # Numbers of any size come from a file; what overflows is found by its result, with the field's name.
    with np.errstate(all="ignore"):
        return finish(read_model(path, subject_id, settings), settings)


def read_model(path: Path, subject_id: str, settings: Settings | None = None) -> Subject:
    """A model file as it is, in whatever format, without what its settings drop, turned upright; see `read_gltf`.

    Raises:
        AssetError: Where the file cannot be used.
    """
    settings = settings or Settings()
    suffix = path.suffix.lower()
    subject = read_gltf(path, subject_id, convert(path) if suffix in SUFFIXES else None, settings.drop)
    frame = np.eye(4, dtype=np.float32)
    frame[:3, :3] = settings.turn(UP.get(suffix, "y"))
    clips = tuple(clip for clip in subject.clips if settings.clips.keeps(clip.name))
    notes = subject.notes
    if settings.up is None and suffix in UP:
        notes = (*notes, f"{UP[suffix]} is taken for up")
    return replace(subject, frame=frame, clips=clips, notes=notes)


def finish(subject: Subject, settings: Settings | None = None) -> Subject:
    """A model as read, normalised, with levels of detail.

    Raises:
        AssetError: Where the posed mesh has no extent.
    """
    scale = settings.scale if settings else 1.0
    return normalize(with_levels(replace(subject, rest_clip=rest_clip(subject))), scale)


def import_model(file: ModelFile) -> Subject:
    """A model of a folder, with the credit that the folder gives it."""
    return replace(load_model(file.path, file.id, file.settings), credit=file.credit)


def kept_model(file: ModelFile) -> Subject:
    """Like `import_model`, from the cache if it has it.

    Raises:
        AssetError: Where the file cannot be used.
    """
    return cached_data(Subject, _key(file), partial(import_model, file))


def judge(file: ModelFile) -> Verdict:
    """Whether a model of a folder can be used; whoever asks again is answered from the cache."""
    return cached_data(Verdict, _key(file), partial(_judge, file))


def judged(file: ModelFile) -> Verdict | None:
    """What `judge` has said of a model, if that is known; nothing is read but the cache."""
    build = partial(_judge, file)
    return cached_data(Verdict, _key(file), build) if is_kept(Verdict, _key(file), build) else None


def _judge(file: ModelFile) -> Verdict:
    try:
        kept_model(file)
    except AssetError as error:
        return Verdict(error.where, error.problem, error.mend)
    return Verdict()


def _key(file: ModelFile) -> str:
    return f"{file.id} {content_hash(file.digest(), file.credit)}"
