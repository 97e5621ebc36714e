"""From a model file to a finished subject."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from diorama.assets.convert import SUFFIXES, convert
from diorama.assets.folder import ModelFile
from diorama.assets.gltf import read_gltf
from diorama.assets.normalize import normalize, rest_clip
from diorama.assets.simplify import with_levels
from diorama.assets.subject import Subject


def load_model(path: Path, subject_id: str) -> Subject:
    """A model file as a subject: normalised to a metre, with levels of detail.

    Raises:
        AssetError: Where the file cannot be used.
    """
    # Numbers of any size come from a file; what overflows is found by its result, with the field's name.
    with np.errstate(all="ignore"):
        subject = read_model(path, subject_id)
        return normalize(with_levels(replace(subject, rest_clip=rest_clip(subject))))


def read_model(path: Path, subject_id: str) -> Subject:
    """A model file as it is, in whatever format; see `read_gltf`.

    Raises:
        AssetError: Where the file cannot be used.
    """
    return read_gltf(path, subject_id, convert(path) if path.suffix.lower() in SUFFIXES else None)


def import_model(file: ModelFile) -> Subject:
    """A model of a folder, with the credit that the folder gives it."""
    return replace(load_model(file.path, file.id), credit=file.credit)
