"""The table of coats, shared by all species: natural pigments × patterns, linear RGB under daylight.

A breed lists its own by name; an individual may wear any (`subject.coat_pool`). Black fur reflects some 2 to 4 %, white
fur some 60 %. Pigments: eumelanin is black, chocolate or cinnamon, diluted to blue, lilac or fawn; phaeomelanin runs
from deep red to cream; agouti hairs are banded with both.
"""

from typing import Any

from diorama.assets.coat import Coat, Rgb

PIGMENTS: dict[str, Rgb] = {
    "jet": (0.017, 0.016, 0.016),
    "black": (0.028, 0.025, 0.024),
    "seal": (0.045, 0.030, 0.023),
    "chocolate": (0.078, 0.038, 0.021),
    "liver": (0.125, 0.058, 0.030),
    "cinnamon": (0.23, 0.115, 0.058),
    "slate": (0.072, 0.075, 0.083),
    "blue": (0.135, 0.137, 0.148),
    "lilac": (0.29, 0.25, 0.235),
    "isabella": (0.31, 0.225, 0.165),
    "mahogany": (0.17, 0.060, 0.020),
    "red": (0.30, 0.115, 0.036),
    "orange": (0.47, 0.225, 0.078),
    "tan": (0.36, 0.18, 0.064),
    "gold": (0.47, 0.28, 0.115),
    "fawn": (0.44, 0.28, 0.145),
    "apricot": (0.51, 0.32, 0.165),
    "yellow": (0.56, 0.41, 0.235),
    "cream": (0.60, 0.48, 0.325),
    "ivory": (0.63, 0.565, 0.46),
    "wild": (0.245, 0.170, 0.103),
    "wolf": (0.215, 0.185, 0.150),
    "sand": (0.39, 0.275, 0.155),
    "silver": (0.42, 0.41, 0.39),
    "smoke": (0.20, 0.195, 0.19),
    "white": (0.62, 0.595, 0.55),
}

_LIVER, _BLACK, _SLATE = (0.115, 0.052, 0.036), (0.022, 0.02, 0.02), (0.065, 0.062, 0.068)
_LEATHER: dict[str, Rgb] = {  # noses take the pigment of dark hair; under pale hair they are the breed's own
    "jet": _BLACK, "black": _BLACK, "seal": _BLACK, "chocolate": _LIVER, "liver": _LIVER, "cinnamon": _LIVER,
    "slate": _SLATE, "blue": _SLATE, "lilac": (0.24, 0.15, 0.14), "isabella": _LIVER, "wolf": _BLACK, "smoke": _BLACK,
}  # fmt: skip


def _coat(name: str, base: str, **more: Any) -> Coat:
    """A row of the table; colours are names of PIGMENTS."""
    colours: dict[str, Any] = {key: PIGMENTS[value] if key in _LAYERS else value for key, value in more.items()}
    skin = more.get("point", base)  # a mask reaches the nose
    if skin in _LEATHER:
        colours = {"leather": _LEATHER[skin], "leather_amount": 0.95} | colours
    return Coat(name, PIGMENTS[base], **colours)


_LAYERS = ("pale", "shade", "mark", "patch", "point", "tan", "white")


def _tabby(name: str, base: str, mark: str, pale: str, stripes: str = "mackerel", **more: Any) -> Coat:
    style: dict[str, Any] = {
        "mackerel": {"frequency": 8.2, "duty": 0.42},
        "classic": {"frequency": 6.0, "duty": 0.55},
        "spotted": {"frequency": 9.0, "duty": 0.5},
        "none": {"mark_amount": 0.6, "agouti": 0.9},
    }[stripes]
    usual = {"mark_amount": 0.88, "pale_amount": 0.36, "agouti": 0.5}
    return _coat(name, base, mark=mark, pale=pale, stripes=stripes, **usual | style | more)


