"""One parametric anatomy for every four-legged animal: its measures and its landmarks.

Frames: metres, +Y up, the animal standing on y = 0 and looking along +Z, its left at +X. Measures of trunk and limbs
are in units of the height at the withers, measures of the head in units of the skull's width, unless noted. A breed is
one `Anatomy`; the body (body.py), face (features.py, ears.py) and clips (gaits.py) are functions of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F64 = NDArray[np.float64]
Landmarks = dict[str, F64]
Rgb = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Head:
    """Measures in skull widths; angles in degrees."""

    width: float  # the unit: the skull's width over the cheek bones, in heights at the withers
    skull_length: float = 1.0  # from the nape to the stop
    skull_height: float = 0.8
    crown: float = 0.44  # height of the skull's top over the head joint
    cheek: float = 1.0  # how full the cheeks are
    brow: float = 1.0  # how strong the brow ridges, and so the stop, are
    muzzle_length: float = 0.8  # from the stop to the nose
    muzzle_base: float = 0.5  # width at the eyes
    muzzle_tip: float = 0.42  # width at the nose
    muzzle_depth: float = 0.42  # height at the base, without the jaw
    muzzle_drop: float = 0.0  # how far the nose lies below the muzzle's root
    pads: float = 0.0  # whisker pads: 1 in a cat, whose muzzle is built another way; 0 in a dog
    flews: float = 0.4  # hanging upper lips
    chin: float = 1.0
    nose: float = 0.2  # width of the nose leather
    nose_color: Rgb = (0.012, 0.011, 0.012)
    pitch: float = 14.0  # of the head below the horizontal, standing
    beard: float = 0.0  # a terrier's beard and brows
    topknot: float = 0.0
    tufts: float = 0.0  # long fur on the cheeks
    dome: float = 0.0  # how far the forehead rises and bulges: 1 in an apple head
    zygoma: float = 1.0  # how far the cheek bones stand out
    arch: float = 0.0  # height of a Roman nose's bridge, or depth of a dished one (negative)
    folds: float = 0.0  # a pug's roll over the nose and creases
    underbite: float = 0.0  # how far the lower jaw stands before the upper
    socket: float = 0.75  # how deep the eyes are set
    eye_x: float = 0.25
    eye_y: float = 0.14
    eye_size: float = 0.12  # width of the lid opening
    eye_open: float = 0.7  # its height over its width
    eye_slant: float = 6.0  # outer corner up
    eye_yaw: float = 28.0  # how far each eye looks outward
    eye_color: Rgb = (0.06, 0.025, 0.008)
    iris: float = 1.0  # iris diameter over the opening's width
    pupil: tuple[float, float] = (0.5, 0.5)  # width and height over the iris'
    eye_rim: float = 0.16  # width of the dark rim over the opening's half width
    eye_droop: float = 0.0  # how far the lower lid hangs open and shows its red, over the opening's height

    @property
    def eye_radius(self) -> float:
        """Radius of the eyeballs: the lids part over 110° of them."""
        return 1.22 * self.eye_half

    @property
    def eye_half(self) -> float:
        """Half the width of the lids' opening within half its rim."""
        return 0.5 * self.eye_size / (1 + 0.5 * self.eye_rim)

    @property
    def eye_place(self) -> tuple[float, float, float]:
        """The centre of the left eyeball in the head's axes."""
        yaw, r = np.radians(self.eye_yaw), 0.8 * self.eye_radius
        apex = 0.96 * self.skull_length - 0.06 * self.socket + 0.06 * self.dome
        return self.eye_x - r * float(portable.sin(yaw)), self.eye_y, apex - r * float(portable.cos(yaw))

    @property
    def nose_y(self) -> float:
        """How high the middle of the nose leather lies."""
        return (-0.13 if self.pads else 0.025) - self.muzzle_drop

    @property
    def lip_y(self) -> float:
        """How high the lips meet, but for what hangs of the upper ones."""
        return self.nose_y - 0.19 if self.pads else 0.10 - self.muzzle_depth

    @property
    def lip_front(self) -> float:
        """How high the lips meet under the nose: a muzzle that tapers seen from above tapers seen from the side."""
        deep = self.muzzle_depth * (0.35 + 0.6 * self.muzzle_tip / self.muzzle_base)
        return self.lip_y if self.pads else 0.07 - self.muzzle_drop - deep


