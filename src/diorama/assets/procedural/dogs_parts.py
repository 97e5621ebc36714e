"""What dogs are put together from: kinds of ears, tails, heads and builds, and the row of a breed.

Measures are those of quadruped.py: trunk and limbs in heights at the withers, heads and ears in skull widths.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from diorama.assets.procedural.build import build
from diorama.assets.procedural.coats import DOGS as COATS
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail
from diorama.assets.subject import Subject

Row = tuple[Anatomy, tuple[str, ...]]

# Ears --------------------------------------------------------------------------------------------------------------

DROP = Ears(
    length=0.78, width=0.56, place=(0.36, 0.24, 0.36), rise=(1.0, 0.3, 0.0), face=(0.2, -1.0, 0.5), bend_at=0.16,
    bend=100, fold=(0.05, -1.0, 0.25), twist=30, cling=0.7, thickness=0.07, cup=0.12,
    outline=(0.75, 1.0, 1.0, 0.78, 0.5), bare=0.3,
)  # fmt: skip
"""Ears that hang beside the cheeks."""

HOUND = replace(DROP, length=1.05, width=0.60, place=(0.37, 0.14, 0.34), outline=(0.7, 0.95, 1.05, 0.95, 0.66))
"""Long, set low, rounded."""

SPANIEL = replace(
    DROP, length=1.1, width=0.66, thickness=0.13, place=(0.38, 0.10, 0.34), outline=(0.75, 1.0, 1.1, 1.05, 0.8), bare=0
)
"""Long, set low, covered with long hair."""

PRICK = Ears(
    length=0.66, width=0.575, place=(0.27, 0.26, 0.34), rise=(0.28, 1.0, 0.05), face=(0.6, 0.05, 0.8), cup=0.65,
    outline=(0.9, 0.95, 0.78, 0.46, 0.22), bare=0.6,
)  # fmt: skip
"""Ears that stand, pointed."""

BAT = replace(PRICK, length=0.62, width=0.53, place=(0.30, 0.24, 0.38), outline=(0.85, 1.0, 0.95, 0.75, 0.5))
"""Ears that stand, broad and round at the tip."""

BUTTON = replace(
    PRICK, length=0.62, width=0.50, rise=(0.75, 1.0, 0.0), face=(0.4, 0.0, 0.9), cup=0.2, bend_at=0.42, bend=125,
    fold=(0.5, -1.0, 0.75), bare=0.4, outline=(0.95, 1.0, 0.85, 0.55, 0.28),
)  # fmt: skip
"""Ears that stand at the root and tip over forward."""

TIPPED = replace(BUTTON, length=0.58, width=0.44, rise=(0.4, 1.0, 0.0), bend_at=0.58, bend=110)
"""Ears of which only the tip falls."""

ROSE = replace(
    BUTTON, length=0.52, width=0.36, place=(0.33, 0.24, 0.30), rise=(0.8, 0.8, -0.5), bend_at=0.38, bend=80,
    fold=(0.6, -0.5, -0.5),
)  # fmt: skip
"""Small ears that fold back."""

# Tails -------------------------------------------------------------------------------------------------------------

OTTER = Tail(length=0.62, root=0.060, tip=0.022, rise=-30, curl=25)
SABRE = Tail(length=0.66, root=0.050, tip=0.030, brush=0.030, plume=0.04, rise=-62, curl=50)
SICKLE = Tail(length=0.58, root=0.045, tip=0.024, rise=20, curl=80)
GAY = Tail(length=0.56, root=0.048, tip=0.026, rise=42, curl=35)  # carried high
WHIP = Tail(length=0.66, root=0.036, tip=0.013, rise=-52, curl=70)
CURLED = Tail(length=0.66, root=0.048, tip=0.040, brush=0.050, rise=60, curl=215, lean=20)  # over the back
PLUMED = Tail(length=0.55, root=0.045, tip=0.035, brush=0.040, plume=0.07, rise=48, curl=180, lean=12)
FLAG = Tail(length=0.58, root=0.048, tip=0.022, brush=0.006, plume=0.075, rise=-12, curl=25)  # feathered, level
DOCKED = Tail(length=0.13, root=0.045, tip=0.030, rise=35, curl=10)
CARROT = Tail(length=0.42, root=0.065, tip=0.026, rise=55, curl=15)  # a terrier's
SCREW = Tail(length=0.10, root=0.050, tip=0.030, rise=-30, curl=10)

# Heads -------------------------------------------------------------------------------------------------------------

HEAD = Head(
    width=0.225, skull_length=0.98, skull_height=0.64, crown=0.39, brow=0.5, muzzle_length=0.82, muzzle_depth=0.50,
    muzzle_base=0.54, muzzle_tip=0.44, muzzle_drop=0.03, nose=0.24, eye_x=0.26, eye_y=0.16, eye_size=0.16,
    eye_open=0.82, eye_yaw=30, eye_rim=0.2, eye_color=(0.05, 0.021, 0.008), socket=0.5,
)  # fmt: skip
"""A retriever's: a clear stop, a square muzzle as long as the skull."""