def _brindle(name: str, base: str, mark: str = "black", **more: Any) -> Coat:
    usual = {"stripes": "brindle", "frequency": 22.0, "duty": 0.6, "mark_amount": 0.72, "point_amount": 0.93}
    return _coat(name, base, mark=mark, point=mark, **usual | more)


def _pointed(name: str, base: str, point: str, amount: float = 0.96, **more: Any) -> Coat:
    return _coat(name, base, point=point, point_amount=amount, limbs=1.0, **more)


def _tricolour(name: str, shade: str, tan: str, extent: float, white: float, **more: Any) -> Coat:
    return _coat(name, tan, shade=shade, shade_amount=extent, white="white", white_amount=white, **more)


def _sable(name: str, base: str, shade: str, extent: float, **more: Any) -> Coat:
    usual = {"shade_softness": 0.52, "agouti": 0.7, "pale_amount": 0.3, "pale": "cream"}
    return _coat(name, base, shade=shade, shade_amount=extent, **usual | more)


def _merle(name: str, base: str, patch: str, **more: Any) -> Coat:
    return _coat(name, base, patch=patch, **{"patch_amount": 0.42, "patch_frequency": 6.0} | more)


_SOLID = (
    *(
        _coat(name, name)
        for name in ("black", "white", "cream", "blue", "chocolate", "red", "apricot", "fawn", "liver")
    ),
    *(_coat(name, name) for name in ("cinnamon", "lilac", "slate", "orange", "ivory", "silver", "smoke", "isabella")),
    _coat("jet black", "jet", white_amount=0.05),
    _coat("yellow", "yellow", pale="cream", pale_amount=0.4, shade="gold", shade_amount=0.3, shade_softness=0.6),
    _coat("golden", "gold", pale="yellow", pale_amount=0.4, shade="tan", shade_amount=0.25, shade_softness=0.6),
    _coat("wheaten", "yellow", agouti=0.5),
    _coat("grey", "smoke", pale="silver", pale_amount=0.35, agouti=0.5),
    _coat("salt and pepper", "smoke", pale="silver", pale_amount=0.45, pale_softness=0.12, agouti=1.0),
    _coat("mahogany", "mahogany"),
)

_TABBY = (
    _tabby("ginger tabby", "orange", "red", "yellow"),
    _tabby("ginger classic tabby", "orange", "red", "yellow", "classic"),
    _tabby("cream tabby", "cream", "apricot", "ivory"),
    _tabby("brown tabby", "wild", "black", "sand"),
    _tabby("brown classic tabby", "wild", "black", "sand", "classic"),
    _tabby("brown spotted tabby", "sand", "seal", "cream", "spotted"),
    _tabby("bengal", "gold", "chocolate", "cream", "spotted", duty=0.7, frequency=6.5),
    _tabby("ticked tabby", "sand", "seal", "yellow", "none"),
    _tabby("ruddy", "tan", "seal", "apricot", "none"),
    _tabby("silver tabby", "silver", "black", "white"),
    _tabby("silver classic tabby", "silver", "black", "white", "classic"),
    _tabby("silver spotted tabby", "silver", "black", "white", "spotted"),
    _tabby("blue tabby", "lilac", "slate", "ivory"),
    _tabby("chocolate tabby", "sand", "chocolate", "cream", "classic"),
    _tabby("tabby and white", "wild", "black", "sand", white_amount=0.42),
    _tabby("silver tabby and white", "silver", "black", "white", white_amount=0.40),
    _tabby("blue tabby and white", "lilac", "slate", "ivory", white_amount=0.45),
    _tabby("ginger and white", "orange", "red", "yellow", white_amount=0.42),
    _tabby("classic tabby and white", "wild", "black", "sand", "classic", white_amount=0.38),
)

