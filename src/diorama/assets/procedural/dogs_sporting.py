"""Gun dogs: retrievers, setters, spaniels, pointers."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import DROP, FLAG, HEAD, HUNTER, SPANIEL, TERRIER, breed, builders

_LEAN = replace(
    HUNTER, chest_depth=0.54, chest_width=0.28, belly=0.58, waist=0.22, rump=0.245, neck_length=0.44, neck_angle=55,
    neck_base=0.31, neck_top=0.175, legs=0.98, paws=1.05, head=replace(HEAD, width=0.195, skull_length=1.05,
        muzzle_length=1.05, muzzle_depth=0.52, brow=0.65),
    ears=replace(DROP, length=1.0, width=0.62, place=(0.36, 0.18, 0.34)),
)  # fmt: skip

_SPANIEL = replace(
    HUNTER, length=1.05, chest_width=0.33, belly=0.50, neck_angle=57, feathers=0.03, skirt=0.025, ruff=0.012, legs=1.2,
    paws=1.3, tousle=0.012, lock=0.15, ears=SPANIEL, tail=replace(FLAG, length=0.34, plume=0.05, rise=5),
    head=replace(HEAD, width=0.25, skull_height=0.68, brow=0.9, muzzle_length=0.78, flews=0.5, eye_size=0.16),
)  # fmt: skip

LABRADOR = breed(HUNTER, "labrador", 0.57, ("yellow", "black", "chocolate", "cream", "red"))

BREEDS = builders((
    LABRADOR,
    breed(
        HUNTER, "golden_retriever", 0.57, ("golden", "yellow", "red", "cream"), tail=FLAG, feathers=0.035, skirt=0.035,
        ruff=0.03, tousle=0.014, lock=0.18, head={"muzzle_length": 0.86, "brow": 0.85},
        ears={"length": 0.74, "thickness": 0.09, "bare": 0.0},
    ),
    breed(
        _LEAN, "weimaraner", 0.64, ("grey", "isabella", "blue"), head={"eye_color": (0.30, 0.22, 0.09)},
        tail=replace(HUNTER.tail, length=0.34),
    ),
    breed(
        _LEAN, "dalmatian", 0.58, ("dalmatian", "liver dalmatian"), chest_width=0.29, neck_base=0.32,
        head={"width": 0.205, "muzzle_length": 0.92}, ears={"length": 0.80},
        tail={"length": 0.62, "rise": -15, "curl": 45},
    ),
    breed(
        _SPANIEL, "cocker_spaniel", 0.39, ("golden", "black", "red", "black and tan", "lemon and white",
            "blue belton", "chocolate and white"), feathers=0.045, skirt=0.05, ears={"length": 1.25, "width": 0.74},
    ),
    breed(
        _SPANIEL, "springer_spaniel", 0.50, ("liver and white", "black piebald", "liver roan", "tricoloured"),
        head={"width": 0.225, "muzzle_length": 0.90, "eye_color": (0.11, 0.050, 0.016)},
    ),
    breed(
        TERRIER, "poodle", 0.50, ("black", "white", "apricot", "grey", "chocolate", "black and white"), neck_angle=66,
        trousers=0.035, ruff=0.03, skirt=0.03, tousle=0.022, lock=0.07, hair="curly", legs=1.0,
        tail={"length": 0.40, "root": 0.04, "tip": 0.085, "brush": 0.02}, ears=replace(SPANIEL, length=1.0,
            thickness=0.18, place=(0.40, 0.16, 0.36)), head={"width": 0.20, "skull_height": 0.70,
            "muzzle_length": 1.08, "muzzle_depth": 0.42, "muzzle_base": 0.44, "muzzle_tip": 0.34, "eye_size": 0.16,
            "topknot": 1.0},
    ),
    breed(
        TERRIER, "poodle_toy", 0.28, ("apricot", "white", "black", "grey", "red", "cream"), neck_angle=66,
        trousers=0.055, ruff=0.045, skirt=0.045, tousle=0.030, lock=0.09, hair="curly", legs=1.0, paws=1.2,
        tail={"length": 0.34, "root": 0.05, "tip": 0.10, "brush": 0.02}, ears=replace(SPANIEL, length=0.9,
            thickness=0.22, place=(0.42, 0.16, 0.36)), head={"width": 0.27, "skull_height": 0.76,
            "muzzle_length": 0.72, "muzzle_depth": 0.42, "muzzle_base": 0.46, "muzzle_tip": 0.36, "eye_size": 0.176,
            "topknot": 1.2},
    ),
))  # fmt: skip