WEDGE = replace(
    HEAD, skull_height=0.66, muzzle_length=0.92, muzzle_depth=0.43, muzzle_base=0.48, muzzle_tip=0.33, flews=0.1,
    nose=0.20, eye_slant=13, brow=0.6, pitch=15,
)  # fmt: skip
"""A shepherd's: tight lips, a muzzle that tapers."""

LONG = replace(
    WEDGE, skull_length=1.08, skull_height=0.58, crown=0.34, cheek=0.85, brow=0.3, muzzle_length=1.15,
    muzzle_depth=0.42,
    muzzle_base=0.46, muzzle_tip=0.32, flews=0.1, eye_slant=8, eye_size=0.165,
)  # fmt: skip
"""A sighthound's: long, narrow, almost without a stop."""

BLUNT = replace(
    HEAD, skull_height=0.68, cheek=1.2, brow=1.0, muzzle_length=0.52, muzzle_depth=0.52, muzzle_base=0.60,
    muzzle_tip=0.54, flews=0.6, chin=1.2, eye_yaw=24,
)  # fmt: skip
"""A boxer's or a mastiff's: short, deep, square."""

FLAT = replace(
    HEAD, skull_length=0.80, skull_height=0.76, cheek=1.2, brow=0.6, muzzle_length=0.20, muzzle_base=0.62,
    muzzle_tip=0.56, muzzle_depth=0.44, muzzle_drop=-0.02, flews=0.4, chin=1.3, folds=0.4, underbite=0.01, nose=0.22,
    eye_x=0.28, eye_y=0.10, eye_size=0.165, eye_open=0.86, eye_yaw=20, pitch=6,
)  # fmt: skip
"""A pug's or a bulldog's: a face pressed flat."""

APPLE = replace(
    HEAD, skull_length=0.88, skull_height=0.80, crown=0.44, cheek=1.0, brow=0.4, muzzle_length=0.46, muzzle_depth=0.36,
    muzzle_base=0.42, muzzle_tip=0.32, flews=0.0, dome=0.7, nose=0.17, eye_size=0.175, eye_open=0.82,
    eye_x=0.27, eye_y=0.10, eye_yaw=26, pitch=10,
)  # fmt: skip
"""A toy dog's or a puppy's: domed, large-eyed, short in the muzzle."""

# Builds ------------------------------------------------------------------------------------------------------------

HUNTER = Anatomy(
    id="dog/hunter", species="dog", height=0.57, length=1.06, chest_depth=0.52, chest_width=0.32, belly=0.52,
    waist=0.26, rump=0.27, croup=0.975, neck_length=0.37, neck_angle=53, neck_base=0.35, neck_top=0.215,
    front_stance=0.11, hind_stance=0.105, legs=1.12, paws=1.18, muscle=1.05, claws=True, fur=0.4, head=HEAD, ears=DROP,
    tail=OTTER,
)  # fmt: skip

SIGHTHOUND = replace(
    HUNTER, length=1.0, chest_depth=0.55, chest_width=0.25, belly=0.67, waist=0.165, rump=0.225, croup=0.97, arch=0.02,
    neck_length=0.50, neck_angle=55, neck_base=0.26, neck_top=0.145, front_stance=0.085, hind_stance=0.085, legs=0.86,
    thigh=1.05, paws=1.0, muscle=0.95, forechest=0.7, hock=0.0, head=LONG, ears=ROSE, tail=WHIP,
)  # fmt: skip

