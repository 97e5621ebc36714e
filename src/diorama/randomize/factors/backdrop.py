"""What stands close behind the subject: a wall, a corner, a curtain, a sofa. Off unless a recipe asks for it.

It faces the camera, turned by a random angle, and lies wholly behind the sphere about the subject, so that it never
hides any of it. It casts no shadow: it stands for a part of a room, whose lamps are before it.
"""

import numpy as np

from diorama import exact
from diorama.assets.rotations import yaw_matrices
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Bernoulli, Constant, Default, Uniform
from diorama.scene.batch import BACKDROPS, SHAPES

WIDTH = 18.0
"""Subject radii: it reaches past both sides of the frame unless it is turned far."""


def apply(values: Values, draft: Draft) -> Names:
    """Set the fields named backdrop_*."""
    surfaces = draft.catalogue.surfaces
    kind = values.pick("shape").among(BACKDROPS)
    own = values.pick("surface").among(surfaces)
    surface = np.where(values["continued"], draft.ground, own).astype(np.int32)
    toward = draft.toward_camera()
    level = np.sqrt(toward[:, 0] ** 2 + toward[:, 2] ** 2) > 1e-6 * draft.radius
    azimuth = np.where(level, exact.arctan2(toward[:, 0], toward[:, 2]), 0.0) + np.radians(values["turn"])

    name = np.array(BACKDROPS)[kind]
    # the walls of a corner are as far from the subject as any other
    away = draft.radius * values["distance"] * np.where(name == "corner", np.sqrt(2), 1.0)
    width = WIDTH * draft.radius
    top = np.where(name == "cloth", width, np.minimum(values["height"] * draft.radius, width))
    place = draft.center - away[:, None] * np.stack([exact.sin(azimuth), 0 * azimuth, exact.cos(azimuth)], axis=-1)
    place[:, 1] = top - width / 2
    draft.backdrop_transform = np.concatenate([yaw_matrices(azimuth) * width[:, None, None], place[..., None]], axis=-1)

    present = values["present"]
    metres = np.ones(len(draft))
    metres[present] = [draft.catalogue.surface(surfaces[i]).metres for i in surface[present].tolist()]
    draft.backdrop_uv = np.stack([WIDTH / (values["scale"] * metres), np.radians(values["rotation"])], axis=-1)
    draft.backdrop_surface = surface
    draft.backdrop_shape = np.where(present, len(SHAPES) + kind, -1).astype(np.int32)
    return {"shape": name, "surface": np.array(surfaces)[own]}


BACKDROP = Factor(
    name="backdrop",
    doc="A wall, corner, curtain, sofa, cloth or bars close behind the subject; off by default.",
    keys=(
        Key("present", "", "Whether there is one.", Constant(value=False), False, kind="truth"),
        Key("shape", "", "What it is, there or not.", Anything(), Default(), kind="name", options=BACKDROPS),
        Key(
            "distance",
            "subject radii",
            "From the subject's centre; below 1 it might cut into the subject.",
            Uniform(low=1.05, high=3.5),
            2.0,
            low=1,
            high=8,
        ),
        Key(
            "height",
            "subject radii",
            "Of its upper edge above the ground; cloth hangs from out of sight.",
            Uniform(low=0.8, high=6),
            6.0,
            low=0.1,
            high=18,
        ),
        Key("turn", "degrees", "Turn from facing the camera.", Uniform(low=-35, high=35), 0.0, low=-44, high=44),
        Key(
            "continued", "", "Whether it is made of what the ground is made of.", Bernoulli(p=0.15), False, kind="truth"
        ),
        Key(
            "surface", "", "Its material where that of the ground is not continued.", Anything(), Default(), kind="name"
        ),
        Key(
            "scale",
            "subject radii",
            "Side of a tile, were its natural side one metre.",
            Uniform(low=0.6, high=3),
            1.5,
            low=0.01,
            high=100,
        ),
        Key("rotation", "degrees", "Turn of the material.", Uniform(low=-8, high=8), 0.0, low=-360, high=360),
    ),
    apply=apply,
)
