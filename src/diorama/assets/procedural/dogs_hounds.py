"""Hounds: those that follow a scent and those that follow with their eyes."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    GAY,
    HEAD,
    HOUND,
    HUNTER,
    LOW,
    SICKLE,
    SIGHTHOUND,
    SPANIEL,
    breed,
    builders,
)

_SCENT = replace(
    HUNTER, neck_base=0.33, ears=HOUND, tail=GAY, dewlap=0.012, head=replace(HEAD, width=0.22, skull_height=0.66,
        muzzle_length=0.92, muzzle_depth=0.54, flews=0.6, brow=0.7),
)  # fmt: skip

DACHSHUND = breed(
    LOW, "dachshund", 0.23, ("black and tan", "red", "chocolate and tan", "dapple", "brindle"), head=replace(HEAD,
        width=0.36, skull_height=0.62, muzzle_length=1.12, muzzle_depth=0.42, muzzle_base=0.46, muzzle_tip=0.33,
        flews=0.15, brow=0.4, nose=0.20, eye_size=0.16), ears=replace(HOUND, length=0.95, width=0.58, place=(0.37,
        0.20, 0.30)),
)  # fmt: skip

BREEDS = builders((
    breed(
        _SCENT, "beagle", 0.37, ("tricolour", "lemon and white", "pale tricolour"), length=1.10, elbow=0.46,
        chest_depth=0.55, chest_width=0.36, belly=0.48, waist=0.30, legs=1.2, paws=1.3, head={"width": 0.29,
            "muzzle_length": 0.74, "muzzle_depth": 0.48, "eye_size": 0.156},
    ),
    breed(
        _SCENT, "coonhound", 0.65, ("black and tan", "red", "tricolour", "blue belton"), belly=0.57, waist=0.24,
        chest_width=0.28, legs=1.0, head={"width": 0.205, "muzzle_length": 1.0}, ears={"length": 1.3},
    ),
    breed(
        LOW, "basset", 0.35, ("tricolour", "lemon and white", "red and white"), length=1.70, chest_width=0.44,
        elbow=0.30, legs=1.9, paws=1.9, dewlap=0.05, tail=replace(GAY, length=0.75, root=0.055),
        head=replace(_SCENT.head, width=0.33, skull_height=0.74, muzzle_length=1.05, muzzle_depth=0.58, flews=1.0,
            eye_y=0.12, eye_slant=-8, eye_droop=0.35),
        ears=replace(HOUND, length=1.5, width=0.66, place=(0.37, 0.02, 0.30)),
    ),
    DACHSHUND,
    breed(
        SIGHTHOUND, "greyhound", 0.72, ("brindle", "black", "fawn", "blue", "brindle piebald", "white"),
        head={"width": 0.165},
    ),
    breed(
        SIGHTHOUND, "whippet", 0.48, ("fawn and white", "blue", "brindle", "piebald", "brindle and white"), arch=0.035,
        chest_width=0.26, neck_length=0.48, head={"width": 0.19, "muzzle_length": 1.05, "eye_size": 0.168},
    ),
    breed(
        SIGHTHOUND, "afghan", 0.70, ("golden", "black and tan", "cream mask", "black"), arch=0.0, belly=0.6,
        head={"width": 0.17, "topknot": 0.8}, ears=replace(SPANIEL, length=1.5, width=0.85, thickness=0.2), ruff=0.05,
        skirt=0.07, trousers=0.05, tousle=0.022, lock=0.3,
        tail=replace(SICKLE, length=0.6, root=0.035, curl=200, plume=0.02),
    ),
))  # fmt: skip
