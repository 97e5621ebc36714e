"""Working dogs: guardians, mountain dogs, sledge dogs and other spitzes."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    BLUNT,
    CURLED,
    DOCKED,
    DROP,
    FLAG,
    HEAD,
    HUNTER,
    MASTIFF,
    PLUMED,
    PRICK,
    SABRE,
    SPITZ,
    TOY,
    WEDGE,
    WHIP,
    breed,
    builders,
)

_MOUNTAIN = replace(
    MASTIFF, ruff=0.04, skirt=0.04, feathers=0.025, tousle=0.016, lock=0.2, tail=replace(FLAG, rise=-50, curl=55),
    head=replace(HEAD, width=0.26, skull_height=0.72, cheek=1.15, muzzle_length=0.66, muzzle_base=0.58,
        muzzle_tip=0.50, flews=0.7, brow=1.0), ears=replace(DROP, length=0.62, thickness=0.08),
)  # fmt: skip

BREEDS = builders((
    breed(
        HUNTER, "boxer", 0.59, ("fawn and white", "brindle and white", "fawn mask", "white"), length=1.0,
        chest_width=0.31, belly=0.57, waist=0.24, neck_length=0.42, neck_angle=60, neck_base=0.34, muscle=1.2,
        legs=1.08, tail=DOCKED, head=replace(BLUNT, width=0.225, muzzle_length=0.44, flews=0.75),
    ),
    breed(
        HUNTER, "dobermann", 0.69, ("black and tan", "chocolate and tan", "blue and tan"), length=1.0,
        chest_depth=0.52, chest_width=0.275, belly=0.60, waist=0.21, neck_length=0.46, neck_angle=62, neck_base=0.29,
        neck_top=0.165, legs=0.95, paws=1.0, tail=WHIP, head=replace(WEDGE, width=0.18, skull_length=1.1,
            muzzle_length=1.2, muzzle_depth=0.48, muzzle_base=0.50, brow=0.4, eye_color=(0.13, 0.060, 0.018)),
        ears=replace(PRICK, length=0.85, width=0.48, rise=(0.18, 1.0, 0.0)),
    ),
    breed(
        MASTIFF, "rottweiler", 0.64, ("black and tan",),
        head=replace(BLUNT, width=0.26, muzzle_length=0.60, flews=0.45), ears=replace(DROP, length=0.60, width=0.50),
        tail=replace(HUNTER.tail, length=0.55, rise=-30, curl=55),
    ),
    breed(
        MASTIFF, "great_dane", 0.80, ("fawn mask", "black", "brindle", "harlequin", "blue"), length=1.02,
        chest_width=0.29, belly=0.58, waist=0.23, rump=0.25, neck_length=0.47, neck_angle=60, neck_base=0.32,
        neck_top=0.19, legs=1.0, paws=1.05, front_stance=0.105, hind_stance=0.10, tail=replace(WHIP, length=0.62),
        muscle=1.05, head=replace(HEAD, width=0.185, skull_length=1.08, muzzle_length=1.08, muzzle_depth=0.56,
            flews=0.6, eye_color=(0.14, 0.080, 0.028)), ears=replace(DROP, length=0.72),
    ),
    breed(
        _MOUNTAIN, "st_bernard", 0.75, ("piebald", "red and white"), dewlap=0.03,
        head={"width": 0.265, "flews": 0.9, "eye_droop": 0.25},
    ),
    breed(
        _MOUNTAIN, "newfoundland", 0.69, ("black", "chocolate", "black piebald", "grey"), ruff=0.05, skirt=0.055,
        head={"width": 0.27},
    ),
    breed(
        SPITZ, "husky", 0.56, ("husky", "wolf grey", "red husky", "black and white", "white"), chest_width=0.29,
        ruff=0.032, head={"width": 0.225, "eye_color": (0.16, 0.34, 0.62)},
        tail=replace(SABRE, brush=0.05, rise=15, curl=120),
    ),
    breed(
        SPITZ, "samoyed", 0.54, ("white", "ivory"), ruff=0.065, skirt=0.05, feathers=0.02, tousle=0.02, tail=PLUMED,
        head={"width": 0.25, "tufts": 0.8},
    ),
    breed(
        SPITZ, "akita", 0.66, ("red and white", "brindle and white", "white", "sesame"), chest_width=0.33, legs=1.2,
        ruff=0.035, head={"width": 0.255, "cheek": 1.25, "muzzle_length": 0.66, "muzzle_base": 0.56,
            "muzzle_tip": 0.40}, ears={"length": 0.40, "width": 0.42, "rise": (0.3, 1.0, 0.35)},
        tail=replace(CURLED, brush=0.06),
    ),
    breed(
        SPITZ, "shiba", 0.38, ("shiba", "black and tan", "sesame", "cream"), ruff=0.028, head={"width": 0.295},
        ears={"length": 0.44, "rise": (0.3, 1.0, 0.3)},
    ),
    breed(
        TOY, "pomeranian", 0.21, ("orange", "red sable", "white", "black", "cream", "black and tan"), neck_length=0.26,
        chest_width=0.40, ruff=0.13, skirt=0.10, feathers=0.03, tousle=0.026, lock=0.2, head={"width": 0.40,
            "tufts": 1.3, "muzzle_length": 0.42, "muzzle_tip": 0.26, "eye_size": 0.16},
        ears={"length": 0.36, "width": 0.36}, tail=replace(PLUMED, length=0.6, brush=0.10, plume=0.08, rise=70),
    ),
))  # fmt: skip
