"""The measures of a car: what a row of the table in `cars_rows.py` says."""

from dataclasses import dataclass

Points = tuple[tuple[float, ...], ...]
Lamps = tuple[tuple[float, float, float, float, float, str], ...]
"""Lamps as x, y, half width, half height, tilt in degrees, kind."""


@dataclass(frozen=True)
class Car:
    """One model. Lengths are metres, angles degrees.

    `hull` and `cabin` are outlines in the side view: corners (s, y) or (s, y, rounding), s behind the nose, y above the
    ground; the hull runs from the front bumper's lower edge over bonnet and boot to the rear bumper's lower edge, the
    cabin from the windscreen's foot over the roof to the rear screen's foot.
    """

    id: str
    length: float
    width: float  # without mirrors
    height: float
    wheelbase: float
    front: float  # from the nose to the front axle
    wheel: float  # diameter of the tyres
    hull: Points
    cabin: Points
    belt: tuple[float, float]  # height of the side windows' lower edge at windscreen and rear screen
    clearance: float = 0.18
    tyre: float = 0.205  # width
    arch_gap: float = 0.05  # between tyre and wheel arch
    # side view
    round: float = 0.10  # rounding of the hull's corners
    cabin_round: float = 0.22
    # plan
    nose_taper: float = 0.10  # what the nose is narrower at each side
    nose_reach: float = 1.1
    tail_taper: float = 0.07
    tail_reach: float = 1.1
    bow: tuple[float, float] = (0.20, 0.13)  # how far nose and tail draw back towards their sides
    screen_bow: tuple[float, float] = (0.16, 0.12)
    cabin_taper: tuple[float, float] = (0.05, 0.07)
    # cross-section: (height as a share of that of the belt, offset of the half width)
    section: tuple[tuple[float, float], ...] = (
        (-0.1, -0.10), (0.0, -0.07), (0.10, -0.03), (0.45, -0.012), (0.74, 0.0), (0.80, -0.006), (1.0, -0.045),
    )  # fmt: skip
    crease: float = 0.03  # rounding of the section's lines, shares of the belt's height
    shoulder: float = 0.085  # what the cabin is narrower than the hull at each side, at the belt
    tumblehome: float = 20.0
    barrel: float = 0.12
    crown: float = 0.05
    roof_crown: float = 0.045
    edge: float = 0.12  # rounding where two of the three views meet
    roof_edge: float = 0.15
    fillet: float = 0.05
    flare: float = 0.0
    flare_reach: float = 0.12
    fender: float = 0.0  # radius of separate mudguards; 0 for none
    pinch: float = 0.0  # what a hull with separate mudguards is narrower at each side
    open: bool = False  # without a roof
    screen: float = 0.0  # height of the windscreen's frame on an open car
    # figures on the skin; s as above, x and y from the middle plane and the ground
    doors: tuple[float, ...] = (1.30, 2.55, 3.50)  # s of the doors' edges at the belt: one or two doors to each side
    sill: float = 0.30  # lower edge of the doors
    side_glass: tuple[tuple[float, float, float], ...] = ((0.0, 9.0, 0.0),)  # s from, s to, lean of the rear edge
    pillar: float = 0.07  # between two side windows
    rail: float = 0.075  # between side windows and roof
    rear_glass: tuple[float, float] | None = (0.05, 0.08)  # what the rear screen leaves free above and below
    boot: tuple[float, float] | None = (3.95, 0.62)  # its front edge s, its lower edge y
    bonnet: tuple[float, float] = (0.14, 1.26)  # s of its edges
    lamps: Lamps = ((0.62, 0.665, 0.17, 0.065, 10.0, "lens"),)
    tails: Lamps = ((0.66, 0.86, 0.17, 0.085, 0.0, "lens"),)
    lamp_depth: float = 0.55  # how far lamps run along the sides
    grille: tuple[float, float, float, float] = (0.40, 0.56, 0.68, 0.08)  # half width, y from, y to, taper
    intake: tuple[float, float, float, float] = (0.55, 0.27, 0.40, -0.10)
    bars: tuple[int, int, bool] = (4, 0, True)  # level and upright bars of the grille; shiny
    plates: tuple[float, float] = (0.46, 0.78)  # heights of the number plates
    cladding: float = 0.0  # height of the unpainted lower edge
    lip: float = 0.0  # width of unpainted wheel arches
    # parts
    shiny: bool = False  # chrome around the windows and on the handles
    bumpers: str = ""  # "chrome" or "black" bars before the hull
    bumper: float = 0.45  # their height
    rim: str = "five"
    seat: float = 0.18  # height of the seats above the floor
    pits: tuple[
        tuple[float, float, float, float], ...
    ] = ()  # open from above: s from, s to, what the sides leave, floor
    hinge: str = "top"  # of the boot: "top", "low" or "side"
    inset: float = 0.02  # of the wheels behind the widest place
    extras: tuple[str, ...] = ("antenna",)
    split: float = 0.42  # where a lower second colour ends, share of the belt's height
    paints: tuple[str, ...] = ()  # names of colours; the common ones if empty
    two_tone: tuple[tuple[str, str, str], ...] = ()  # colour, other colour, where that is: roof, stripes or low

    @property
    def room(self) -> float:
        """Half width of the cabin at its seats."""
        return 0.5 * self.width - self.shoulder - self.pinch - 0.16

    @property
    def arch(self) -> float:
        """Radius of the wheel arches."""
        return self.wheel / 2 + self.arch_gap
