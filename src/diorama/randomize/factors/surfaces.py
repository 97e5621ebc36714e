"""What the ground and every object but the subject is made of."""

import numpy as np

from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values, preferred
from diorama.randomize.factors.obstructors import SLOTS
from diorama.randomize.spaces import Anything, Default, Uniform

PLAIN = "concrete"
"""The material of all where the factor is omitted, if the catalogue has it; else its first."""


def apply(values: Values, draft: Draft) -> Names:
    """Set ground, ground_uv, surface and surface_uv."""
    catalogue = draft.catalogue
    plain = preferred(catalogue.surfaces, PLAIN)
    draft.ground = values.pick("ground").among(catalogue.surfaces, default=plain)
    metres = np.array([catalogue.surface(catalogue.surfaces[i]).metres for i in draft.ground.tolist()])
    # tiles are measured by the subject, and keep their sizes among themselves
    tile = values["ground_scale"] * draft.radius * metres
    draft.ground_uv = np.stack([tile, np.radians(values["ground_rotation"])], axis=-1)
    draft.surface = values.pick("objects").among(catalogue.surfaces, default=plain)
    draft.surface_uv = np.stack([values["object_scale"], np.radians(values["object_rotation"])], axis=-1)
    names = np.array(catalogue.surfaces)
    return {"ground": names[draft.ground], "objects": names[draft.surface]}


SURFACES = Factor(
    name="surfaces",
    doc="The material of the ground and of each obstructor.",
    keys=(
        Key("ground", "", "The ground's material.", Anything(), Default(), kind="name"),
        Key(
            "ground_scale",
            "subject radii",
            "Side of a tile of the ground, were its natural side one metre.",
            Uniform(low=0.6, high=3),
            1.5,
            low=0.01,
            high=100,
        ),
        Key(
            "ground_rotation",
            "degrees",
            "Turn of the ground's material.",
            Uniform(low=0, high=360),
            0.0,
            low=-360,
            high=360,
        ),
        Key("objects", "", "Each obstructor's material.", Anything(), Default(), kind="name", slots=SLOTS),
        Key(
            "object_scale",
            "tiles",
            "Tiles along a side of each obstructor.",
            Uniform(low=0.5, high=2),
            1.0,
            low=0.01,
            high=100,
            slots=SLOTS,
        ),
        Key(
            "object_rotation",
            "degrees",
            "Turn of each obstructor's material.",
            Uniform(low=0, high=360),
            0.0,
            low=-360,
            high=360,
            slots=SLOTS,
        ),
    ),
    apply=apply,
)
