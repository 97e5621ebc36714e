"""Coat colours of real cats and dogs, linear RGB, measured by eye against daylight photographs."""

from diorama.assets.subject import Coat

_WHITE = (0.80, 0.77, 0.72)
_CREAM = (0.66, 0.54, 0.38)
_BLACK = (0.011, 0.010, 0.010)

CATS: dict[str, Coat] = {
    coat.name: coat
    for coat in (
        Coat("black", _BLACK, mark=(0.006, 0.005, 0.005), mark_amount=0.5),
        Coat("white", _WHITE),
        Coat("cream", (0.62, 0.45, 0.27), mark=(0.52, 0.31, 0.14), mark_amount=0.6, white_amount=0.14, white=_WHITE),
        Coat("blue", (0.12, 0.125, 0.14), mark=(0.09, 0.094, 0.108), mark_amount=0.5),
        Coat("blue and white", (0.13, 0.13, 0.14), white=_WHITE, white_amount=0.40),
        Coat(
            "ginger tabby",
            (0.58, 0.33, 0.14),
            mark=(0.40, 0.16, 0.045),
            mark_amount=0.9,
            white_amount=0.14,
            white=(0.78, 0.66, 0.5),
        ),
        Coat(
            "brown tabby",
            (0.25, 0.17, 0.10),
            mark=(0.022, 0.017, 0.013),
            mark_amount=0.9,
            white_amount=0.13,
            white=(0.58, 0.48, 0.36),
        ),
        Coat(
            "silver tabby",
            (0.42, 0.41, 0.39),
            mark=(0.03, 0.03, 0.032),
            mark_amount=0.88,
            white_amount=0.14,
            white=(0.72, 0.7, 0.68),
        ),
        Coat("tuxedo", _BLACK, white=_WHITE, white_amount=0.38),
        Coat(
            "tabby and white",
            (0.24, 0.165, 0.10),
            mark=(0.02, 0.016, 0.013),
            mark_amount=0.9,
            white=_WHITE,
            white_amount=0.42,
        ),
        Coat(
            "ginger and white",
            (0.56, 0.31, 0.13),
            mark=(0.40, 0.16, 0.045),
            mark_amount=0.85,
            white=_WHITE,
            white_amount=0.42,
        ),
        Coat(
            "calico", (0.45, 0.18, 0.05), patch=(0.014, 0.012, 0.011), patch_amount=0.5, white=_WHITE, white_amount=0.48
        ),
        Coat("tortoiseshell", (0.28, 0.11, 0.03), patch=(0.014, 0.012, 0.011), patch_amount=0.6),
        Coat("seal point", (0.60, 0.49, 0.36), point=(0.028, 0.018, 0.013), point_amount=0.95),
        Coat("red point", (0.68, 0.56, 0.42), point=(0.44, 0.20, 0.07), point_amount=0.85),
        Coat("blue point", (0.64, 0.60, 0.55), point=(0.14, 0.14, 0.16), point_amount=0.9),
    )
}

DOGS: dict[str, Coat] = {
    coat.name: coat
    for coat in (
        Coat("black", _BLACK, white=_WHITE, white_amount=0.05),
        Coat("white", (0.78, 0.73, 0.65)),
        Coat("yellow", (0.58, 0.41, 0.22), white=(0.70, 0.57, 0.39), white_amount=0.25),
        Coat("golden", (0.48, 0.28, 0.115), white=(0.56, 0.36, 0.17), white_amount=0.25),
        Coat("red", (0.27, 0.10, 0.03), mark=(0.10, 0.035, 0.012), mark_amount=0.4),
        Coat("chocolate", (0.058, 0.024, 0.011)),
        Coat("apricot", (0.50, 0.28, 0.13)),
        Coat("wheaten", (0.52, 0.36, 0.19)),
        Coat("grey", (0.15, 0.145, 0.145), white=(0.42, 0.40, 0.38), white_amount=0.3),
        Coat("fawn", (0.43, 0.26, 0.12), point=(0.02, 0.015, 0.013), point_amount=0.9),
        Coat(
            "fawn and white",
            (0.43, 0.24, 0.10),
            point=(0.03, 0.02, 0.016),
            point_amount=0.6,
            white=_WHITE,
            white_amount=0.40,
        ),
        Coat(
            "brindle",
            (0.24, 0.115, 0.045),
            mark=(0.014, 0.011, 0.01),
            mark_amount=0.95,
            point=(0.015, 0.012, 0.01),
            point_amount=0.9,
            white=_WHITE,
            white_amount=0.16,
        ),
        Coat("piebald", _WHITE, patch=(0.20, 0.09, 0.035), patch_amount=0.32),
        Coat(
            "saddle",
            (0.37, 0.20, 0.085),
            patch=(0.013, 0.011, 0.010),
            patch_amount=0.52,
            point=(0.02, 0.015, 0.012),
            point_amount=0.95,
        ),
        Coat(
            "sable",
            (0.24, 0.145, 0.07),
            mark=(0.02, 0.016, 0.013),
            mark_amount=0.9,
            point=(0.02, 0.015, 0.012),
            point_amount=0.9,
        ),
        Coat(
            "sable and white",
            (0.40, 0.19, 0.065),
            mark=(0.04, 0.02, 0.012),
            mark_amount=0.7,
            white=_WHITE,
            white_amount=0.46,
        ),
        Coat(
            "red and white",
            (0.42, 0.18, 0.055),
            mark=(0.24, 0.09, 0.03),
            mark_amount=0.6,
            white=(0.76, 0.68, 0.56),
            white_amount=0.36,
        ),
        Coat(
            "wolf grey",
            (0.20, 0.17, 0.14),
            mark=(0.03, 0.027, 0.026),
            mark_amount=0.9,
            white=(0.62, 0.57, 0.5),
            white_amount=0.42,
        ),
        Coat("husky", (0.10, 0.10, 0.105), mark=(0.018, 0.018, 0.02), mark_amount=0.9, white=_WHITE, white_amount=0.48),
        Coat("black and tan", _BLACK, point=(0.34, 0.145, 0.04), point_amount=0.95),
        Coat("chocolate and tan", (0.05, 0.022, 0.011), point=(0.37, 0.20, 0.085), point_amount=0.95),
        Coat(
            "tricolour",
            (0.38, 0.17, 0.055),
            patch=(0.013, 0.011, 0.010),
            patch_amount=0.50,
            white=_WHITE,
            white_amount=0.40,
        ),
        Coat("tricoloured", _BLACK, point=(0.34, 0.145, 0.04), point_amount=0.95, white=_WHITE, white_amount=0.40),
        Coat("lemon and white", (0.50, 0.27, 0.10), white=_WHITE, white_amount=0.48),
        Coat("black and white", _BLACK, white=_WHITE, white_amount=0.47),
        Coat(
            "merle",
            (0.20, 0.21, 0.23),
            patch=(0.02, 0.02, 0.022),
            patch_amount=0.42,
            point=(0.34, 0.16, 0.05),
            point_amount=0.7,
            white=_WHITE,
            white_amount=0.42,
        ),
    )
}
