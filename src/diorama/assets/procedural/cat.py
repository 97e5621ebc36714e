"""Cats of breeds: a row of measures each, as its difference from a build; those of none are in cats_mixed.py."""

from dataclasses import replace

from diorama.assets.procedural.dogs_parts import breed, builders
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail

_GREEN, _GOLD, _COPPER, _BLUE, _AQUA, _HAZEL = (
    (0.40, 0.68, 0.16), (0.90, 0.72, 0.10), (0.90, 0.40, 0.04), (0.18, 0.50, 0.90), (0.32, 0.76, 0.72),
    (0.72, 0.72, 0.18),
)  # fmt: skip

SHORTHAIR = Anatomy(
    id="cat/shorthair",
    species="cat",
    height=0.27,
    length=1.20,
    elbow=0.47,
    chest_depth=0.50,
    chest_width=0.42,
    belly=0.44,
    waist=0.42,
    rump=0.38,
    croup=1.0,
    neck_length=0.26,
    neck_angle=50,
    neck_base=0.38,
    neck_top=0.28,
    front_stance=0.12,
    hind_stance=0.12,
    legs=1.2,
    paws=1.35,
    muscle=0.85,
    forechest=0.4,
    blades=0.8,
    pouch=0.03,
    fur=0.7,
    head=Head(
        width=0.37, skull_length=0.80, skull_height=0.82, crown=0.43, cheek=1.2, brow=0.36, dome=0.3,
        muzzle_length=0.32, muzzle_base=0.46, muzzle_tip=0.36, muzzle_depth=0.36, muzzle_drop=0.05, pads=1.0,
        flews=0.0, chin=1.2, nose=0.145,
        nose_color=(0.30, 0.10, 0.085), pitch=12, socket=0.1, eye_x=0.208, eye_y=0.09, eye_size=0.211, eye_open=0.74,
        eye_slant=15, eye_yaw=19, eye_color=_HAZEL, pupil=(0.15, 0.9), eye_rim=0.14,
    ),
    ears=Ears(
        length=0.427, width=0.621, place=(0.275, 0.27, 0.42), rise=(0.32, 1.0, 0.0), face=(0.62, 0.0, 0.78), cup=0.7,
        outline=(0.95, 0.96, 0.72, 0.40, 0.2), furnish=1.3, thickness=0.04,
    ),
    tail=Tail(length=0.95, root=0.060, tip=0.040, rise=-55, curl=75, root_height=0.82),
)  # fmt: skip

COBBY = replace(
    SHORTHAIR, length=1.12, elbow=0.44, chest_depth=0.55, chest_width=0.50, belly=0.40, waist=0.48, rump=0.44,
    neck_length=0.22, neck_top=0.34, legs=1.45, paws=1.5, fur=0.9,
    head=replace(
        SHORTHAIR.head, width=0.415, cheek=1.4, dome=0.7, muzzle_length=0.27, muzzle_tip=0.40, eye_open=0.9,
        eye_slant=5, eye_size=0.219, eye_color=_COPPER, pupil=(0.21, 0.85),
    ),
    ears=replace(SHORTHAIR.ears, length=0.323, width=0.506, place=(0.32, 0.26, 0.42), rise=(0.5, 1.0, 0.0)),
    tail=Tail(length=0.80, root=0.075, tip=0.06, rise=-50, curl=60),
)  # fmt: skip
"""Short, broad and round."""

_FOREIGN = replace(
    SHORTHAIR, height=0.29, elbow=0.51, chest_width=0.34, chest_depth=0.46, belly=0.52, waist=0.30, rump=0.30,
    neck_length=0.34, neck_angle=56, neck_base=0.30, neck_top=0.21, legs=1.0, paws=1.15, fur=0.3,
    head=replace(
        SHORTHAIR.head, width=0.33, skull_length=0.86, crown=0.40, skull_height=0.76, cheek=0.95, dome=0.1, brow=0.24,
        muzzle_length=0.38, muzzle_base=0.42, muzzle_tip=0.32, muzzle_drop=0.07, eye_slant=20, eye_open=0.68,
    ),
    ears=replace(
        SHORTHAIR.ears, length=0.57, width=0.736, place=(0.29, 0.22, 0.42), rise=(0.45, 1.0, 0.0), furnish=0.5,
    ),
    tail=Tail(length=1.08, root=0.048, tip=0.022, rise=-50, curl=60),
)  # fmt: skip
"""Tall, slender and angular."""

