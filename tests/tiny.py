"""A tiny dataset for tests: two static models, 64 × 64 pixels, few surfaces, so that a run takes about a second."""

from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from diorama.randomize.recipe import Recipe

PINS = ("sky.map=overcast", "surfaces.ground=checks", "surfaces.objects=plastic", "texturize_subject.material=plastic")


def models(folder: Path) -> Path:
    """A folder with one model of each of the classes cat and dog."""
    shapes = {"cat": trimesh.creation.box((0.4, 0.6, 1.0)), "dog": trimesh.creation.icosphere(2, 0.5)}
    for name, shape in shapes.items():
        (folder / name).mkdir(parents=True)
        shape.visual = trimesh.visual.ColorVisuals(shape, face_colors=np.array([200, 120, 60, 255], np.uint8))
        (folder / name / "model.glb").write_bytes(shape.export(file_type="glb"))
    return folder


def recipe(per_class: int = 20, **fields: Any) -> Recipe:
    """The paper's recipe, but for PINS, at 64 × 64 pixels."""
    out = Recipe.preset("paper", per_class=per_class, size=64, classes=("cat", "dog"), **fields)
    for pin in PINS:
        out = out.pin(pin)
    return out


def content(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
