"""Cats of no breed, which most cats in photographs are, and the catalogue's cats all together."""

from dataclasses import replace

from diorama.assets.procedural.cat import COBBY, LONG, PEDIGREES, SHORTHAIR
from diorama.assets.procedural.dogs_parts import breed, builders
from diorama.assets.procedural.quadruped import Tail

_TABBIES = (
    "brown tabby", "brown classic tabby", "ginger tabby", "ginger classic tabby", "silver tabby", "blue tabby",
    "ticked tabby", "cream tabby", "brown spotted tabby",
)  # fmt: skip
_WHITE = (
    "tabby and white", "ginger and white", "tuxedo", "blue and white", "grey and white", "calico",
    "tortoiseshell and white", "silver tabby and white", "van", "blue tabby and white",
)  # fmt: skip
_PLAIN = ("black", "blue", "white", "tortoiseshell", "smoke", "cream", "jet black", "blue cream")

_GREEN, _GOLD, _HAZEL, _PALE = (0.44, 0.68, 0.20), (0.88, 0.68, 0.12), (0.68, 0.64, 0.18), (0.80, 0.84, 0.32)

_MIXED = (
    breed(
        SHORTHAIR, "mixed_tabby", 0.27, _TABBIES, chest_width=0.44, waist=0.45, neck_top=0.31,
        head={"muzzle_length": 0.37, "chin": 1.4, "cheek": 1.15, "eye_color": _GREEN},
        ears={"length": 0.456, "place": (0.26, 0.29, 0.42), "rise": (0.26, 1.0, 0.0), "furnish": 1.6},
    ),
    breed(
        SHORTHAIR, "mixed_tom", 0.29, _TABBIES + _PLAIN[:4] + _WHITE[:5], chest_width=0.48, neck_base=0.44,
        neck_top=0.38, neck_length=0.23, waist=0.45, legs=1.35, paws=1.5, muscle=1.05,
        head={"width": 0.40, "cheek": 1.5, "muzzle_length": 0.35, "muzzle_base": 0.50, "muzzle_tip": 0.42, "chin": 1.5,
            "eye_size": 0.194, "eye_open": 0.68, "eye_color": _GOLD},
        ears={"length": 0.38, "width": 0.529, "place": (0.30, 0.27, 0.42), "rise": (0.42, 1.0, 0.0)},
        tail={"root": 0.07, "tip": 0.05},
    ),
    breed(
        SHORTHAIR, "mixed_queen", 0.26, _WHITE + _PLAIN, chest_width=0.40, waist=0.40, belly=0.45, neck_top=0.27,
        head={"width": 0.355, "muzzle_length": 0.34, "cheek": 1.05, "eye_slant": 18, "eye_color": _PALE},
        ears={"length": 0.475, "width": 0.644, "place": (0.28, 0.27, 0.42), "rise": (0.36, 1.0, 0.0)},
    ),
    breed(
        COBBY, "mixed_stout", 0.26, _TABBIES[:5] + _WHITE[:6] + _PLAIN[:4], belly=0.33, waist=0.56, rump=0.48,
        pouch=0.07, chest_width=0.52, head={"width": 0.385, "cheek": 1.3, "muzzle_length": 0.33, "eye_size": 0.198,
            "eye_open": 0.76, "eye_slant": 11, "eye_color": _HAZEL},
        ears={"length": 0.38, "width": 0.54, "place": (0.30, 0.27, 0.42), "rise": (0.4, 1.0, 0.0)},
    ),
    breed(
        LONG, "mixed_medium", 0.28, _WHITE + _PLAIN + _TABBIES[:6], ruff=0.035, skirt=0.03, tousle=0.018, lock=0.15,
        head={"muzzle_length": 0.36, "tufts": 0.4, "eye_color": _GREEN}, ears={"length": 0.475, "furnish": 1.9},
        tail={"length": 0.95, "brush": 0.045},
    ),
    breed(
        LONG, "mixed_large", 0.32, _TABBIES + _WHITE[:4] + _PLAIN[:2], length=1.24, ruff=0.055, skirt=0.045,
        tousle=0.035,
        head={"width": 0.35, "skull_length": 0.84, "muzzle_length": 0.4, "muzzle_base": 0.49, "muzzle_tip": 0.40,
            "chin": 1.5, "cheek": 1.2, "eye_open": 0.7, "eye_color": _GOLD},
        ears={"length": 0.532, "width": 0.644, "place": (0.26, 0.29, 0.42), "rise": (0.24, 1.0, 0.0), "furnish": 2.1},
        tail={"length": 1.05, "brush": 0.085},
    ),
    breed(
        SHORTHAIR, "mixed_young", 0.22, _TABBIES[:6] + _WHITE + _PLAIN[:4], length=1.12, chest_width=0.40, waist=0.40,
        legs=1.25, paws=1.45, neck_length=0.25, neck_top=0.30,
        head={"width": 0.44, "dome": 0.6, "muzzle_length": 0.3, "eye_size": 0.211, "eye_open": 0.82,
            "eye_color": (0.52, 0.64, 0.32)},
        ears={"length": 0.532, "width": 0.69, "place": (0.29, 0.27, 0.42), "rise": (0.38, 1.0, 0.0)},
        tail=Tail(length=0.9, root=0.05, tip=0.028, rise=-50, curl=70),
    ),
    breed(
        replace(SHORTHAIR, tail=LONG.tail), "mixed_kitten", 0.18, _TABBIES[:6] + _WHITE[:7] + _PLAIN[:4], length=1.06,
        chest_width=0.47, waist=0.46, rump=0.42, legs=1.4, paws=1.55, neck_length=0.26, neck_top=0.36, tousle=0.02,
        lock=0.14, ruff=0.02,
        head={"width": 0.49, "dome": 0.8, "muzzle_length": 0.28, "cheek": 1.1, "eye_size": 0.215, "eye_open": 0.86,
            "eye_y": 0.07, "eye_color": (0.40, 0.56, 0.60), "pupil": (0.25, 0.85)},
        ears={"length": 0.475, "width": 0.644, "place": (0.30, 0.26, 0.42), "rise": (0.45, 1.0, 0.0)},
        tail={"length": 0.72, "brush": 0.04},
    ),
)  # fmt: skip

CATS = PEDIGREES | builders(_MIXED)
"""Builders of cats by id."""
