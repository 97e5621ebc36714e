"""Dogs: one set of measures per breed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from diorama.assets.procedural.build import build
from diorama.assets.procedural.coats import DOGS as COATS
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail
from diorama.assets.subject import Subject

DROP = Ears(
    length=0.78,
    width=0.56,
    place=(0.36, 0.24, 0.36),
    rise=(1.0, 0.3, 0.0),
    face=(0.2, -1.0, 0.5),
    bend_at=0.16,
    bend=100,
    fold=(0.05, -1.0, 0.25),
    cup=0.12,
    outline=(0.75, 1.0, 1.0, 0.78, 0.5),
    bare=0.3,
)
"""Ears that hang beside the cheeks."""

PRICK = Ears(
    length=0.66,
    width=0.50,
    place=(0.27, 0.26, 0.34),
    rise=(0.28, 1.0, 0.05),
    face=(0.4, 0.0, 0.9),
    cup=0.42,
    outline=(0.9, 0.95, 0.78, 0.46, 0.22),
    bare=0.6,
)
"""Ears that stand."""

BUTTON = replace(
    PRICK, length=0.62, rise=(0.75, 1.0, 0.0), bend_at=0.42, bend=125, fold=(0.5, -1.0, 0.75), cup=0.2, bare=0.4,
    outline=(0.95, 1.0, 0.85, 0.55, 0.28),
)  # fmt: skip
"""Ears that stand at the root and tip over."""

RETRIEVER = Anatomy(
    id="dog/retriever",
    species="dog",
    height=0.57,
    chest_depth=0.54,
    chest_width=0.34,
    belly=0.52,
    waist=0.27,
    rump=0.28,
    neck_top=0.19,
    legs=1.15,
    paws=1.15,
    head=Head(
        width=0.225, skull_length=1.0, skull_height=0.64, crown=0.39, brow=0.7, muzzle_length=0.82, muzzle_depth=0.50,
        muzzle_base=0.54, muzzle_tip=0.44, muzzle_drop=0.03, nose=0.24, eye_x=0.26, eye_y=0.16, eye_size=0.18,
        eye_yaw=30, eye_rim=0.2, eye_color=(0.05, 0.021, 0.008), socket=0.5,
    ),
    ears=DROP,
    tail=Tail(length=0.62, root=0.055, tip=0.022, rise=-30, curl=25),
)  # fmt: skip

SHEPHERD = replace(
    RETRIEVER,
    id="dog/shepherd",
    height=0.62,
    length=1.12,
    chest_width=0.29,
    belly=0.55,
    croup=0.90,
    neck_angle=52,
    neck_base=0.34,
    legs=1.05,
    ruff=0.025,
    skirt=0.02,
    tousle=0.015,
    lock=0.16,
    head=replace(
        RETRIEVER.head, width=0.225, skull_height=0.66, muzzle_length=0.98, muzzle_depth=0.44, muzzle_base=0.48,
        muzzle_tip=0.32, flews=0.1, nose=0.20, eye_slant=14, brow=0.7, pitch=16,
    ),
    ears=PRICK,
    tail=Tail(length=0.66, root=0.05, tip=0.03, brush=0.045, rise=-62, curl=45),
    markings={"patches": "saddle", "stripes": "sable", "points": "mask"},
)  # fmt: skip

BEAGLE = replace(
    RETRIEVER,
    id="dog/beagle",
    height=0.38,
    length=1.12,
    elbow=0.45,
    chest_depth=0.56,
    chest_width=0.36,
    belly=0.47,
    waist=0.30,
    legs=1.2,
    paws=1.3,
    head=replace(
        RETRIEVER.head, width=0.29, muzzle_length=0.72, muzzle_base=0.50, muzzle_tip=0.40, eye_size=0.175, nose=0.22,
        muzzle_depth=0.46, eye_x=0.28,
    ),
    ears=replace(DROP, length=0.98, width=0.60, place=(0.37, 0.17, 0.34), outline=(0.7, 0.95, 1.05, 0.95, 0.66)),
    tail=Tail(length=0.60, root=0.05, tip=0.028, rise=35, curl=55),
    markings={"patches": "saddle"},
)  # fmt: skip

DACHSHUND = replace(
    RETRIEVER,
    id="dog/dachshund",
    height=0.25,
    length=1.95,
    elbow=0.30,
    chest_depth=0.70,
    chest_width=0.50,
    belly=0.34,
    waist=0.42,
    rump=0.42,
    neck_length=0.46,
    neck_base=0.44,
    neck_top=0.30,
    front_stance=0.16,
    hind_stance=0.15,
    legs=1.7,
    thigh=1.0,
    paws=1.7,
    head=replace(
        RETRIEVER.head, width=0.37, skull_height=0.66, muzzle_length=1.1, muzzle_depth=0.40, muzzle_base=0.46,
        muzzle_tip=0.32, flews=0.15, brow=0.5, nose=0.20, eye_size=0.2,
    ),
    ears=replace(DROP, length=0.92, width=0.58, place=(0.37, 0.20, 0.30), outline=(0.7, 0.95, 1.05, 0.95, 0.66)),
    tail=Tail(length=0.95, root=0.075, tip=0.025, rise=-12, curl=20),
    markings={"points": "tan"},
)  # fmt: skip

BULLDOG = replace(
    RETRIEVER,
    id="dog/bulldog",
    height=0.38,
    length=1.12,
    elbow=0.42,
    chest_depth=0.64,
    chest_width=0.60,
    belly=0.46,
    waist=0.42,
    rump=0.42,
    croup=1.0,
    neck_length=0.24,
    neck_angle=42,
    neck_base=0.52,
    neck_top=0.42,
    front_stance=0.20,
    hind_stance=0.15,
    legs=1.7,
    paws=1.6,
    head=replace(
        RETRIEVER.head, width=0.46, skull_length=0.78, skull_height=0.72, cheek=1.25, brow=1.0, muzzle_length=0.22,
        muzzle_base=0.66, muzzle_tip=0.60, muzzle_depth=0.44, muzzle_drop=0.0, flews=0.45, chin=1.3, nose=0.24,
        eye_x=0.27, eye_y=0.12, eye_size=0.175, eye_yaw=18, pitch=6,
    ),
    ears=replace(BUTTON, length=0.36, width=0.30, place=(0.38, 0.20, 0.32), rise=(1.0, 0.9, -0.2)),
    tail=Tail(length=0.12, root=0.05, tip=0.03, rise=-40, curl=10),
    markings={"points": "mask", "stripes": "brindle", "patches": "blobs"},
)  # fmt: skip

POODLE = replace(
    RETRIEVER,
    id="dog/poodle",
    height=0.40,
    length=1.02,
    chest_width=0.34,
    belly=0.52,
    waist=0.30,
    rump=0.32,
    neck_length=0.36,
    neck_angle=62,
    neck_top=0.24,
    legs=1.75,
    paws=1.25,
    feathers=0.02,
    ruff=0.03,
    skirt=0.02,
    tousle=0.05,
    lock=0.14,
    head=replace(
        RETRIEVER.head, width=0.25, skull_height=0.74, muzzle_length=0.86, muzzle_depth=0.44, muzzle_base=0.46,
        muzzle_tip=0.36, flews=0.1, brow=0.4, nose=0.22, eye_size=0.2, topknot=1.0,
    ),
    ears=replace(
        DROP, length=1.0, width=0.66, thickness=0.16, place=(0.40, 0.16, 0.36), outline=(0.8, 1.0, 1.1, 1.1, 0.8),
        bare=0,
    ),
    tail=Tail(length=0.42, root=0.04, tip=0.07, brush=0.04, rise=50, curl=20),
)  # fmt: skip

TERRIER = replace(
    RETRIEVER,
    id="dog/terrier",
    height=0.30,
    length=1.08,
    elbow=0.44,
    chest_width=0.40,
    belly=0.44,
    waist=0.36,
    rump=0.36,
    neck_length=0.28,
    neck_angle=55,
    neck_base=0.40,
    neck_top=0.30,
    legs=1.7,
    paws=1.5,
    feathers=0.02,
    ruff=0.03,
    skirt=0.05,
    tousle=0.045,
    lock=0.17,
    head=replace(
        RETRIEVER.head, width=0.37, skull_height=0.74, cheek=1.2, muzzle_length=0.62, muzzle_depth=0.44,
        muzzle_base=0.50, muzzle_tip=0.44, flews=0.0, beard=1.0, brow=0.5, nose=0.22, eye_size=0.185,
    ),
    ears=replace(PRICK, length=0.46, width=0.40, rise=(0.4, 1.0, 0.0)),
    tail=Tail(length=0.42, root=0.07, tip=0.035, brush=0.02, rise=50, curl=10),
    markings={"patches": "saddle"},
)  # fmt: skip

SPITZ = replace(
    SHEPHERD,
    id="dog/spitz",
    height=0.55,
    length=1.02,
    croup=0.97,
    chest_width=0.32,
    neck_angle=55,
    ruff=0.055,
    skirt=0.03,
    tousle=0.03,
    lock=0.18,
    head=replace(
        SHEPHERD.head, width=0.24, cheek=1.1, skull_height=0.70, muzzle_length=0.74, muzzle_base=0.50, muzzle_tip=0.34,
        eye_slant=20, nose=0.19, pitch=12,
    ),
    ears=replace(PRICK, length=0.50, width=0.44, place=(0.27, 0.27, 0.38)),
    tail=Tail(length=0.72, root=0.05, tip=0.04, brush=0.07, rise=55, curl=190),
    markings={"patches": "saddle", "stripes": "sable", "white": "urajiro"},
)  # fmt: skip

COLLIE = replace(
    SHEPHERD,
    id="dog/collie",
    height=0.53,
    length=1.10,
    croup=0.95,
    ruff=0.05,
    skirt=0.045,
    feathers=0.012,
    tousle=0.04,
    lock=0.2,
    head=replace(SHEPHERD.head, width=0.22, muzzle_length=0.92, muzzle_base=0.46, muzzle_tip=0.34, eye_slant=10),
    ears=replace(BUTTON, length=0.58, width=0.44, bend_at=0.55, bend=110),
    tail=Tail(length=0.70, root=0.05, tip=0.035, brush=0.075, rise=-58, curl=70),
    markings={"patches": "merle", "stripes": "sable", "points": "tan"},
)  # fmt: skip

_COATS = {
    RETRIEVER: ("yellow", "black", "chocolate", "golden", "red"),
    SHEPHERD: ("saddle", "sable", "black", "white"),
    BEAGLE: ("tricolour", "lemon and white", "saddle"),
    DACHSHUND: ("black and tan", "red", "chocolate and tan"),
    BULLDOG: ("fawn and white", "brindle", "piebald", "fawn"),
    POODLE: ("apricot", "white", "black", "grey"),
    TERRIER: ("white", "wheaten", "grey", "saddle"),
    SPITZ: ("red and white", "wolf grey", "white", "husky"),
    COLLIE: ("black and white", "sable and white", "merle", "tricoloured"),
}

DOGS: dict[str, Callable[[], Subject]] = {
    breed.id: partial(build, breed, tuple(COATS[name] for name in names)) for breed, names in _COATS.items()
}
