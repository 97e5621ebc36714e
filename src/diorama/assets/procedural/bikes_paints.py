"""Paints of bicycles: a colour for the frame and a second one for forks, bands and guards. Linear RGB."""

from diorama.assets.coat import Coat

Rgb = tuple[float, float, float]

_BLACK, _WHITE, _SILVER, _GREY = (0.012, 0.012, 0.013), (0.70, 0.70, 0.68), (0.42, 0.43, 0.44), (0.09, 0.095, 0.10)
_RED, _ORANGE, _YELLOW, _CREAM = (0.42, 0.012, 0.012), (0.62, 0.13, 0.008), (0.68, 0.42, 0.01), (0.58, 0.48, 0.31)
_NAVY, _BLUE, _SKY, _TEAL = (0.012, 0.022, 0.07), (0.012, 0.07, 0.36), (0.20, 0.42, 0.62), (0.07, 0.36, 0.34)
_GREEN, _RACING, _LIME, _OLIVE = (0.03, 0.26, 0.05), (0.006, 0.045, 0.02), (0.36, 0.60, 0.02), (0.075, 0.08, 0.03)
_PINK, _PURPLE, _BROWN, _WINE = (0.66, 0.16, 0.26), (0.12, 0.03, 0.24), (0.09, 0.04, 0.018), (0.13, 0.008, 0.02)
_DUST = (0.17, 0.125, 0.085)


def _paint(name: str, base: Rgb, second: Rgb | None = None, dust: float = 0.0) -> Coat:
    """The second colour lies where the field of patches is 0, whatever its extent; dust on the lower parts."""
    return Coat(name, base, patch=second or base, patch_amount=0.6, mark=_DUST, mark_amount=dust)


PAINTS: tuple[Coat, ...] = (
    _paint("black", _BLACK),
    _paint("black and red", _BLACK, _RED),
    _paint("black and white", _BLACK, _WHITE),
    _paint("black and lime", _BLACK, _LIME),
    _paint("grey and black", _GREY, _BLACK),
    _paint("graphite and orange", _GREY, _ORANGE),
    _paint("silver", _SILVER),
    _paint("silver and blue", _SILVER, _BLUE),
    _paint("white and red", _WHITE, _RED),
    _paint("white and black", _WHITE, _BLACK),
    _paint("red", _RED),
    _paint("red and black", _RED, _BLACK),
    _paint("wine", _WINE, _CREAM),
    _paint("orange and black", _ORANGE, _BLACK),
    _paint("yellow and black", _YELLOW, _BLACK),
    _paint("cream", _CREAM),
    _paint("racing green", _RACING, _CREAM),
    _paint("green and white", _GREEN, _WHITE),
    _paint("lime and black", _LIME, _BLACK),
    _paint("olive", _OLIVE, _BLACK),
    _paint("teal", _TEAL),
    _paint("teal and white", _TEAL, _WHITE),
    _paint("sky blue", _SKY, _WHITE),
    _paint("blue", _BLUE),
    _paint("blue and orange", _BLUE, _ORANGE),
    _paint("navy", _NAVY, _SKY),
    _paint("purple", _PURPLE, _WHITE),
    _paint("pink", _PINK, _WHITE),
    _paint("brown and cream", _BROWN, _CREAM),
    _paint("dusty black", _BLACK, dust=0.7),
    _paint("dusty red", _RED, _WHITE, dust=0.6),
    _paint("dusty blue", _BLUE, _SILVER, dust=0.6),
    _paint("dusty green", _GREEN, _BLACK, dust=0.8),
    _paint("dusty silver", _SILVER, _BLACK, dust=0.6),
)
