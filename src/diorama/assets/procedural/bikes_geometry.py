"""What a bicycle is described by, and where its parts are."""

from dataclasses import dataclass

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.solids import F64, Finish, Rgb, Solid
from diorama.assets.subject import Material

_PAINT = Material("paint", roughness=0.28)
_GLOSS = Material("gloss", roughness=0.35)
_MATT = Material("matt", roughness=0.75)
_METAL = Material("metal", metallic=1.0, roughness=0.36)
_CHROME = Material("chrome", metallic=1.0, roughness=0.14)

PAINT = Finish(_PAINT, coat=1.0)
SECOND = Finish(_PAINT, coat=1.0, second=True)
RUBBER = Finish(_MATT, (0.018, 0.018, 0.019))
BLACK = Finish(_GLOSS, (0.014, 0.014, 0.015))
ALLOY = Finish(_METAL, (0.66, 0.66, 0.67))
STEEL = Finish(_METAL, (0.36, 0.36, 0.37))
DARK = Finish(_METAL, (0.10, 0.10, 0.105))
CHROME = Finish(_CHROME, (0.78, 0.78, 0.78))
RED = Finish(_GLOSS, (0.5, 0.012, 0.01))
AMBER = Finish(_GLOSS, (0.75, 0.22, 0.01))
GLASS = Finish(_GLOSS, (0.72, 0.74, 0.72))
WICKER = Finish(_MATT, (0.30, 0.17, 0.07))
WOOD = Finish(_MATT, (0.36, 0.21, 0.10))


def matt(color: Rgb) -> Finish:
    """Rubber, leather or cloth of a colour."""
    return Finish(_MATT, color)


def gloss(color: Rgb) -> Finish:
    """Plastic of a colour."""
    return Finish(_GLOSS, color)


BROWN: Rgb = (0.17, 0.065, 0.022)
NEARLY_BLACK: Rgb = (0.016, 0.016, 0.017)
CREAM: Rgb = (0.55, 0.46, 0.31)
TAN: Rgb = (0.40, 0.22, 0.085)
WHITE: Rgb = (0.68, 0.68, 0.66)


@dataclass(frozen=True)
class Wheel:
    """A wheel; lengths in metres."""

    radius: float = 0.336  # with its tyre
    tyre: float = 0.026  # width
    rim: float = 0.022  # depth
    spokes: int = 28  # 0: a closed disc
    rim_finish: Finish = BLACK
    rubber: Rgb = (0.018, 0.018, 0.019)
    wall: Rgb | None = None  # the tyre's side, if it has a colour of its own
    knobs: float = 0.0  # height of the tread's blocks
    brake_disc: float = 0.0  # radius
    hub: float = 0.02  # radius


@dataclass(frozen=True)
class Bike:
    """A bicycle; lengths in metres, angles in degrees. Positions follow from it as a frame builder's drawing does."""

    name: str
    wheel: Wheel = Wheel()
    other: Wheel | None = None  # the front one, where it differs
    track: float = 0.0  # between the rear wheels of a tricycle
    # frame
    frame: str = "diamond"
    tube: float = 0.016  # radius of the main tubes
    wheelbase: float = 0.99
    chainstay: float = 0.41
    drop: float = 0.07  # of the bottom bracket below the rear axle
    seat_angle: float = 73.5
    seat_tube: float = 0.53
    head_angle: float = 73.0
    head_tube: float = 0.15
    fork: str = "straight"
    fork_length: float = 0.372  # from the axle to the crown
    rake: float = 0.045
    # rider
    saddle: str = "racing"
    saddle_height: float = 0.73  # above the bottom bracket, along the seat tube
    saddle_color: Rgb = NEARLY_BLACK
    bar: str = "drop"
    bar_width: float = 1.0
    bar_finish: Finish = BLACK
    grip: Rgb = NEARLY_BLACK
    stem: float = 0.09
    stem_rise: float = 0.03  # of the quill above the head tube
    stem_angle: float = -8.0
    # drive
    ring: float = 0.1  # radius of the chain ring
    cog: float = 0.055
    gears: bool = True
    crank: float = 0.17
    chain_guard: str = ""  # "", "guard", "case"
    metal: Finish = ALLOY
    # equipment
    extras: tuple[str, ...] = ()
    fork_second: bool = False
    decal: float = 0.0  # radius of a band of the second colour on the down tube, in tubes; 0: none
    guard_finish: Finish = BLACK
    stand: bool = True

    @property
    def front(self) -> Wheel:
        """The front wheel."""
        return self.other or self.wheel

    @property
    def rear(self) -> Wheel:
        """The rear wheel, or each of both."""
        return self.wheel


