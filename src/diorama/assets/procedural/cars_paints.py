"""Paints of cars: real colours in linear RGB, dirt, second colours and stripes."""

from diorama.assets.coat import Coat
from diorama.assets.procedural.cars_spec import Car

DUST = (0.20, 0.16, 0.12)
COLOURS = {
    "white": (0.80, 0.80, 0.78), "silver": (0.45, 0.46, 0.47), "black": (0.008, 0.008, 0.009),
    "grey": (0.12, 0.125, 0.13), "graphite": (0.045, 0.047, 0.052), "pearl": (0.66, 0.64, 0.58),
    "blue": (0.012, 0.06, 0.28), "navy": (0.008, 0.016, 0.07), "sky": (0.16, 0.33, 0.52), "red": (0.42, 0.010, 0.012),
    "burgundy": (0.10, 0.006, 0.012), "green": (0.012, 0.075, 0.035), "olive": (0.08, 0.085, 0.04),
    "beige": (0.42, 0.35, 0.24), "bronze": (0.17, 0.10, 0.05), "yellow": (0.75, 0.48, 0.02),
    "ice": (0.70, 0.73, 0.76), "platinum": (0.56, 0.56, 0.54), "slate": (0.19, 0.20, 0.215),
    "jet": (0.004, 0.004, 0.004),
    "orange": (0.60, 0.15, 0.012), "mint": (0.36, 0.52, 0.42), "cream": (0.72, 0.64, 0.44),
}  # fmt: skip
COMMON = ("white", "ice", "pearl", "silver", "platinum", "grey", "slate", "graphite", "black", "jet", "blue", "navy",
          "red", "burgundy", "green", "beige", "bronze", "yellow", "orange", "sky")  # fmt: skip


def paints(car: Car) -> tuple[Coat, ...]:
    """The coats of a car."""
    names = tuple(dict.fromkeys(car.paints)) or COMMON
    coats = [Coat(name, COLOURS[name], point=DUST, point_amount=0.10) for name in names]
    coats += [Coat(f"dusty {name}", COLOURS[name], point=DUST, point_amount=0.75) for name in names[:8:2]]
    for name, second, where in car.two_tone:
        base, other = COLOURS[name], COLOURS[second]
        title = f"{name}, {second} {where}"
        if where == "roof":
            coats.append(Coat(title, base, white=other, white_amount=0.6, point=DUST, point_amount=0.1))
        elif where == "stripes":
            coats.append(Coat(title, base, mark=other, mark_amount=1.0, point=DUST, point_amount=0.1))
        else:
            coats.append(Coat(title, base, patch=other, patch_amount=0.6, point=DUST, point_amount=0.1))
    return tuple(coats)