@dataclass(frozen=True, kw_only=True)
class Ears:
    """An ear is a cupped shell along a line that may bend over; lengths in skull widths, angles in degrees.

    Directions are those of the left ear, in the head's axes (left, up, forward).
    """

    length: float
    width: float
    place: tuple[float, float, float] = (0.27, 0.3, 0.42)  # of the root's middle
    rise: tuple[float, float, float] = (0.4, 1.0, 0.1)  # where the root points
    face: tuple[float, float, float] = (0.5, 0.1, 0.85)  # where the shell opens
    bend_at: float = 1.0  # share of the length at which it folds over
    bend: float = 0.0  # angle of the fold
    fold: tuple[float, float, float] = (0.5, -1.0, 0.4)  # where the fold leads
    twist: float = 0.0  # how far the part beyond the fold turns its outer side forward
    cling: float = 0.0  # how closely a hanging ear lies on the head
    cup: float = 0.35  # depth of the shell over its half width
    outline: tuple[float, ...] = (1.0, 0.92, 0.72, 0.40, 0.2)  # half widths at 0, 1/4, 1/2, 3/4 and 0.9 of the length
    thickness: float = 0.05
    inside: Rgb = (0.46, 0.24, 0.2)
    bare: float = 0.62  # how much of the inside is bare skin
    furnish: float = 0.0  # length of the pale tufts that grow across the opening, over its width


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Lengths in heights; angles in degrees above the horizontal behind the animal."""

    length: float
    root: float = 0.05  # radius
    tip: float = 0.02
    brush: float = 0.0  # added radius of the middle
    rise: float = -35.0
    curl: float = 60.0  # total upward turning along it
    plume: float = 0.0  # depth of the long hair that hangs from its underside
    lean: float = 0.0  # total sideways turning along it, towards the left
    root_height: float = 0.865  # of its root, over the height of the croup


@dataclass(frozen=True, kw_only=True, eq=False)
class Anatomy:
    """A breed's measures, in heights at the withers unless noted."""

    id: str  # "cat/shorthair"
    species: str  # the class it belongs to: cat, dog, …
    height: float  # metres, at the withers
    head: Head
    ears: Ears
    tail: Tail
    length: float = 1.06  # from the point of the shoulder to the buttock
    elbow: float = 0.5  # height of the elbow
    chest_depth: float = 0.5
    chest_width: float = 0.3
    belly: float = 0.56  # height of the belly's lowest point at the loin
    waist: float = 0.21
    rump: float = 0.25
    croup: float = 0.96  # height of the back over the hips
    neck_length: float = 0.34
    neck_angle: float = 50.0
    neck_base: float = 0.32
    neck_top: float = 0.2
    front_stance: float = 0.11
    hind_stance: float = 0.1
    legs: float = 1.0  # thickness
    thigh: float = 1.0
    paws: float = 1.0
    muscle: float = 1.0  # of shoulder, arm and forearm
    forechest: float = 1.0  # how far the breastbone stands out
    arch: float = 0.0  # of the loin, in heights
    blades: float = 0.0  # how far the shoulder blades rise over the back: 1 in a slinking cat
    pouch: float = 0.0  # depth of a loose belly, in heights
    dewlap: float = 0.0  # depth of the loose skin of the throat, in heights
    hock: float = 0.03  # how far the hock stands before the buttock
    claws: bool = False  # whether they show
    fur: float = 1.0  # how much single hairs and locks show in the coat: little where it is short and sleek
    hair: str = ""  # its kind, one of assets/subject.py's HAIR; by default long where there is tousle, else short
    ruff: float = 0.0  # long fur, in heights: added to neck and chest
    skirt: float = 0.0  # to belly and breeches
    feathers: float = 0.0  # to the backs of the legs
    trousers: float = 0.0  # all around the legs
    tousle: float = 0.0  # depth of the locks that break the outline
    lock: float = 0.05  # length of a lock


