"""A photo behind everything, as in composites. Off unless a recipe asks for it, and there are photos.

The photo takes the place of the sky's picture, and of the ground's unless that is drawn; the sky goes on to shed its
light, tinted by the photo. It is background: in the labels it has the sky's id, down to the lower edge. Objects are
composited over random photos by Su et al. 2015 (Render for CNN), Dwibedi et al. 2017 and Hinterstoisser et al. 2018,
without a ground; the shadow of a ground that is not drawn keeps the subject from floating.
"""

import numpy as np

from diorama import exact
from diorama.errors import RecipeError
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Bernoulli, Constant, Default, Uniform
from diorama.scene.batch import FLOORS

MIDDLE = 0.2
"""Mean radiance of a photo that tints no light but in its hue: what exposure meters take for mid grey, and a little."""

TINT = (0.25, 3.0)
"""Bounds of what the light is multiplied by."""


def apply(values: Values, draft: Draft) -> Names:
    """Set the fields named photo_*, and floor; multiply sun and sky_tint.

    Raises:
        RecipeError: If there is to be a photo, and the catalogue has none.
    """
    count, photos = len(draft), draft.catalogue.photos
    present = values["present"]
    if present.any() and not photos:
        raise RecipeError("photo.present", "is true, but there are no photos", "Name a folder of photos (--photos DIR)")
    chosen = values.pick("image").among(photos) if photos else np.zeros(count, np.int32)
    ground = values.pick("ground").among(FLOORS, default=FLOORS.index("shadow"))
    draft.photo = np.where(present, chosen, -1).astype(np.int32)
    draft.floor = np.where(present, ground, FLOORS.index("drawn")).astype(np.int32)
    draft.photo_crop = np.tile([0.0, 0.0, 1.0, 1.0], (count, 1))
    for row in np.flatnonzero(present).tolist():
        photo = draft.catalogue.photo(photos[chosen[row]])
        short = min(photo.width, photo.height)
        side = 1 / values["zoom"][row]
        free = np.array([photo.width / short - side, photo.height / short - side])
        left, top = free * [values["across"][row], values["down"][row]]
        draft.photo_crop[row] = left, top, side, -1.0 if values["mirrored"][row] else 1.0
        tint = exact.power(np.clip(photo.mean.astype(np.float64) / MIDDLE, *TINT), values["match"][row])
        draft.sky_tint[row] *= tint
        draft.sun[row] *= tint
    return {
        "image": np.array(photos)[chosen] if photos else np.full(count, ""),
        "ground": np.array(FLOORS)[ground],
    }


PHOTO = Factor(
    name="photo",
    doc="A photo behind everything, as in composites; off by default.",
    keys=(
        Key("present", "", "Whether there is one.", Constant(value=False), False, kind="truth"),
        Key(
            "image", "", "The photo's id, shown or not; empty where there is none.", Anything(), Default(), kind="name"
        ),
        Key(
            "zoom",
            "×",
            "Of the square that is cut out of it; 1 is as large as fits.",
            Uniform(low=1, high=2),
            1.0,
            low=1,
            high=8,
        ),
        Key("across", "", "Where it is cut out, from left to right.", Uniform(low=0, high=1), 0.5, low=0, high=1),
        Key("down", "", "Where it is cut out, from top to bottom.", Uniform(low=0, high=1), 0.5, low=0, high=1),
        Key("mirrored", "", "Whether left and right are exchanged.", Bernoulli(p=0.5), False, kind="truth"),
        Key(
            "ground",
            "",
            "What is seen of the ground before it: its surface, shadows on the photo, or nothing.",
            Constant(value="shadow"),
            Constant(value="shadow"),
            kind="name",
            options=FLOORS,
        ),
        Key(
            "match",
            "",
            "How far the light takes on the photo's mean colour and brightness.",
            Uniform(low=0, high=1),
            0.5,
            low=0,
            high=1,
        ),
    ),
    apply=apply,
)
