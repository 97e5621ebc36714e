"""Subjects of wood and stone: a random material in place of the subject's own. Off unless a recipe asks for it."""

import numpy as np

from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Constant, Default, Uniform


def apply(values: Values, draft: Draft) -> Names:
    """Set subject_surface and subject_uv."""
    surfaces = draft.catalogue.surfaces
    material = values.pick("material").among(surfaces)
    draft.subject_surface = np.where(values["applied"], material, -1).astype(np.int32)
    draft.subject_uv = np.stack([values["scale"], np.radians(values["rotation"])], axis=-1)
    return {"material": np.array(surfaces)[material]}


TEXTURIZE_SUBJECT = Factor(
    name="texturize_subject",
    doc="A random material in place of the subject's own (the paper's wooden dogs); off by default.",
    keys=(
        Key("applied", "", "Whether the subject wears the material.", Constant(value=False), False, kind="truth"),
        Key("material", "", "The material, worn or not.", Anything(), Default(), kind="name"),
        Key(
            "scale", "tiles per radius", "Tiles per subject radius.", Uniform(low=0.5, high=3), 1.0, low=0.01, high=100
        ),
        Key("rotation", "degrees", "Turn of the material.", Uniform(low=0, high=360), 0.0, low=-360, high=360),
    ),
    apply=apply,
)
