"""Reading models that tests have made, and looking at what came of them."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from diorama.assets.gltf import read_gltf
from diorama.assets.subject import Subject
from tests.assets.glb import Model
from tests.assets.posing import posed


def read(model: Model, folder: Path) -> Subject:
    return read_gltf(model.save(folder / "model.glb"), "test/model")


def corners(subject: Subject, **pose: Any) -> np.ndarray:
    """(T, 3, 3) posed corners of all triangles."""
    return posed(subject, **pose)[subject.levels[0].indices]


def volume(subject: Subject) -> float:
    """Signed: positive where the triangles face outwards."""
    a, b, c = corners(subject).transpose(1, 0, 2).astype(np.float64)
    return float((np.cross(a, b) * c).sum() / 6)


def outward(subject: Subject) -> bool:
    """Whether posed normals agree with the winding everywhere."""
    from diorama.assets.animate import skin
    from tests.assets.posing import palette

    positions, normals = skin(subject, palette(subject))
    triangles = positions[subject.levels[0].indices]
    faces = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return bool(((faces[:, None] * normals[subject.levels[0].indices]).sum(2) > 0).all())


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def sorted_rows(rows: np.ndarray) -> np.ndarray:
    return np.unique(rows.round(4) + 0.0, axis=0)