MASTIFF = replace(
    HUNTER, length=1.10, chest_depth=0.54, chest_width=0.37, belly=0.50, waist=0.31, rump=0.31, neck_length=0.37,
    neck_base=0.40, neck_top=0.27, front_stance=0.14, hind_stance=0.12, legs=1.25, thigh=1.08, paws=1.3, muscle=1.2,
    head=BLUNT,
)  # fmt: skip

SHEPHERD = replace(
    HUNTER, length=1.13, chest_width=0.29, chest_depth=0.50, belly=0.55, waist=0.24, croup=0.93, neck_length=0.41,
    neck_angle=53, neck_base=0.34, legs=1.02, ruff=0.022, skirt=0.02, hock=-0.02, head=WEDGE, ears=PRICK, tail=SABRE,
    tousle=0.010, lock=0.16,
)  # fmt: skip

SPITZ = replace(
    HUNTER, length=1.03, chest_width=0.31, chest_depth=0.50, belly=0.53, neck_length=0.36, neck_angle=57,
    neck_base=0.35,
    neck_top=0.23, ruff=0.045, skirt=0.028, tousle=0.014, lock=0.18, ears=replace(PRICK, length=0.50, width=0.51),
    head=replace(WEDGE, cheek=1.1, skull_height=0.70, muzzle_length=0.74, muzzle_base=0.50, eye_slant=18, pitch=12),
    tail=CURLED,
)  # fmt: skip

TERRIER = replace(
    HUNTER, length=1.0, chest_depth=0.50, chest_width=0.29, belly=0.54, waist=0.25, rump=0.27, croup=0.985,
    neck_length=0.40, neck_angle=64, neck_base=0.33, neck_top=0.22, legs=1.2, paws=1.25, ears=BUTTON, tail=CARROT,
    head=replace(HEAD, skull_height=0.62, brow=0.4, muzzle_length=0.86, muzzle_base=0.52, muzzle_tip=0.44, flews=0.1),
)  # fmt: skip

TOY = replace(
    HUNTER, length=1.04, elbow=0.49, chest_depth=0.50, chest_width=0.33, belly=0.52, waist=0.28, rump=0.30,
    neck_length=0.36, neck_angle=64, neck_base=0.36, neck_top=0.25, front_stance=0.11, legs=1.15, paws=1.2, muscle=0.9,
    forechest=0.8, head=APPLE, ears=PRICK, tail=SICKLE,
)  # fmt: skip

LOW = replace(
    HUNTER, length=1.75, elbow=0.31, chest_depth=0.68, chest_width=0.46, belly=0.36, waist=0.40, rump=0.40, croup=1.0,
    neck_length=0.50, neck_base=0.44, neck_top=0.29, front_stance=0.16, hind_stance=0.15, legs=1.6, paws=1.65,
    forechest=1.5, muscle=1.1, tail=replace(OTTER, length=0.9, root=0.07, tip=0.025, rise=-8, curl=25),
)  # fmt: skip
"""Dwarfed legs under a long trunk."""

BULL = replace(
    MASTIFF, length=1.06, chest_depth=0.54, chest_width=0.46, belly=0.52, waist=0.32, rump=0.34, croup=0.99,
    neck_length=0.35, neck_angle=50, neck_base=0.46, neck_top=0.36, front_stance=0.17, hind_stance=0.13, legs=1.35,
    paws=1.3, muscle=1.3, ears=ROSE, tail=replace(WHIP, root=0.045, rise=-40),
    head=replace(BLUNT, width=0.36, cheek=1.4, muzzle_length=0.55, muzzle_tip=0.46, flews=0.25),
)  # fmt: skip
"""Bull breeds: broad in front, heavy in the jaw."""


def breed(base: Anatomy, name: str, height: float, coats: Sequence[str], **measures: Any) -> Row:
    """A breed as its difference from a build: its height at the withers in metres, the coats it has, its measures.

    `head`, `ears` and `tail` may be dictionaries of changes to those of the build.
    """
    for part in ("head", "ears", "tail"):
        if isinstance(measures.get(part), dict):
            measures[part] = replace(getattr(base, part), **measures[part])
    species = measures.get("species", base.species)
    a = replace(base, id=f"{species}/{name}", height=height, **measures)
    return replace(a, fur=min(1.0, a.fur + 30 * a.tousle)), tuple(coats)


def builders(rows: Sequence[Row]) -> dict[str, Callable[[], Subject]]:
    """Builders of breeds by id."""
    return {a.id: partial(build, a, tuple(COATS[name] for name in names)) for a, names in rows}
