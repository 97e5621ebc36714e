"""Coat colours of real cats and dogs, linear RGB."""

from diorama.assets.subject import Coat

CATS: dict[str, Coat] = {
    coat.name: coat
    for coat in (
        Coat("black", (0.012, 0.011, 0.011), mark=(0.006, 0.005, 0.005), mark_amount=0.5),
        Coat("white", (0.80, 0.77, 0.72)),
        Coat("blue", (0.11, 0.115, 0.13), mark=(0.08, 0.085, 0.10), mark_amount=0.5),
        Coat(
            "ginger tabby",
            (0.52, 0.24, 0.075),
            mark=(0.33, 0.105, 0.022),
            mark_amount=0.9,
            white_amount=0.12,
            white=(0.78, 0.70, 0.58),
        ),
        Coat(
            "brown mackerel tabby",
            (0.23, 0.155, 0.09),
            mark=(0.022, 0.017, 0.013),
            mark_amount=0.88,
            white_amount=0.10,
            white=(0.55, 0.45, 0.34),
        ),
        Coat(
            "silver tabby",
            (0.40, 0.39, 0.37),
            mark=(0.03, 0.03, 0.032),
            mark_amount=0.85,
            white_amount=0.12,
            white=(0.7, 0.69, 0.67),
        ),
        Coat("tuxedo", (0.011, 0.010, 0.010), white=(0.8, 0.78, 0.75), white_amount=0.40),
        Coat(
            "tabby and white",
            (0.22, 0.15, 0.09),
            mark=(0.02, 0.016, 0.013),
            mark_amount=0.88,
            white=(0.8, 0.77, 0.72),
            white_amount=0.42,
        ),
        Coat(
            "ginger and white",
            (0.50, 0.22, 0.07),
            mark=(0.32, 0.10, 0.022),
            mark_amount=0.8,
            white=(0.8, 0.77, 0.72),
            white_amount=0.42,
        ),
        Coat(
            "calico",
            (0.42, 0.17, 0.05),
            patch=(0.014, 0.012, 0.011),
            patch_amount=0.5,
            white=(0.8, 0.77, 0.72),
            white_amount=0.48,
        ),
        Coat("tortoiseshell", (0.26, 0.10, 0.03), patch=(0.014, 0.012, 0.011), patch_amount=0.6),
        Coat("seal point", (0.58, 0.47, 0.34), point=(0.028, 0.018, 0.013), point_amount=0.95),
    )
}

DOGS: dict[str, Coat] = {
    coat.name: coat
    for coat in (
        Coat("black", (0.012, 0.011, 0.011)),
        Coat("yellow", (0.56, 0.38, 0.19), white=(0.68, 0.55, 0.36), white_amount=0.25),
        Coat("golden", (0.40, 0.20, 0.065), white=(0.55, 0.36, 0.17), white_amount=0.25),
        Coat("chocolate", (0.055, 0.022, 0.010)),
    )
}
