"""Keypoints: named places of a subject that its joints move, the same list for every model of a kind.

Animals of the embedded catalogue have the 17 keypoints of AP-10K (Yu et al. 2021) in its order, then a few more; so do
bicycles and cars have lists of their own. Any other rig has one for each joint that moves something, by its name.

Left is the subject's own. Most keypoints are joints, so they lie within the body: `depth` says how far from its skin.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diorama.assets.coat import FIELDS
from diorama.assets.subject import F32, I32, Subject

Found = NDArray[np.int64]
Place = str | Callable[[Subject], Found]
"""Where a keypoint lies: at a joint of that name, or in the middle of some vertices of the finest level."""


@dataclass(frozen=True, eq=False)
class Keypoints:
    """The K keypoints of a subject, and how its joints move them."""

    names: tuple[str, ...]
    places: F32  # (K, 3) bind space; NaN where the subject has no such thing, as a Manx has no tail
    joints: I32  # (K, 4), or (K, 8) as the mesh
    weights: F32  # the same, sum to 1
    depth: F32  # (K,) to the nearest vertex of the finest level, bind space

    def posed(self, palette: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the keypoints of n poses are.

        Args:
            palette: (n, ≥ J, 3, 4) joint matrices from bind space to any frame.

        Returns:
            (n, K, 3) places in that frame, and (n, K) depths in its unit.
        """
        matrices = palette[:, self.joints].astype(np.float64)
        blended = (matrices * self.weights[None, :, :, None, None]).sum(axis=2)
        placed = (blended[..., :3] * self.places[:, None, :].astype(np.float64)).sum(axis=-1) + blended[..., 3]
        grown = np.abs(np.linalg.det(blended[..., :3])) ** (1 / 3)
        return placed, self.depth * grown


def keypoints(subject: Subject) -> Keypoints:
    """The keypoints of a subject, found once."""
    found = _known.get(subject)
    if found is None:
        found = _known[subject] = _find(subject)
    return found