def landmarks(a: Anatomy) -> Landmarks:
    """Joint centres and limb ends by name, (3,) metres, for the left side and the middle."""
    front, back = a.length / 2, -a.length / 2
    e = a.elbow
    hip = 0.62 + 0.3 * e
    fx, hx = a.front_stance, a.hind_stance
    shoulder = max(fx, 0.36 * a.chest_width)
    neck = np.array([0.0, 0.81, front - 0.12])
    direction = np.array([0.0, portable.sin(np.radians(a.neck_angle)), portable.cos(np.radians(a.neck_angle))])
    points = {
        "root": (0, hip + 0.02, back + 0.22),
        "hips": (0, hip + 0.02, back + 0.22),
        "spine1": (0, 0.80, back + 0.40 * a.length),
        "spine2": (0, 0.81, back + 0.58 * a.length),
        "chest": (0, 0.80, back + 0.74 * a.length),
        "neck1": neck,
        "neck2": neck + 0.5 * a.neck_length * direction,
        "head": neck + a.neck_length * direction,
        "scapula": (0.2 * fx + 0.22 * a.chest_width, 0.91, front - 0.25),
        "humerus": (shoulder, e + 0.17 * (1 - 0.5 * (0.5 - e)), front - 0.075),
        "radius": (0.5 * (fx + shoulder) + 0.005, e, front - 0.215),
        "carpus": (fx, 0.38 * e, front - 0.195),
        "front_toes": (fx, 0.055 * a.paws, front - 0.17),
        "front_tip": (fx, 0.02, front - 0.17 + 0.10 * a.paws),
        "femur": (0.85 * hx, hip, back + 0.19),
        "tibia": (hx + 0.012, 1.0 * e, back + 0.28),
        "metatarsus": (hx, 0.5 * e, back + a.hock),
        "hind_toes": (hx, 0.05 * a.paws, back + a.hock + 0.025),
        "hind_tip": (hx, 0.02, back + a.hock + 0.025 + 0.10 * a.paws),
    }
    found = {name: a.height * np.asarray(place, float) for name, place in points.items()}
    found |= _tail(a)
    turn = head_frame(a)
    unit = a.height * a.head.width

    def in_head(x: float, y: float, z: float) -> F64:
        return np.asarray(found["head"] + portable.matmul(turn, unit * np.array([x, y, z])))

    h = a.head
    found["muzzle"] = in_head(0, -0.1, 0.8 * h.skull_length)
    found["nose"] = in_head(0, -0.1 - h.muzzle_drop, h.skull_length + h.muzzle_length)
    found["jaw"] = in_head(0, -0.22, 0.42 * h.skull_length)
    found["tongue"] = in_head(0, h.lip_y + 0.05, h.skull_length + 0.15 * h.muzzle_length)
    found["eyelid"] = in_head(*h.eye_place)
    found["ear"] = in_head(*a.ears.place)
    rise = np.array(a.ears.rise) / portable.norm(a.ears.rise)
    found["ear_tip"] = in_head(*(np.array(a.ears.place) + 0.45 * a.ears.length * rise))
    found["chin"] = in_head(0, -0.36, h.skull_length + 0.85 * h.muzzle_length)
    return found


def head_frame(a: Anatomy) -> F64:
    """(3, 3) the head's axes (left, up, forward) as columns, in model space."""
    p = np.radians(a.head.pitch)
    return np.array([[1, 0, 0], [0, portable.cos(p), -portable.sin(p)], [0, portable.sin(p), portable.cos(p)]])


def _tail(a: Anatomy) -> Landmarks:
    place = np.array([0.0, a.tail.root_height * a.croup, -a.length / 2 + 0.05]) * a.height
    found = {"tail1": place}
    step = a.tail.length * a.height / 5
    for i in range(5):
        angle = np.radians(a.tail.rise + a.tail.curl * i / 4)
        aside = np.radians(a.tail.lean * (i + 0.5) / 5)
        place = place + step * np.array(
            [portable.sin(aside), portable.cos(aside) * portable.sin(angle), -portable.cos(aside) * portable.cos(angle)]
        )
        found[f"tail{i + 2}" if i < 4 else "tail_tip"] = place
    return found