_WHITE = (
    *(
        _coat(f"{name} and white", name, white_amount=white, leather_amount=0.6)
        for name, white in (("black", 0.45), ("blue", 0.40), ("chocolate", 0.42), ("liver", 0.5), ("apricot", 0.5))
    ),
    _coat("cream and white", "cream", white_amount=0.42),
    _coat("grey and white", "smoke", white_amount=0.45, agouti=0.5),
    _coat("tuxedo", "black", white_amount=0.30),
    _coat("blue tuxedo", "slate", white_amount=0.30),
    _coat("white chest", "black", white_amount=0.13),
    _coat("lemon and white", "gold", white_amount=0.48),
    _coat("fawn and white", "fawn", point="seal", point_amount=0.6, white_amount=0.36),
    _coat("red and white", "red", shade="mahogany", shade_amount=0.35, shade_softness=0.52, white_amount=0.42),
    _coat("piebald", "red", white_amount=0.68, unevenness=0.7),
    _coat("black piebald", "black", white_amount=0.68, unevenness=0.7),
    _coat("blue piebald", "blue", white_amount=0.66, unevenness=0.7),
    _coat("van", "black", white_amount=0.86, unevenness=0.12),
    _coat("red van", "orange", white_amount=0.86, unevenness=0.12),
    _coat("brindle piebald", "fawn", mark="black", mark_amount=0.72, stripes="brindle", frequency=22.0, duty=0.6,
          white_amount=0.66, unevenness=0.6),
    _coat("dalmatian", "white", patch="black", patch_amount=0.42, patch_frequency=-7.5),
    _coat("liver dalmatian", "white", patch="liver", patch_amount=0.42, patch_frequency=-7.5, leather=_LIVER,
          leather_amount=0.8),
    _coat("blue belton", "black", white_amount=0.74, unevenness=0.6, ticks=0.65),
    _coat("orange belton", "orange", white_amount=0.74, unevenness=0.6, ticks=0.6),
    _coat("liver roan", "liver", white_amount=0.6, unevenness=0.5, ticks=0.8),
)  # fmt: skip

_PATCHED = (
    _coat("calico", "orange", mark="red", mark_amount=0.6, stripes="mackerel", patch="black", patch_amount=0.46,
          patch_frequency=1.0, white_amount=0.52, unevenness=0.4),
    _coat("dilute calico", "cream", patch="blue", patch_amount=0.46, patch_frequency=1.0, white_amount=0.52,
          unevenness=0.4),
    _coat("tortoiseshell", "black", patch="orange", patch_amount=0.38, patch_frequency=1.8),
    _coat("chocolate tortoiseshell", "chocolate", patch="orange", patch_amount=0.36, patch_frequency=2.0),
    _coat("blue cream", "blue", patch="cream", patch_amount=0.4, patch_frequency=1.8),
    _coat("tortoiseshell and white", "black", patch="orange", patch_amount=0.42, patch_frequency=1.6, white_amount=0.4),
    _tabby("torbie", "wild", "black", "sand", patch="orange", patch_amount=0.4, patch_frequency=2.0),
    _merle("merle", "blue", "black", tan="tan", tan_amount=0.75, white_amount=0.40),
    _merle("blue merle", "blue", "black", white_amount=0.25),
    _merle("red merle", "apricot", "liver", tan="tan", tan_amount=0.5, white_amount=0.38, leather=_LIVER,
           leather_amount=0.9),
    _merle("harlequin", "white", "black", patch_amount=0.3, patch_frequency=4.0),
    _merle("dapple", "lilac", "chocolate", tan="tan", tan_amount=0.9),
)  # fmt: skip

_POINTED = (
    _pointed("seal point", "cream", "seal", leather=_BLACK, leather_amount=0.9, shade="sand", shade_amount=0.3,
             shade_softness=0.6),
    _pointed("chocolate point", "ivory", "chocolate", leather=_LIVER, leather_amount=0.9),
    _pointed("blue point", "ivory", "blue", leather=_SLATE, leather_amount=0.9),
    _pointed("lilac point", "ivory", "lilac", 0.85),
    _pointed("red point", "ivory", "orange", 0.8),
    _pointed("cream point", "ivory", "apricot", 0.7),
    _pointed("seal point and white", "cream", "seal", white_amount=0.3),
    _pointed("lynx point", "ivory", "smoke", 0.6, mark="seal", mark_amount=0.6),
    _pointed("mink", "sand", "seal", 0.9),
)  # fmt: skip

