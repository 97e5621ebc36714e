"""Terriers and schnauzers."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    CARROT,
    DOCKED,
    HEAD,
    PRICK,
    TERRIER,
    breed,
    builders,
)

_WIRE = replace(
    TERRIER, ruff=0.012, skirt=0.012, trousers=0.018, tousle=0.016, lock=0.09, hair="wire",
    head=replace(TERRIER.head, beard=1.0, skull_height=0.60),
)  # fmt: skip

_SMALL = replace(
    TERRIER, length=1.10, elbow=0.43, chest_width=0.39, belly=0.45, waist=0.35, rump=0.36, neck_length=0.34,
    neck_base=0.40, neck_top=0.28, legs=1.5, paws=1.5, ruff=0.035, skirt=0.055, trousers=0.03, tousle=0.024, lock=0.15,
    ears=replace(PRICK, length=0.46, width=0.46, rise=(0.4, 1.0, 0.0)), head=replace(HEAD, width=0.36,
        skull_height=0.74, cheek=1.15, muzzle_length=0.60, muzzle_depth=0.44, muzzle_base=0.50, muzzle_tip=0.42,
        flews=0.0, beard=1.0, brow=0.5, nose=0.22, eye_size=0.148, tufts=0.7),
)  # fmt: skip

BREEDS = builders((
    breed(
        _WIRE, "airedale", 0.58, ("saddle", "black and tan"), chest_width=0.26, neck_length=0.44, legs=1.15,
        head={"width": 0.18, "skull_length": 1.15, "muzzle_length": 1.15, "muzzle_base": 0.56, "muzzle_tip": 0.5},
        ears={"length": 0.85, "width": 0.6, "place": (0.36, 0.36, 0.36)},
    ),
    breed(
        TERRIER, "jack_russell", 0.30, ("piebald", "tricolour", "lemon and white", "black piebald", "pale tricolour"),
        length=1.05, elbow=0.48, chest_width=0.32, legs=1.2, paws=1.3, head={"width": 0.29, "muzzle_length": 0.78},
    ),
    breed(_SMALL, "westie", 0.27, ("white", "ivory")),
    breed(
        _SMALL, "cairn_terrier", 0.29, ("wheaten", "grey", "brindle", "red sable", "black and silver"), length=1.15,
        skirt=0.035, head={"width": 0.33, "muzzle_length": 0.66, "tufts": 0.4}, ears={"length": 0.54},
    ),
    breed(
        _WIRE, "schnauzer_miniature", 0.33, ("salt and pepper", "black", "black and silver", "white"),
        chest_width=0.33, trousers=0.035, skirt=0.035, head={"width": 0.27, "muzzle_length": 0.86, "beard": 1.6},
        tail=replace(CARROT, length=0.3),
    ),
    breed(
        TERRIER, "miniature_pinscher", 0.29, ("black and tan", "red", "chocolate and tan"), chest_width=0.27,
        belly=0.6, waist=0.22, legs=0.95, paws=1.05, neck_length=0.44, tail=DOCKED, head={"width": 0.255,
            "muzzle_length": 0.88, "muzzle_tip": 0.34, "muzzle_base": 0.46, "eye_size": 0.168},
        ears=replace(PRICK, length=0.72),
    ),
))  # fmt: skip
