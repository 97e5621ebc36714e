"""Mongrels and puppies, which most dogs in photographs are."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import (
    APPLE,
    BUTTON,
    DROP,
    FLAG,
    GAY,
    HEAD,
    HOUND,
    HUNTER,
    PRICK,
    SABRE,
    SHEPHERD,
    SICKLE,
    SPANIEL,
    TERRIER,
    WEDGE,
    breed,
    builders,
)

_PUPPY = replace(
    HUNTER, length=1.02, elbow=0.44, chest_width=0.40, chest_depth=0.52, belly=0.44, waist=0.36, rump=0.36,
    neck_length=0.32, neck_angle=58, neck_base=0.38, neck_top=0.29, legs=1.55, paws=1.75, muscle=0.95,
    front_stance=0.13, hind_stance=0.12, forechest=0.7, tail=replace(SICKLE, length=0.42, root=0.05),
    head=replace(HEAD, width=0.36, skull_height=0.76, cheek=1.1, muzzle_length=0.58, muzzle_depth=0.46,
        muzzle_tip=0.42, flews=0.2, brow=0.3, dome=0.5, eye_size=0.156),
)  # fmt: skip

BREEDS = builders((
    breed(
        SHEPHERD, "mixed_shepherd", 0.56, ("saddle", "black and tan", "sable", "black", "red mask", "white chest"),
        croup=0.97, hock=0.02, ears=replace(BUTTON, length=0.66, bend_at=0.5),
        head=replace(WEDGE, width=0.225, muzzle_length=0.86, eye_color=(0.12, 0.055, 0.016)),
    ),
    breed(
        HUNTER, "mixed_labrador", 0.54, ("black", "white chest", "golden", "brindle", "red", "cream",
            "black and white", "chocolate"), chest_width=0.29, belly=0.55, waist=0.23, legs=1.0,
        tail=replace(SABRE, brush=0.01, plume=0.0, rise=20),
        ears=replace(BUTTON, length=0.70, bend_at=0.28, width=0.54), head=replace(HEAD, muzzle_length=0.90, flews=0.2,
            eye_color=(0.16, 0.075, 0.020)),
    ),
    breed(
        HUNTER, "mixed_hound", 0.50, ("piebald", "tricolour", "red", "lemon and white", "black piebald",
            "liver and white"), chest_width=0.28, legs=1.0, ears=replace(HOUND, length=0.85), tail=GAY,
    ),
    breed(
        TERRIER, "mixed_scruffy", 0.42, ("grey", "wheaten", "black", "saddle", "apricot", "white chest",
            "black and tan"), trousers=0.02, skirt=0.03, ruff=0.025, tousle=0.024, lock=0.13, hair="wire",
        ears=replace(BUTTON, length=0.6, thickness=0.1), tail=replace(FLAG, rise=25), head=replace(HEAD, width=0.25,
            beard=1.1, topknot=0.6, tufts=0.5, muzzle_length=0.76),
    ),
    breed(
        TERRIER, "mixed_shaggy", 0.46, ("grey and white", "black", "grizzle", "black and white", "wheaten",
            "chocolate", "salt and pepper"), chest_width=0.35, trousers=0.04, skirt=0.06, ruff=0.05, tousle=0.026,
        lock=0.2, ears=replace(SPANIEL, length=0.9), tail=replace(FLAG, rise=30, curl=90),
        head=replace(HEAD, width=0.27, beard=1.2, topknot=1.0, tufts=1.0),
    ),
    breed(
        TERRIER, "mixed_small", 0.30, ("black and tan", "black", "fawn", "tricoloured", "cream", "black and white",
            "red"), length=1.12, elbow=0.46, chest_width=0.34, ears=replace(PRICK, length=0.6, width=0.53),
        tail=SICKLE, head=replace(APPLE, width=0.30, skull_height=0.70, muzzle_length=0.66),
    ),
    breed(
        _PUPPY, "puppy", 0.28, ("yellow", "black", "chocolate", "golden", "red mask", "black and tan", "white chest"),
    ),
    breed(
        _PUPPY, "puppy_hound", 0.26, ("tricolour", "piebald", "brindle", "lemon and white", "black piebald",
            "tricoloured"), ears=replace(HOUND, length=0.9),
    ),
    breed(
        _PUPPY, "puppy_shaggy", 0.26, ("black", "grey", "black and white", "wheaten", "chocolate", "merle"), ruff=0.04,
        skirt=0.05, trousers=0.035, tousle=0.026, lock=0.16, ears=replace(DROP, length=0.7, thickness=0.14, bare=0),
        head={"topknot": 0.6, "beard": 0.6, "tufts": 0.8},
    ),
))  # fmt: skip