_MASKED = (
    _coat("fawn mask", "fawn", point="black", point_amount=0.97),
    _coat("red mask", "red", point="black", point_amount=0.97, white_amount=0.10),
    _coat("cream mask", "cream", point="black", point_amount=0.97),
    _coat("silver mask", "silver", point="black", point_amount=0.97),
    _coat("apricot mask", "apricot", point="black", point_amount=0.97),
    _coat("isabella mask", "isabella", point="chocolate", point_amount=0.8),
    _brindle("brindle", "tan", white_amount=0.16),
    _brindle("brindle and white", "fawn", white_amount=0.40),
    _brindle("dark brindle", "mahogany", duty=0.64),
    _brindle("blue brindle", "isabella", "slate", white_amount=0.14),
    _coat("saddle", "tan", shade="black", shade_amount=0.52, point="black", point_amount=0.95, pale="sand",
          pale_amount=0.35),
    _coat("grey saddle", "sand", shade="black", shade_amount=0.55, point="seal", point_amount=0.8, pale="cream",
          pale_amount=0.4, agouti=0.6, shade_softness=0.24),
    _coat("grizzle", "gold", shade="slate", shade_amount=0.56, shade_softness=0.18),
    _sable("sable", "wild", "black", 0.55, point="black", point_amount=0.85),
    _sable("red sable", "tan", "black", 0.45, point="black", point_amount=0.5),
    _sable("sable and white", "red", "seal", 0.40, white_amount=0.44),
    _sable("wolf grey", "wolf", "black", 0.5, pale="white", pale_amount=0.46, pale_softness=0.18),
    _sable("husky", "smoke", "black", 0.55, pale="white", pale_amount=0.5, pale_softness=0.11),
    _sable("red husky", "tan", "mahogany", 0.5, pale="white", pale_amount=0.5, pale_softness=0.11),
    _sable("sesame", "red", "black", 0.35, pale="ivory", pale_amount=0.5, pale_softness=0.14),
    _sable("shiba", "red", "red", 0.0, pale="ivory", pale_amount=0.5, pale_softness=0.14, agouti=0.2),
    _sable("smoke silver", "silver", "black", 0.45, pale="white", pale_amount=0.4),
)  # fmt: skip

_TAN = (
    _coat("black and tan", "black", tan="tan", tan_amount=0.95),
    _coat("black and red", "jet", tan="red", tan_amount=0.95),
    _coat("black and silver", "black", tan="silver", tan_amount=0.95),
    _coat("black and cream", "black", tan="ivory", tan_amount=0.95),
    _coat("chocolate and tan", "chocolate", tan="gold", tan_amount=0.95),
    _coat("blue and tan", "slate", tan="gold", tan_amount=0.95),
    _coat("tricoloured", "black", tan="tan", tan_amount=0.95, white_amount=0.40),
    _coat("liver tricoloured", "liver", tan="gold", tan_amount=0.9, white_amount=0.40),
    _tricolour("tricolour", "black", "tan", 0.50, 0.40),
    _tricolour("pale tricolour", "smoke", "gold", 0.45, 0.45),
    _tricolour("chocolate tricolour", "chocolate", "gold", 0.50, 0.42),
)

COATS: dict[str, Coat] = {
    coat.name: coat for rows in (_SOLID, _TABBY, _WHITE, _PATCHED, _POINTED, _MASKED, _TAN) for coat in rows
}
"""All coats by name; any animal may wear any."""

CATS = DOGS = COATS
