"""Cats: one set of measures per breed."""

from collections.abc import Callable
from functools import partial

from diorama.assets.procedural.build import build
from diorama.assets.procedural.coats import CATS as COATS
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail
from diorama.assets.subject import Subject

SHORTHAIR = Anatomy(
    id="cat/shorthair",
    species="cat",
    height=0.27,
    length=1.28,
    elbow=0.47,
    chest_depth=0.50,
    chest_width=0.38,
    belly=0.47,
    waist=0.36,
    rump=0.34,
    croup=1.0,
    neck_length=0.24,
    neck_angle=48,
    neck_base=0.34,
    neck_top=0.26,
    front_stance=0.12,
    hind_stance=0.12,
    legs=1.2,
    paws=1.35,
    head=Head(
        width=0.36, skull_length=0.86, skull_height=0.82, cheek=1.05, brow=0.7, muzzle_length=0.16, muzzle_base=0.5,
        muzzle_tip=0.36, muzzle_depth=0.34, muzzle_drop=0.06, pads=1.0, flews=0.0, nose=0.14,
        nose_color=(0.30, 0.10, 0.085), pitch=12, eye_x=0.24, eye_y=0.10, eye_size=0.23, eye_open=0.86, eye_slant=12,
        eye_yaw=22, eye_color=(0.42, 0.40, 0.08), iris=0.98, pupil=(0.34, 0.80),
    ),
    ears=Ears(length=0.50, width=0.46),
    tail=Tail(length=0.95, root=0.065, tip=0.045, rise=-50, curl=60),
    markings={"stripes": "mackerel", "patches": "blobs", "points": "colourpoint"},
)  # fmt: skip

CATS: dict[str, Callable[[], Subject]] = {SHORTHAIR.id: partial(build, SHORTHAIR, tuple(COATS.values()))}