def bones(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places in a list of keypoints that pictures join by a line; none for those of other rigs."""
    place = {name: number for number, name in enumerate(names)}
    kind = next((edges for table, edges in _KINDS if set(table) <= set(place)), ())
    return [(place[one], place[two]) for one, two in kind]


def _find(subject: Subject) -> Keypoints:
    names = {*subject.skeleton.names}
    table = next(
        (table for table, _ in _KINDS if {place for place in table.values() if isinstance(place, str)} <= names),
        _own_joints(subject),
    )
    rows = [_placed(subject, place) for place in table.values()]
    wide = subject.levels[0].joints.shape[1]
    places = np.array([row[0] for row in rows], np.float32).reshape(-1, 3)
    return Keypoints(
        names=tuple(table),
        places=places,
        joints=np.array([row[1] for row in rows], np.int32).reshape(-1, wide),
        weights=np.array([row[2] for row in rows], np.float32).reshape(-1, wide),
        depth=_depths(subject, places),
    )


def _placed(subject: Subject, place: Place | int) -> tuple[NDArray[np.floating], Sequence[int], Sequence[float]]:
    """Its place in bind space, as many joints as a vertex has, and their weights."""
    mesh = subject.levels[0]
    none = [0] * (mesh.joints.shape[1] - 1)
    if isinstance(place, str):
        place = subject.skeleton.names.index(place)
    if isinstance(place, int):
        inverse = np.linalg.pinv(subject.skeleton.inverse_bind[place].astype(np.float64))
        return inverse[:3, 3], [place, *none], [1.0, *none]
    chosen = place(subject)
    if not len(chosen):
        return np.full(3, np.nan), [0, *none], [1.0, *none]
    points = mesh.positions[chosen]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    nearest = chosen[np.linalg.norm(points - middle, axis=1).argmin()]
    return middle, mesh.joints[nearest].tolist(), mesh.weights[nearest].tolist()


def _depths(subject: Subject, places: F32) -> F32:
    positions = subject.levels[0].positions
    nearest = [np.sqrt(((positions - place) ** 2).sum(axis=1).min()) for place in places]
    return np.nan_to_num(np.array(nearest, np.float32))


def _own_joints(subject: Subject) -> Mapping[str, int]:
    """The joints that move a vertex, by names that are made to differ."""
    mesh, names = subject.levels[0], subject.skeleton.names
    found: dict[str, int] = {}
    for joint in np.unique(mesh.joints[mesh.weights > 0]).tolist():
        name, count = names[joint] or "joint", 1
        while name in found:
            count += 1
            name = f"{names[joint] or 'joint'}_{count}"
        found[name] = joint
    return found


def _moved(subject: Subject, joint: str) -> Found:
    """The vertices that a joint moves most."""
    mesh = subject.levels[0]
    most = np.take_along_axis(mesh.joints, mesh.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.flatnonzero(most == subject.skeleton.names.index(joint))


def _end(joint: str, axis: Sequence[float] = (0, 1, 0), share: float = 0.03) -> Callable[[Subject], Found]:
    """The vertices that lie farthest along an axis of the joint that moves them: the last `share` of their reach."""

    def find(subject: Subject) -> Found:
        skeleton, own = subject.skeleton, _moved(subject, joint)
        inverse = skeleton.inverse_bind[skeleton.names.index(joint)].astype(np.float64)
        along = (subject.levels[0].positions[own] @ inverse[:3, :3].T) @ np.array(axis, float)
        return own[along >= along.max() - share * np.ptp(along)] if len(own) else own

    return find


def _nose(subject: Subject) -> Found:
    """The front of the nose leather, which is not of the coat's colour, and marked so (`assets.coat.FIELDS`)."""
    mesh = subject.levels[0]
    leather = np.flatnonzero((mesh.coat_amount == 0) & (mesh.coat[:, FIELDS.index("flank")] == 255))
    ahead = mesh.positions[leather, 2]
    return leather[ahead >= ahead.max() - 0.3 * np.ptp(ahead)] if len(leather) else leather


def _eye(joint: str) -> Callable[[Subject], Found]:
    """The pupil: the middle of an eyeball's front, of which the joint of the lids is the centre."""

    def find(subject: Subject) -> Found:
        mesh, (centre, *_) = subject.levels[0], _placed(subject, joint)
        wet = _of_material(subject, "wet")
        away = mesh.positions[wet] - centre
        distance = np.linalg.norm(away, axis=1)
        ball = distance < 1.1 * distance.min()
        front = away @ away[ball].mean(axis=0) * ball
        return wet[[front.argmax()]]

    return find


def _of_material(subject: Subject, name: str) -> Found:
    mesh = subject.levels[0]
    own = np.zeros(len(mesh.positions), bool)
    for part in mesh.parts:
        if subject.materials[part.material].name == name:
            own[mesh.indices.reshape(-1)[part.first : part.first + part.count]] = True
    return np.flatnonzero(own)


def _on(joint: str, material: str) -> Callable[[Subject], Found]:
    """The vertices of a material that a joint moves."""
    return lambda subject: np.intersect1d(_moved(subject, joint), _of_material(subject, material))


def _lamp(side: float, behind: float, before: float) -> Callable[[Subject], Found]:
    """The middle of the lenses on the left (side 1) or right (-1) between two shares of the length from the back; a
    vertex, since the middle of a bowed pane lies in the body."""

    def find(subject: Subject) -> Found:
        own, positions = _of_material(subject, "lens"), subject.levels[0].positions
        x, z = positions[own, 0], positions[own, 2]
        along = (z - positions[:, 2].min()) / np.ptp(positions[:, 2])
        within: Found = own[(side * x > 0) & (along >= behind) & (along <= before)]
        if not len(within):
            return within
        points = positions[within]
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        return within[[np.linalg.norm(points - middle, axis=1).argmin()]]

    return find


def _both(rows: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """A keypoint on the left and one on the right for each row: its name, and its joint's without the side."""
    return {f"{side}_{name}": f"{joint}_{side[0]}" for side in ("left", "right") for name, joint in rows}


ANIMAL: Mapping[str, Place] = {
    "left_eye": _eye("eyelid_l"),
    "right_eye": _eye("eyelid_r"),
    "nose": _nose,
    "neck": "neck1",
    "root_of_tail": "tail1",
    **_both((("shoulder", "humerus"), ("elbow", "radius"), ("front_paw", "front_toes"))),
    **_both((("hip", "femur"), ("knee", "tibia"), ("back_paw", "hind_toes"))),
    **_both((("ear_base", "ear"),)),
    "left_ear_tip": _end("ear_tip_l", share=0.1),
    "right_ear_tip": _end("ear_tip_r", share=0.1),
    "chin": _end("jaw", (0, 0, 1), 0.1),
    **_both((("wrist", "carpus"), ("hock", "metatarsus"))),
    "chest": "chest",
    "tail_tip": _end("tail5"),
}
"""The first 17 are AP-10K's; a knee is the stifle, a wrist the carpus, the chest is under the shoulder blades."""

_LEGS = (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "front_paw"))
_HIND_LEGS = (("hip", "knee"), ("knee", "hock"), ("hock", "back_paw"), ("ear_base", "ear_tip"))
_ANIMAL_EDGES = (
    ("left_eye", "right_eye"),
    ("left_eye", "nose"),
    ("right_eye", "nose"),
    ("left_eye", "left_ear_base"),
    ("right_eye", "right_ear_base"),
    ("nose", "neck"),
    ("nose", "chin"),
    ("neck", "chest"),
    ("chest", "root_of_tail"),
    ("root_of_tail", "tail_tip"),
    *((f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in (*_LEGS, *_HIND_LEGS)),
    *(("neck", f"{side}_shoulder") for side in ("left", "right")),
    *(("root_of_tail", f"{side}_hip") for side in ("left", "right")),
)

BICYCLE: Mapping[str, Place] = {
    "front_wheel": "wheel_front",
    "rear_wheel": "wheel_rear",
    "head_tube": "steer",
    "handlebar": "bars",
    "left_grip": _end("bars", (1, 0, 0), 0.1),
    "right_grip": _end("bars", (-1, 0, 0), 0.1),
    "saddle": "saddle",
    "bottom_bracket": "crank",
    "left_pedal": "pedal_left",
    "right_pedal": "pedal_right",
}
_BICYCLE_EDGES = (
    ("front_wheel", "head_tube"),
    ("head_tube", "handlebar"),
    ("handlebar", "left_grip"),
    ("handlebar", "right_grip"),
    ("head_tube", "saddle"),
    ("head_tube", "bottom_bracket"),
    ("saddle", "bottom_bracket"),
    ("bottom_bracket", "rear_wheel"),
    ("saddle", "rear_wheel"),
    ("bottom_bracket", "left_pedal"),
    ("bottom_bracket", "right_pedal"),
)

CAR: Mapping[str, Place] = {
    "left_front_wheel": "wheel_fl",
    "right_front_wheel": "wheel_fr",
    "left_rear_wheel": "wheel_rl",
    "right_rear_wheel": "wheel_rr",
    "left_headlamp": _lamp(1, 0.85, 1.0),
    "right_headlamp": _lamp(-1, 0.85, 1.0),
    "left_tail_lamp": _lamp(1, 0.0, 0.15),
    "right_tail_lamp": _lamp(-1, 0.0, 0.15),
    "left_mirror": _on("door_l", "reflector"),
    "right_mirror": _on("door_r", "reflector"),
}
_CAR_EDGES = (
    ("left_front_wheel", "right_front_wheel"),
    ("left_rear_wheel", "right_rear_wheel"),
    ("left_headlamp", "right_headlamp"),
    ("left_tail_lamp", "right_tail_lamp"),
    *(
        (f"{side}_{a}", f"{side}_{b}")
        for side in ("left", "right")
        for a, b in (
            ("front_wheel", "rear_wheel"),
            ("front_wheel", "headlamp"),
            ("rear_wheel", "tail_lamp"),
            ("headlamp", "mirror"),
            ("mirror", "tail_lamp"),
        )
    ),
)

_KINDS: tuple[tuple[Mapping[str, Place], Sequence[tuple[str, str]]], ...] = (
    (ANIMAL, _ANIMAL_EDGES),
    (BICYCLE, _BICYCLE_EDGES),
    (CAR, _CAR_EDGES),
)

_known: "WeakKeyDictionary[Subject, Keypoints]" = WeakKeyDictionary()
