"""Where the picture is taken from: anywhere on the upper hemisphere about the subject, aimed nearly at it."""

import numpy as np

from diorama import exact
from diorama.randomize.directions import UpperHemisphere
from diorama.randomize.draft import Draft, spherical
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Constant, Uniform

NEAR = 0.05
"""Distance of the near plane in subject radii."""


def apply(values: Values, draft: Draft) -> Names:
    """Set view, fov and near."""
    target = draft.center + values["focus"][:, None] * (_heads(draft) - draft.center)
    azimuth, elevation = np.moveaxis(np.radians(values["direction"]), -1, 0)
    radius = draft.radius[:, None]
    outward = spherical(values["direction"])
    # a basis from the angles themselves: defined at the zenith too, where "up" is not
    (sa, ca), (se, ce) = ((exact.sin(angle), exact.cos(angle)) for angle in (azimuth, elevation))
    right = np.stack([ca, np.zeros(len(draft)), -sa], axis=-1)
    up = np.stack([-se * sa, ce, -se * ca], axis=-1)
    offset = values["aim_right"][:, None] * right + values["aim_up"][:, None] * up
    back = values["distance"][:, None] * outward - offset  # from the point aimed at to the camera, in radii
    position = target + radius * values["distance"][:, None] * outward

    back = _unit(back)
    right = _unit(np.cross(up, back))
    up = np.cross(back, right)
    c, s = exact.cos(np.radians(values["roll"]))[:, None], exact.sin(np.radians(values["roll"]))[:, None]
    rotation = np.stack([c * right + s * up, c * up - s * right, back], axis=1)  # rows: the camera's axes
    draft.view = np.concatenate([rotation, -(rotation * position[:, None]).sum(-1, keepdims=True)], axis=-1)
    draft.fov = np.radians(values["fov"])
    draft.near = NEAR * draft.radius
    return {}


def _heads(draft: Draft) -> np.ndarray:
    """(B, 3) where the subjects' heads are, or their centres where a rig names no head."""
    heads = draft.center.copy()
    for i, subject in enumerate(draft.subjects):
        if subject.head is not None:
            rows = np.flatnonzero(draft.subject == i)
            joint, place = subject.head
            matrix = draft.palette[rows, joint].astype(np.float64)
            heads[rows] = (matrix[:, :, :3] * place).sum(-1) + matrix[:, :, 3]
    return heads


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


CAMERA = Factor(
    name="camera",
    doc="Where the picture is taken from: the upper hemisphere about the subject, aimed nearly at its centre.",
    keys=(
        Key(
            "direction",
            "degrees",
            "From the subject to the camera; azimuth 0 faces the subject, 90 is its left side.",
            UpperHemisphere(),
            Constant(value=(30.0, 20.0)),
            kind="direction",
        ),
        Key(
            "distance",
            "subject radii",
            "To the subject's centre; at 2.5 its sphere nearly fills the frame.",
            Uniform(low=1.8, high=4.2),
            2.5,
            low=1.2,
            high=100,
        ),
        Key(
            "focus",
            "",
            "Where the camera is aimed, from the subject's centre (0) to its head (1), where its rig names a head.",
            Constant(value=0.0),
            0.0,
            low=0,
            high=1,
        ),
        Key(
            "aim_right",
            "subject radii",
            "How far right of the centre the camera is aimed.",
            Uniform(low=-0.2, high=0.2),
            0.0,
            low=-1,
            high=1,
        ),
        Key(
            "aim_up",
            "subject radii",
            "How far above the centre the camera is aimed.",
            Uniform(low=-0.2, high=0.2),
            0.0,
            low=-1,
            high=1,
        ),
        Key(
            "roll",
            "degrees",
            "Turn of the camera, counter-clockwise.",
            Uniform(low=-6, high=6),
            0.0,
            low=-180,
            high=180,
        ),
        Key("fov", "degrees", "Full vertical field of view.", Uniform(low=40, high=58), 50.0, low=5, high=120),
    ),
    apply=apply,
    attempt=0,
)
