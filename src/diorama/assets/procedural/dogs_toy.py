"""Toy dogs and small companions."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    APPLE,
    BAT,
    FLAT,
    PLUMED,
    PRICK,
    SPANIEL,
    TOY,
    breed,
    builders,
)

_SHAGGY = replace(
    TOY, length=1.12, elbow=0.44, chest_width=0.38, neck_length=0.34, ruff=0.05, skirt=0.09, trousers=0.05,
    tousle=0.026, lock=0.22, ears=replace(SPANIEL, length=0.85, width=0.6, place=(0.38, 0.20, 0.34)), tail=PLUMED,
    head=replace(APPLE, width=0.36, muzzle_length=0.50, topknot=0.8, beard=1.0, tufts=1.0, nose=0.2, eye_size=0.168),
)  # fmt: skip

BREEDS = builders((
    breed(
        TOY, "chihuahua", 0.19, ("fawn", "black and tan", "red", "white", "chocolate and tan", "cream and white",
            "fawn mask"), neck_length=0.34, chest_width=0.34, legs=1.1,
        head={"width": 0.385, "eye_size": 0.2, "muzzle_length": 0.42}, ears=replace(BAT, length=0.72, width=0.56,
            rise=(0.55, 1.0, 0.0), outline=(0.85, 1.0, 0.85, 0.52, 0.26)),
    ),
    breed(
        _SHAGGY, "yorkshire_terrier", 0.20, ("blue and tan", "grizzle", "black and tan"), tail={"length": 0.34},
        ears=replace(PRICK, length=0.50, width=0.41), head={"topknot": 0.3},
    ),
    breed(
        _SHAGGY, "bichon", 0.27, ("white", "ivory", "apricot"), length=1.04, ruff=0.06, skirt=0.06, trousers=0.06,
        tousle=0.03, lock=0.10, hair="curly", ears={"length": 0.66, "thickness": 0.2},
        head={"width": 0.34, "topknot": 1.5, "tufts": 1.5},
    ),
    breed(
        _SHAGGY, "shih_tzu", 0.25, ("lemon and white", "black and white", "wheaten", "grey and white",
            "blue and white"), length=1.18, elbow=0.41, head=replace(FLAT, width=0.38, muzzle_length=0.18,
            topknot=0.8, beard=0.9, tufts=1.2),
    ),
))  # fmt: skip
