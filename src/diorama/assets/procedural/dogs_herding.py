"""Herding dogs."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    BAT,
    BUTTON,
    DOCKED,
    HEAD,
    LOW,
    SABRE,
    SHEPHERD,
    SPANIEL,
    TIPPED,
    WEDGE,
    breed,
    builders,
)

_COLLIE = replace(
    SHEPHERD, length=1.09, croup=0.96, hock=0.02, ruff=0.045, skirt=0.04, feathers=0.02, tousle=0.018, lock=0.2,
    ears=TIPPED, tail=replace(SABRE, brush=0.045, plume=0.07, curl=70),
)  # fmt: skip

_CORGI = replace(
    LOW, length=1.60, elbow=0.34, chest_depth=0.62, chest_width=0.44, belly=0.40, ears=BAT, tail=DOCKED, ruff=0.04,
    skirt=0.03, tousle=0.012, lock=0.2, legs=1.5, neck_angle=58, head=replace(WEDGE, width=0.36, muzzle_length=0.78,
        skull_height=0.64),
)  # fmt: skip

BREEDS = builders((
    breed(
        SHEPHERD, "german_shepherd", 0.62, ("saddle", "sable", "black", "grey saddle", "white"), length=1.15,
        croup=0.90, hock=-0.05, head={"width": 0.215},
    ),
    breed(
        _COLLIE, "border_collie", 0.52, ("black and white", "tricoloured", "merle", "red and white", "blue and white"),
        head={"width": 0.225, "muzzle_length": 0.86, "eye_color": (0.10, 0.045, 0.014)},
    ),
    breed(
        _COLLIE, "rough_collie", 0.58, ("sable and white", "tricoloured", "merle"), ruff=0.075, skirt=0.055,
        feathers=0.03, tousle=0.022, head={"width": 0.19, "skull_length": 1.1, "muzzle_length": 1.2, "brow": 0.3,
            "muzzle_tip": 0.36, "skull_height": 0.60},
        ears={"length": 0.92, "width": 0.56, "rise": (0.25, 1.0, 0.0), "place": (0.30, 0.32, 0.40)},
    ),
    breed(
        _COLLIE, "australian_shepherd", 0.53, ("merle", "red merle", "tricoloured", "liver tricoloured"), tail=DOCKED,
        ears=replace(BUTTON, length=0.66, bend_at=0.3, width=0.52), head={"width": 0.225, "muzzle_length": 0.82,
            "muzzle_base": 0.52, "eye_color": (0.20, 0.30, 0.42)},
    ),
    breed(_CORGI, "corgi", 0.28, ("red and white", "sable and white", "tricoloured")),
    breed(
        SHEPHERD, "old_english_sheepdog", 0.58, ("grey and white", "blue and white", "grey"), length=1.02,
        croup=1.0, hock=0.03, chest_width=0.38, rump=0.36, waist=0.36, belly=0.46, ruff=0.07, skirt=0.08,
        trousers=0.04, front_stance=0.135, hind_stance=0.13, tousle=0.028, lock=0.24, tail=DOCKED,
        ears=replace(SPANIEL, length=0.8), legs=1.2, head=replace(HEAD, width=0.26, skull_height=0.78, topknot=1.4,
            beard=1.3, tufts=1.4, muzzle_length=0.74),
    ),
))  # fmt: skip