@dataclass(frozen=True, eq=False)
class Places:
    """Points (3,) and unit directions of a bicycle: x to its left, y up, z ahead, the wheels on y = 0."""

    rear: F64
    front: F64
    bb: F64  # the bottom bracket
    seat_up: F64  # direction of the seat tube
    seat_top: F64
    saddle: F64
    steer_up: F64  # direction of the steering axis
    crown: F64
    head_top: F64
    bar: F64  # the middle of the handlebar

    def seat(self, share: float) -> F64:
        """A point of the seat tube."""
        return self.bb + share * (self.seat_top - self.bb)

    def head(self, share: float) -> F64:
        """A point of the head tube."""
        return self.crown + share * (self.head_top - self.crown)


def both(solid: Solid) -> list[Solid]:
    """A solid of the left side and its mirror image."""
    return [solid, solid.mirrored()]


def vec(*numbers: float) -> F64:
    """A point or a direction."""
    return np.array(numbers)


def places(b: Bike) -> Places:
    """Where the parts are. The middle of the wheelbase lies over the origin."""
    rear = np.array([0.0, b.rear.radius, -b.wheelbase / 2])
    front = np.array([0.0, b.front.radius, b.wheelbase / 2])
    bb = rear + vec(0.0, -b.drop, np.sqrt(b.chainstay**2 - b.drop**2))
    seat_up = _leaning(b.seat_angle)
    steer_up = _leaning(b.head_angle)
    ahead = np.array([0.0, -steer_up[2], steer_up[1]])
    crown = front - b.rake * ahead + b.fork_length * steer_up
    head_top = crown + b.head_tube * steer_up
    reach = np.radians(b.stem_angle)
    stem = b.stem * np.array([0.0, portable.sin(reach), portable.cos(reach)])
    saddle, seat_top = bb + b.saddle_height * seat_up, bb + b.seat_tube * seat_up
    if b.frame == "penny_farthing":  # on the spine, just behind the head
        saddle = front + (b.front.radius + 0.13) * vec(0, *map(float, portable.sin_cos(np.radians(108))))
        seat_up, seat_top = vec(0, 1, 0), saddle - vec(0, 0.09, 0)
    return Places(
        rear=rear,
        front=front,
        bb=bb,
        seat_up=seat_up,
        seat_top=seat_top,
        saddle=saddle,
        steer_up=steer_up,
        crown=crown,
        head_top=head_top,
        bar=head_top + b.stem_rise * steer_up + stem,
    )


def _leaning(degrees: float) -> F64:
    """(3,) up and back at an angle to the ground."""
    angle = np.radians(degrees)
    return np.array([0.0, portable.sin(angle), -portable.cos(angle)])


@dataclass(frozen=True)
class Detail:
    """How finely a level of detail is made: 0 is the finest."""

    level: int

    def n(self, count: int, least: int = 4) -> int:
        """An even number of segments where the finest level has `count`."""
        return max(least, 2 * round(count * (1.0, 0.55, 0.3)[self.level] / 2))

    def thin(self, radius: float) -> float:
        """A wire's radius: at least what half a pixel shows at the distance from which this level is seen."""
        return max(radius, (0.0016, 0.0022, 0.0028)[self.level])

    def bevel(self, width: float) -> float:
        """A box's bevel, which only the finest level shows."""
        return 0.0 if self.level else width

    def sides(self, count: int) -> int:
        """Sides of a tube's section, of which the finest level has `count`."""
        return max(3, round(count * (1.0, 0.6, 0.45)[self.level]))
