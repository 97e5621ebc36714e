"""SceneBatch: everything that the renderer receives, and nothing else.

One world per scene: metres, right-handed, +Y up, the ground at y = 0. Matrices act on column vectors; a (3, 4) matrix
is the upper three rows of an affine one. Colours and light are linear RGB. Angles are radians. What an image shows is a
pure function of these arrays and of the assets they point to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diorama.assets.subject import Subject
    from diorama.assets.surroundings import Photo, Sky, Surface

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]

SHAPES = ("box", "sphere", "cylinder", "cone", "torus", "capsule", "wedge", "icosahedron")
"""Unit shapes of obstructors, each centred in the cube [-½, ½]³ and touching its faces above and below."""

BACKDROPS = ("wall", "corner", "curtain", "sofa", "cloth", "bars")
"""Open shapes that stand close behind a subject, see `diorama.assets.backdrops`. They cast no shadow."""

FLOORS = ("drawn", "shadow", "none")
"""What is seen of the ground: its surface; what shadows it throws on the picture behind; nothing."""

LOOK = {
    "red": 1.0,  # gains of linear light: exposure and white balance
    "green": 1.0,
    "blue": 1.0,
    "saturation": 1.0,  # distance from grey
    "contrast": 1.0,  # slope of the tone curve about mid grey
    "gamma": 1.0,  # exponent of the picture's codes in [0, 1] at mid grey
    "vignette": 0.0,  # share of light lost in the corners
    "sharpness": 0.0,  # strength of the halo of sharpening; -1 is the binomial blur of 3 × 3 pixels
    "defocus": 0.0,  # circle of confusion of what is infinitely far, radius in image sides
    "focus": 1.0,  # focal depth over the depth of the subject's centre
    "noise": 0.0,  # standard deviation in codes of [0, 1], at mid tones
    "grain": 0.0,  # seed of the noise, a whole number below 2²⁴
}
"""What a camera makes of a picture: the columns of `SceneBatch.look`, and the values that leave it as it is."""


COLLAR = ("red", "green", "blue", "half_width", "y", "z", "along_y", "along_z")
"""The columns of `SceneBatch.collar`: linear RGB; half the width, 0 for none; a point in the middle of the neck and the
unit direction in which the neck runs, both in the plane that halves the animal. Lengths and places are those of a
coat's patterns: in bind space, in statures."""


def is_plain(look: NDArray[Any]) -> NDArray[np.bool_]:
    """(B,) which looks (B, len(LOOK)) leave a picture as it is drawn, whatever their grain."""
    plain = list(LOOK.values())[:-1]
    return np.asarray((look[:, :-1] == plain).all(axis=1))


@dataclass(slots=True, eq=False)
class SceneBatch:
    """B scenes with up to O objects each, to be drawn as B square images of `size` pixels."""

    size: int
    samples: int  # coverage samples per pixel: 1 or 4
    hair: int = field(default=0, kw_only=True)  # most layers of hair drawn about a furred subject's outline; 0 for none
    morphs: F32 | None = field(
        default=None, kw_only=True
    )  # (B, T) weights of morph targets, unused ones 0; None: all 0

    # The subject
    subjects: tuple[Subject, ...]  # the distinct subjects of this batch
    subject: I32  # (B,) index into `subjects`
    palette: F32  # (B, J, 3, 4) bind space → world; J is the largest joint count of the batch, unused rows are zero
    center: F32  # (B, 3) centre of the posed subject's bounding box
    radius: F32  # (B,) of the sphere about `center` that holds the box
    coat: F32  # (B, ROWS, 4) see `Coat.as_array`; zeros where the subject has none
    collar: F32 | None = field(default=None, kw_only=True)  # (B, len(COLLAR)); None where no subject wears one
    tint: F32  # (B, 3) multiplies the subject's base colour
    subject_surface: I32  # (B,) index into `surfaces` of the material that replaces the subject's own, or -1
    subject_uv: F32  # (B, 2) tiles per subject radius, rotation; used with subject_surface

    # The camera: x right, y up, looking along -Z
    view: F32  # (B, 3, 4) world → camera
    fov: F32  # (B,) full vertical field of view
    near: F32  # (B,) distance of the near plane; there is no far plane

    # Light
    sun_direction: F32  # (B, 3) unit, from the scene to the sun
    sun: F32  # (B, 3) irradiance on a plane that faces the sun
    flash: F32 | None = field(
        default=None, kw_only=True
    )  # (B,) metres from the camera at which `sun` is so strong, where it is the camera's own lamp; 0: it is the sun
    skies: tuple[Sky, ...]  # the distinct skies of this batch
    sky: I32  # (B,) index into `skies`
    sky_rotation: F32  # (B,) about +Y: the sky's direction d appears at R_y(rotation) · d
    sky_exposure: F32  # (B,) multiplies the sky's radiance

    # Surfaces
    surfaces: tuple[Surface, ...]  # the distinct surfaces of this batch
    ground: I32  # (B,) index into `surfaces`
    ground_uv: F32  # (B, 2) metres per tile, rotation about +Y

    # Objects; a slot whose shape is -1 is empty
    shape: I32  # (B, O) index into SHAPES, and on into BACKDROPS
    transform: F32  # (B, O, 3, 4) shape space → world
    surface: I32  # (B, O) index into `surfaces`
    surface_uv: F32  # (B, O, 2) tiles per side of the unit shape, rotation

    # Photos that stand behind everything, in place of the sky; None of each where no scene has one
    photos: tuple[Photo, ...] = ()  # the distinct photos of this batch
    photo: I32 | None = None  # (B,) index into `photos`, or -1
    photo_crop: F32 | None = (
        None  # (B, 4) of its square cut-out: left, top, side in shorter sides; -1 where mirrored, else 1
    )
    floor: I32 | None = None  # (B,) index into FLOORS
    sky_tint: F32 | None = None  # (B, 3) multiplies the light that the sky sheds, but not its picture; None: ones

    # The camera's work
    look: F32 | None = None  # (B, len(LOOK)) what the camera makes of the picture; None leaves all as they are drawn

    def __len__(self) -> int:
        return len(self.subject)