LONG = replace(
    SHORTHAIR, chest_width=0.45, waist=0.45, rump=0.43, legs=1.3, paws=1.4, ruff=0.05, skirt=0.055, feathers=0.015,
    tousle=0.035, lock=0.2, head=replace(SHORTHAIR.head, tufts=0.7), ears=replace(SHORTHAIR.ears, furnish=1.8),
    tail=Tail(length=0.95, root=0.06, tip=0.05, brush=0.075, rise=-45, curl=60),
)  # fmt: skip
"""With a long coat."""

_FLAT = replace(
    COBBY.head, width=0.43, skull_length=0.74, dome=0.7, cheek=1.55, muzzle_length=0.13, muzzle_drop=-0.07,
    muzzle_tip=0.46, chin=1.1, brow=0.6, socket=0.2, eye_y=0.04, eye_x=0.215, eye_size=0.22, eye_open=0.86,
    eye_slant=-3, folds=0.7, nose=0.15, pitch=8,
)  # fmt: skip
"""A face without a bridge, the nose between the eyes."""

_POINTS = ("seal point", "blue point", "chocolate point", "lilac point", "red point", "lynx point")

PEDIGREES = builders((
    breed(SHORTHAIR, "shorthair", 0.27, ("brown tabby", "black", "ginger tabby", "tuxedo", "tabby and white", "calico",
          "tortoiseshell", "silver tabby", "white", "ginger and white", "blue", "blue and white")),
    breed(LONG, "longhair", 0.27, ("brown tabby", "tuxedo", "black", "ginger tabby", "tortoiseshell and white",
          "grey and white", "white", "calico", "blue tabby and white")),
    breed(
        SHORTHAIR, "kitten", 0.16, ("brown tabby", "black", "ginger tabby", "calico", "tabby and white", "tuxedo",
        "blue"), length=1.05, chest_width=0.48, waist=0.46, rump=0.42, legs=1.4, paws=1.6, neck_length=0.26,
        neck_top=0.36, fur=1.0, tousle=0.012, lock=0.12,
        head={"width": 0.52, "dome": 1.0, "muzzle_length": 0.26, "cheek": 1.1, "eye_size": 0.232, "eye_open": 0.86,
            "eye_y": 0.05, "eye_color": (0.32, 0.52, 0.72), "pupil": (0.25, 0.85), "crown": 0.45},
        ears={"length": 0.418, "width": 0.575, "place": (0.30, 0.26, 0.42), "rise": (0.5, 1.0, 0.0)},
        tail={"length": 0.75, "root": 0.075, "tip": 0.03},
    ),
    breed(
        LONG, "kitten_longhair", 0.16, ("grey and white", "brown tabby", "cream tabby", "tortoiseshell", "black"),
        length=1.05, chest_width=0.46, waist=0.44, rump=0.42, legs=1.4, paws=1.5, neck_length=0.26, neck_top=0.36,
        ruff=0.06, head={"width": 0.50, "dome": 1.0, "muzzle_length": 0.25, "eye_size": 0.228, "eye_open": 0.86,
            "eye_y": 0.05, "eye_color": (0.32, 0.52, 0.72), "pupil": (0.25, 0.85)},
        tail={"length": 0.7, "brush": 0.09},
    ),
    breed(
        _FOREIGN, "siamese", 0.28, _POINTS, head={"muzzle_length": 0.38, "skull_length": 0.88, "cheek": 0.85,
            "zygoma": 0.94, "muzzle_base": 0.38, "muzzle_tip": 0.30, "eye_slant": 27, "eye_open": 0.62,
            "eye_color": _BLUE, "nose_color": (0.03, 0.02, 0.02), "muzzle_drop": 0.09, "brow": 0.18, "dome": 0.0},
        ears={"length": 0.665, "width": 0.76, "place": (0.32, 0.17, 0.40), "rise": (0.72, 1.0, 0.0)},
    ),
    breed(
        _FOREIGN, "oriental", 0.29, ("jet black", "chocolate", "lilac", "ticked tabby", "tortoiseshell", "white",
        "silver spotted tabby"), head={"muzzle_length": 0.37, "skull_length": 0.90, "cheek": 0.8, "zygoma": 0.92,
            "muzzle_base": 0.37, "muzzle_tip": 0.29, "eye_slant": 29, "eye_open": 0.6, "eye_color": _GREEN,
            "muzzle_drop": 0.10, "brow": 0.12, "dome": 0.0},
        ears={"length": 0.741, "width": 0.84, "place": (0.33, 0.14, 0.40), "rise": (0.85, 1.0, 0.0)},
    ),
    breed(
        replace(COBBY, head=_FLAT), "persian", 0.26, ("white", "cream", "blue", "black", "red", "silver tabby",
        "blue cream", "seal point"), ruff=0.085, skirt=0.10, feathers=0.03, tousle=0.045, lock=0.24, legs=1.5,
        neck_length=0.20, head={"tufts": 1.0},
        ears={"length": 0.257, "width": 0.391, "place": (0.37, 0.25, 0.40), "rise": (0.75, 1.0, 0.0), "furnish": 2.2},
        tail={"length": 0.70, "brush": 0.11},
    ),
    breed(
        replace(COBBY, head=_FLAT), "exotic", 0.26, ("blue", "cream and white", "ginger tabby", "silver tabby",
        "calico", "brown tabby"), tousle=0.012, lock=0.10, ruff=0.02,
        ears={"length": 0.275, "width": 0.414, "place": (0.36, 0.25, 0.40), "rise": (0.7, 1.0, 0.0)},
    ),
    breed(
        LONG, "maine_coon", 0.34, ("brown tabby", "brown classic tabby", "ginger classic tabby", "black",
        "silver tabby and white", "tabby and white"), length=1.28, legs=1.35, paws=1.5, ruff=0.075, skirt=0.06,
        tousle=0.045, neck_length=0.30,
        head={"width": 0.335, "skull_length": 0.86, "muzzle_length": 0.44, "muzzle_base": 0.50, "muzzle_tip": 0.42,
            "chin": 1.55, "cheek": 1.15, "brow": 0.54, "dome": 0.1, "eye_open": 0.7, "eye_slant": 17,
            "eye_color": _GOLD},
        ears={"length": 0.608, "width": 0.667, "place": (0.24, 0.30, 0.42), "rise": (0.18, 1.0, 0.0), "furnish": 2.2,
            "outline": (1.0, 0.95, 0.68, 0.34, 0.12)},
        tail={"length": 1.10, "brush": 0.10},
    ),
    breed(
        LONG, "norwegian_forest", 0.32, ("brown tabby", "tabby and white", "black", "blue tabby", "white",
        "tortoiseshell and white"), length=1.2, legs=1.35, ruff=0.08, skirt=0.065, feathers=0.025, tousle=0.045,
        head={"width": 0.35, "skull_length": 0.84, "muzzle_length": 0.4, "muzzle_base": 0.42, "muzzle_tip": 0.34,
            "cheek": 1.1, "brow": 0.18, "eye_slant": 20, "eye_color": _GREEN},
        ears={"length": 0.513, "width": 0.644, "place": (0.30, 0.25, 0.42), "rise": (0.42, 1.0, 0.0), "furnish": 2.1},
        tail={"length": 1.0, "brush": 0.10},
    ),
    breed(COBBY, "british", 0.28, ("blue", "silver tabby", "cream", "black", "lilac", "tabby and white",
          "blue and white"), head={"nose_color": (0.07, 0.06, 0.065)}),
    breed(
        COBBY, "scottish_fold", 0.27, ("blue", "silver tabby", "cream", "brown tabby", "blue and white", "lilac"),
        head={"eye_size": 0.241, "cheek": 1.35, "eye_color": _GOLD},
        ears={"length": 0.44, "width": 0.42, "place": (0.30, 0.30, 0.42), "rise": (0.5, 1.0, 0.1), "bend_at": 0.42,
            "face": (0.45, 0.0, 0.9),
            "bend": 105, "fold": (0.45, -0.5, 1.0), "cup": 0.12, "bare": 0.0, "furnish": 0.0, "thickness": 0.06,
            "outline": (0.9, 1.0, 0.9, 0.62, 0.34)},
    ),
    breed(
        LONG, "ragdoll", 0.30, ("seal point", "blue point", "seal point and white", "lynx point", "lilac point",
        "cream point"), length=1.26, chest_width=0.48, ruff=0.07, tousle=0.03,
        head={"width": 0.385, "cheek": 1.3, "muzzle_length": 0.31, "muzzle_tip": 0.38, "eye_color": _BLUE,
            "eye_size": 0.224, "eye_open": 0.8, "eye_slant": 10, "nose_color": (0.05, 0.035, 0.035)},
        ears={"length": 0.399, "width": 0.575, "place": (0.31, 0.26, 0.42), "rise": (0.45, 1.0, 0.0)},
    ),
    breed(
        SHORTHAIR, "bengal", 0.29, ("bengal", "brown spotted tabby", "silver spotted tabby"), length=1.27, muscle=1.15,
        neck_length=0.32, fur=0.3, head={"width": 0.325, "skull_length": 0.86, "cheek": 1.1, "muzzle_length": 0.37,
            "muzzle_base": 0.50, "muzzle_tip": 0.41, "chin": 1.4, "nose": 0.17, "eye_color": _GREEN},
        ears={"length": 0.399, "width": 0.575, "place": (0.28, 0.24, 0.40), "outline": (1.0, 1.0, 0.85, 0.58, 0.34)},
        tail={"length": 0.85, "root": 0.062, "tip": 0.045},
    ),
    breed(
        _FOREIGN, "abyssinian", 0.28, ("ruddy", "ticked tabby", "cinnamon", "fawn"), chest_width=0.36, waist=0.32,
        head={"width": 0.34, "muzzle_length": 0.34, "dome": 0.5, "eye_color": _GOLD, "eye_size": 0.224,
            "eye_slant": 18, "eye_open": 0.74, "eye_rim": 0.2},
        ears={"length": 0.589, "width": 0.713, "place": (0.29, 0.24, 0.42), "rise": (0.4, 1.0, 0.1)},
    ),
    breed(
        _FOREIGN, "sphynx", 0.28, ("fawn", "lilac", "apricot", "ivory", "slate", "piebald"), fur=0.0,
        belly=0.44, waist=0.36, pouch=0.03, chest_width=0.38,
        head={"width": 0.33, "cheek": 0.8, "zygoma": 1.08, "muzzle_length": 0.32, "muzzle_drop": 0.05, "folds": 1.0,
            "eye_size": 0.241, "eye_open": 0.76, "eye_color": _AQUA, "nose_color": (0.32, 0.14, 0.12)},
        ears={"length": 0.817, "width": 0.82, "place": (0.31, 0.18, 0.40), "rise": (0.5, 1.0, 0.1), "furnish": 0.0,
            "bare": 0.9, "inside": (0.52, 0.27, 0.22), "outline": (0.9, 1.05, 0.92, 0.56, 0.26)},
        tail={"length": 1.0, "root": 0.042, "tip": 0.014},
    ),
    breed(
        _FOREIGN, "devon_rex", 0.27, ("smoke", "white", "tortoiseshell", "cream", "blue", "seal point", "brown tabby"),
        fur=1.0, tousle=0.010, lock=0.05,
        head={"width": 0.35, "cheek": 0.9, "zygoma": 1.1, "muzzle_length": 0.27, "muzzle_tip": 0.34, "brow": 0.6,
            "dome": 0.8, "eye_size": 0.237, "eye_open": 0.8, "eye_slant": 16, "eye_color": _GREEN},
        ears={"length": 0.722, "width": 0.84, "place": (0.35, 0.10, 0.42), "rise": (0.85, 1.0, 0.0),
            "outline": (0.9, 1.05, 0.95, 0.60, 0.28)},
    ),
    breed(
        _FOREIGN, "russian_blue", 0.29, ("blue", "slate", "smoke"), chest_width=0.37, fur=0.7,
        head={"width": 0.335, "muzzle_length": 0.35, "muzzle_tip": 0.36, "eye_color": _GREEN, "eye_slant": 14,
            "eye_open": 0.78, "nose_color": (0.08, 0.075, 0.085)}, ears={"length": 0.532, "width": 0.667},
    ),
    breed(
        COBBY, "burmese", 0.27, ("chocolate", "mink", "blue", "lilac", "cinnamon"), chest_width=0.46, belly=0.44,
        waist=0.40, rump=0.40, legs=1.25, neck_length=0.25, neck_top=0.29, fur=0.2,
        head={"width": 0.375, "cheek": 1.2, "muzzle_length": 0.28, "eye_color": _GOLD, "eye_slant": 12,
            "eye_open": 0.82}, tail={"length": 0.85, "root": 0.055, "tip": 0.035},
    ),
    breed(
        replace(_FOREIGN, tail=LONG.tail), "turkish_angora", 0.29, ("white", "black", "cream", "red van", "van",
        "blue tabby and white"), ruff=0.05, skirt=0.045, tousle=0.03, lock=0.2, fur=0.9,
        head={"eye_color": _BLUE, "muzzle_length": 0.35, "tufts": 0.4}, ears={"furnish": 1.8},
        tail={"length": 1.05, "brush": 0.10},
    ),
    breed(
        COBBY, "manx", 0.27, ("brown tabby", "black", "tortoiseshell", "ginger tabby", "tabby and white"), croup=1.06,
        length=1.02, rump=0.48, neck_length=0.25, head={"width": 0.39, "eye_color": _GOLD, "eye_slant": 10},
        ears={"length": 0.399, "width": 0.552}, tail={"length": 0.06, "root": 0.06, "tip": 0.05},
    ),
))  # fmt: skip
"""Builders of breeds by id."""
