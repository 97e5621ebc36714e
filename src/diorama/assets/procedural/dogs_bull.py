"""Bulldogs, bull terriers and their flat-faced kin."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    BAT,
    BULL,
    BUTTON,
    CURLED,
    FLAT,
    PRICK,
    ROSE,
    SCREW,
    breed,
    builders,
)

_FLAT = replace(BULL, head=FLAT, tail=SCREW)

BREEDS = builders((
    breed(
        _FLAT, "bulldog", 0.36, ("fawn and white", "brindle and white", "piebald", "white", "red mask"), length=1.12,
        elbow=0.41, chest_depth=0.64, chest_width=0.62, belly=0.46, waist=0.42, rump=0.42, front_stance=0.22,
        hind_stance=0.15, neck_length=0.28, neck_angle=42, neck_base=0.54, neck_top=0.44, legs=1.75, paws=1.65,
        dewlap=0.05, head={"width": 0.47, "flews": 0.55, "muzzle_base": 0.70, "muzzle_tip": 0.64, "cheek": 1.3,
            "folds": 0.8, "underbite": 0.03}, ears=replace(ROSE, length=0.38, width=0.32),
    ),
    breed(
        _FLAT, "french_bulldog", 0.31, ("fawn mask", "brindle", "black piebald", "blue", "cream"), elbow=0.43,
        chest_depth=0.58, chest_width=0.52, belly=0.48, waist=0.37, rump=0.37, front_stance=0.18, neck_length=0.32,
        neck_angle=54, neck_base=0.46, neck_top=0.38, legs=1.6, paws=1.5, head={"width": 0.43},
        ears=replace(BAT, length=0.56),
    ),
    breed(
        _FLAT, "boston_terrier", 0.40, ("tuxedo", "brindle and white", "black and white"), chest_width=0.36,
        belly=0.56, waist=0.28, rump=0.30, front_stance=0.13, neck_length=0.38, neck_angle=60, neck_base=0.36,
        neck_top=0.25, legs=1.15, paws=1.2, muscle=1.1,
        head={"width": 0.315, "eye_size": 0.176, "flews": 0.2, "folds": 0.0}, ears=replace(PRICK, length=0.56),
    ),
    breed(
        _FLAT, "pug", 0.29, ("fawn mask", "black", "silver mask", "apricot mask"), chest_width=0.48, belly=0.46,
        waist=0.40, rump=0.40, front_stance=0.15, neck_length=0.32, neck_angle=56, neck_base=0.46, neck_top=0.36,
        legs=1.4, paws=1.35, elbow=0.45, dewlap=0.02, head={"width": 0.42, "eye_size": 0.184, "muzzle_length": 0.16,
            "folds": 1.0}, ears=replace(BUTTON, length=0.42, width=0.40, place=(0.36, 0.22, 0.34)),
        tail=replace(CURLED, length=0.40, brush=0.01, curl=290, lean=50),
    ),
    breed(
        BULL, "bull_terrier", 0.50, ("white", "piebald", "brindle and white", "tricoloured"), chest_width=0.40,
        legs=1.25, neck_length=0.40, neck_angle=56, head={"width": 0.27, "skull_length": 1.1, "muzzle_length": 0.95,
            "brow": 0.1, "muzzle_depth": 0.56, "muzzle_base": 0.66, "muzzle_tip": 0.44, "muzzle_drop": 0.14,
            "arch": 0.10, "cheek": 1.15, "eye_size": 0.12, "eye_open": 0.6, "eye_slant": 22},
        ears=replace(PRICK, length=0.52, width=0.39),
    ),
    breed(BULL, "staffordshire", 0.38, ("brindle", "blue", "black", "red", "fawn and white", "white chest")),
    breed(
        BULL, "pit_bull", 0.48, ("blue and white", "fawn and white", "brindle and white", "red", "black piebald",
            "white chest"), chest_width=0.38, belly=0.55, waist=0.28, neck_length=0.39, neck_base=0.40, neck_top=0.29,
        legs=1.15, front_stance=0.14, head={"width": 0.29, "cheek": 1.35, "muzzle_length": 0.62,
            "eye_color": (0.17, 0.095, 0.030)},
    ),
))  # fmt: skip
