"""Cats: one set of measures per breed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from diorama.assets.procedural.build import build
from diorama.assets.procedural.coats import CATS as COATS
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail
from diorama.assets.subject import Subject

SHORTHAIR = Anatomy(
    id="cat/shorthair",
    species="cat",
    height=0.27,
    length=1.20,
    elbow=0.47,
    chest_depth=0.50,
    chest_width=0.42,
    belly=0.44,
    waist=0.42,
    rump=0.38,
    croup=1.0,
    neck_length=0.24,
    neck_angle=48,
    neck_base=0.38,
    neck_top=0.29,
    front_stance=0.12,
    hind_stance=0.12,
    legs=1.2,
    paws=1.35,
    head=Head(
        width=0.37, skull_length=0.80, skull_height=0.84, cheek=1.25, brow=0.7, muzzle_length=0.19, muzzle_base=0.46,
        muzzle_tip=0.36, muzzle_depth=0.36, muzzle_drop=0.05, pads=1.0, flews=0.0, chin=1.0, nose=0.15, socket=0.2,
        nose_color=(0.30, 0.10, 0.085), pitch=12, eye_x=0.235, eye_y=0.10, eye_size=0.215, eye_open=0.74, eye_slant=16,
        eye_yaw=24, eye_color=(0.42, 0.40, 0.08), iris=1.0, pupil=(0.28, 0.9), eye_rim=0.12,
    ),
    ears=Ears(
        length=0.46, width=0.56, place=(0.275, 0.27, 0.42), rise=(0.32, 1.0, 0.0), face=(0.45, 0.0, 0.9), cup=0.45,
        outline=(0.95, 0.96, 0.72, 0.40, 0.2), furnish=0.8, thickness=0.04,
    ),
    tail=Tail(length=0.95, root=0.065, tip=0.045, rise=-50, curl=60),
    markings={"stripes": "mackerel", "patches": "blobs", "points": "colourpoint"},
)  # fmt: skip

SIAMESE = replace(
    SHORTHAIR,
    id="cat/siamese",
    height=0.28,
    elbow=0.50,
    chest_width=0.34,
    chest_depth=0.46,
    belly=0.51,
    waist=0.31,
    rump=0.31,
    neck_length=0.30,
    neck_base=0.31,
    neck_top=0.23,
    legs=1.05,
    paws=1.2,
    head=replace(
        SHORTHAIR.head, width=0.335, skull_length=0.90, cheek=0.95, muzzle_length=0.28, muzzle_tip=0.32, eye_slant=24,
        eye_open=0.70, eye_color=(0.07, 0.22, 0.62), nose_color=(0.03, 0.02, 0.02), muzzle_drop=0.07,
    ),
    ears=replace(SHORTHAIR.ears, length=0.66, width=0.74, place=(0.31, 0.22, 0.42), rise=(0.55, 1.0, 0.0)),
    tail=Tail(length=1.05, root=0.05, tip=0.022, rise=-50, curl=60),
)  # fmt: skip

LONGHAIR = replace(
    SHORTHAIR,
    id="cat/longhair",
    chest_width=0.46,
    waist=0.46,
    rump=0.44,
    legs=1.35,
    paws=1.4,
    ruff=0.07,
    skirt=0.07,
    feathers=0.02,
    tousle=0.05,
    lock=0.22,
    head=replace(
        SHORTHAIR.head, width=0.40, skull_length=0.78, cheek=1.45, muzzle_length=0.04, muzzle_tip=0.38, eye_open=0.9,
        eye_slant=8, eye_color=(0.50, 0.22, 0.03), pitch=8, tufts=1.0,
    ),
    ears=replace(SHORTHAIR.ears, length=0.38, width=0.50, rise=(0.5, 1.0, 0.0)),
    tail=Tail(length=0.80, root=0.07, tip=0.06, brush=0.085, rise=-45, curl=60),
)  # fmt: skip

BRITISH = replace(
    SHORTHAIR,
    id="cat/british",
    height=0.27,
    length=1.14,
    elbow=0.44,
    chest_depth=0.55,
    chest_width=0.50,
    belly=0.40,
    waist=0.48,
    rump=0.44,
    neck_length=0.20,
    neck_top=0.36,
    legs=1.45,
    paws=1.5,
    head=replace(
        SHORTHAIR.head, width=0.42, cheek=1.5, muzzle_length=0.15, muzzle_tip=0.40, eye_open=0.92, eye_slant=6,
        eye_color=(0.55, 0.26, 0.03), nose_color=(0.07, 0.06, 0.065),
    ),
    ears=replace(SHORTHAIR.ears, length=0.38, width=0.48, rise=(0.5, 1.0, 0.0)),
    tail=Tail(length=0.80, root=0.075, tip=0.06, rise=-50, curl=60),
    markings={"stripes": "classic", "patches": "blobs", "points": "colourpoint"},
)  # fmt: skip

_COATS = {
    SHORTHAIR: (
        "brown tabby",
        "black",
        "ginger tabby",
        "tuxedo",
        "tabby and white",
        "calico",
        "tortoiseshell",
        "silver tabby",
        "white",
        "ginger and white",
        "blue",
        "blue and white",
    ),
    SIAMESE: ("seal point", "blue point", "red point"),
    LONGHAIR: (
        "white",
        "ginger tabby",
        "brown tabby",
        "tuxedo",
        "tortoiseshell",
        "seal point",
        "blue",
        "calico",
        "black",
    ),
    BRITISH: ("blue", "silver tabby", "cream", "black", "tabby and white", "blue and white"),
}

CATS: dict[str, Callable[[], Subject]] = {
    breed.id: partial(build, breed, tuple(COATS[name] for name in names)) for breed, names in _COATS.items()
}
