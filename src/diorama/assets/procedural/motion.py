"""Posing a quadruped frame by frame: turns in model axes, legs by two-bone inverse kinematics.

A `Motion` holds, for F frames, the turn of every joint relative to its parent in the *model axes* (left, up, forward)
of the rest pose, so that "pitch" is the same for every joint. Angles are degrees; a positive pitch lowers the nose, a
positive yaw turns it to the left, a positive roll drops the left side.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.skeleton import Rig, quaternion, sided
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]

FORE, HIND = ("fore_l", "fore_r"), ("hind_l", "hind_r")
LEGS = (*FORE, *HIND)
_EYE = np.eye(3)
_CHAINS = {"fore": ("humerus", "radius", "carpus", "front_toes"), "hind": ("femur", "tibia", "metatarsus", "hind_toes")}


def turn(pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> F64:
    """(..., 3, 3) rotations: first roll about forward, then pitch about left, then yaw about up."""
    shape = np.broadcast_shapes(np.shape(pitch), np.shape(yaw), np.shape(roll))
    angles = np.zeros((3, *shape))
    angles[0], angles[1], angles[2] = pitch, yaw, roll
    (sp, sy, sr), (cp, cy, cr) = portable.sin_cos(np.radians(angles))
    rows = [
        cy * cr - sy * sp * sr, cy * sr + sy * sp * cr, sy * cp,
        -cp * sr, cp * cr, -sp,
        -sy * cr - cy * sp * sr, cy * sp * cr - sy * sr, cy * cp,
    ]  # fmt: skip
    return np.stack(rows, axis=-1).reshape(*shape, 3, 3)


def about(vector: F64) -> F64:
    """(..., 3, 3) rotations about the direction of `vector` (..., 3) by its length in degrees (Rodrigues)."""
    v = np.radians(vector)
    angle = np.linalg.norm(v, axis=-1)[..., None, None]
    k = _cross(v / np.maximum(angle[..., 0], 1e-12))
    s, c = portable.sin_cos(angle)
    return np.asarray(_EYE + s * k + (1 - c) * portable.matmul(k, k))


def _cross(v: F64) -> F64:
    """(..., 3, 3) matrices of the cross product with vectors (..., 3)."""
    k = np.zeros((*v.shape, 3))
    k[..., 0, 1], k[..., 0, 2], k[..., 1, 2] = -v[..., 2], v[..., 1], -v[..., 0]
    return k - np.swapaxes(k, -1, -2)


def swing(start: F64, end: F64) -> F64:
    """(..., 3, 3) least rotations that take unit vectors `start` (..., 3) to `end` (Möller and Hughes 1999)."""
    a, b = np.moveaxis(start, -1, 0), np.moveaxis(end, -1, 0)
    k = _cross(np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], axis=-1))
    c = (start * end).sum(axis=-1)
    return np.asarray(_EYE + k + portable.matmul(k, k) / np.maximum(1 + c, 1e-6)[..., None, None])


def _apply(rotations: F64, vectors: F64) -> F64:
    """(..., 3) vectors (..., 3) turned by rotations (..., 3, 3)."""
    return np.asarray(np.einsum("...ij,...j->...i", rotations, vectors))


def _back(rotations: F64) -> F64:
    """The inverse rotations."""
    return np.swapaxes(rotations, -1, -2)


@dataclass(frozen=True, eq=False)
class Skin:
    """S vertices of the body, to find what touches the ground."""

    positions: F64  # (S, 3) rest pose, model space
    weights: F64  # (S, J)

    @cached_property
    def _main(self) -> NDArray[np.intp]:
        """(S,) the joint that moves each vertex most."""
        return np.asarray(self.weights.argmax(axis=1))

    @cached_property
    def _parts(self) -> dict[tuple[int, ...], tuple[NDArray[np.intp], F64, F64]]:
        return {}

    def part(self, joints: tuple[int, ...]) -> tuple[NDArray[np.intp], F64, F64]:
        """Of the P vertices that move mainly with some joints: all K joints that move them, weights (P, K), and these
        times the positions (P, 3 K)."""
        if joints not in self._parts:  # clips ask for the same few parts again and again
            chosen = np.isin(self._main, joints)
            used = np.flatnonzero(self.weights[chosen].any(axis=0))
            weights = self.weights[chosen][:, used]
            spread = (weights[:, :, None] * self.positions[chosen][:, None]).reshape(len(weights), 3 * len(used))
            self._parts[joints] = used, weights, spread
        return self._parts[joints]


@dataclass(frozen=True, eq=False)
class _Legs:
    """L legs of a rig: their joints (L,), and their bones at rest (L, 3) and (L,), in model space."""

    joints: tuple[NDArray[np.intp], ...]  # upper, lower, ankle, knuckle
    one: F64  # from upper to lower
    two: F64  # from lower to ankle
    foot: F64  # from ankle to knuckle
    lengths: tuple[F64, F64]  # of the two
    bend: F64  # unit: to where knee or elbow bends
    inner: F64  # (L,) the sign of the yaw that turns it to the animal's other side

    @classmethod
    def of(cls, rig: Rig, legs: tuple[str, ...]) -> "_Legs":
        sides = [leg.split("_") for leg in legs]
        table = np.array([[rig.index(f"{name}_{side}") for name in _CHAINS[kind]] for kind, side in sides]).T
        upper, lower, ankle, knuckle = rig.heads[table]
        one, two, rest = lower - upper, ankle - lower, ankle - upper
        rest = rest / np.linalg.norm(rest, axis=1, keepdims=True)
        bend = one - (one * rest).sum(axis=1, keepdims=True) * rest
        bend = bend / np.linalg.norm(bend, axis=1, keepdims=True)
        lengths = np.linalg.norm(one, axis=1), np.linalg.norm(two, axis=1)
        return cls(tuple(table), one, two, knuckle - ankle, lengths, bend, np.sign(bend[:, 2]) * np.sign(upper[:, 0]))


class Motion:
    """F frames of a rig in the making."""

    def __init__(self, rig: Rig, frames: int, skin: "Skin") -> None:
        self.rig = rig
        self.skin = skin
        self.frames = frames
        self.turns = np.tile(_EYE, (frames, len(rig.names), 1, 1))  # (F, J, 3, 3)
        self.shift = np.zeros((frames, 3))  # of the root, metres
        self.paths: dict[str, tuple[F64, F64, F64]] = {}  # of the feet: knuckles, foot and toe pitch

    def set(self, name: str, pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> None:
        """Turn a joint; a name without side turns both, yaw and roll mirrored. Joints that the rig lacks are left."""
        joints = self.rig.family(name)
        for joint in joints:
            sign = -1.0 if len(joints) == 2 and self.rig.names[joint].endswith("_r") else 1.0
            self.turns[:, joint] = turn(pitch, sign * np.asarray(yaw), sign * np.asarray(roll))

    def bend(self, name: str, vector: F64) -> None:
        """Turn a joint about the direction of `vector` (3,) or (F, 3) by its length in degrees."""
        self.turns[:, self.rig.index(name)] = about(vector)

    def globals(self, wanted: tuple[int, ...]) -> tuple[F64, F64]:
        """Turns in model space (F, J, 3, 3) and places (F, J, 3), right for the joints `wanted` and those above."""
        turns, places = self.turns.copy(), np.zeros((self.frames, len(self.rig.names), 3))
        for joints, above, bones in self.rig.above(wanted):
            if above is None:
                places[:, joints] = bones + self.shift[:, None]
                continue
            over = turns[:, above]
            places[:, joints] = places[:, above] + _apply(over, bones)
            turns[:, joints] = portable.matmul(over, turns[:, joints])
        return turns, places

    def at(self, name: str) -> tuple[F64, F64]:
        """Where the joint's parent has turned to in model space (F, 3, 3), and the joint's place (F, 3)."""
        joint = self.rig.index(name)
        turns, places = self.globals((joint,))
        return turns[:, self.rig.skeleton.parents[joint]], places[:, joint]

    def lowest(self, *stems: str) -> F64:
        """(F,) height of the lowest point of the parts that move mainly with the joints of these names.

        Infinity if no part does.
        """
        used, weights, spread = self.skin.part(tuple(self.rig.family(*stems)))
        if not len(weights):
            return np.full(self.frames, np.inf)
        turns, places = self.globals(tuple(used.tolist()))
        rows = turns[:, used, 1]  # (F, K, 3)
        offset = places[:, used, 1] - (rows * self.rig.heads[used]).sum(axis=2)
        heights = portable.matmul(rows.reshape(self.frames, -1), spread.T) + portable.matmul(offset, weights.T)
        return np.asarray(heights.min(axis=1))

    def lay_tail(self, side: F64 | float, radius: float, drop: float = 70.0) -> None:
        """Lets the tail fall to the ground and lie on it, curling by `side` degrees in all to one side.

        `radius` is the tail's at its root, in metres.
        """
        above, place = self.at("tail1")
        least = portable.sin(np.radians(drop))
        for i in range(5):
            name = f"tail{i + 1}"
            bone = self.rig.tips[name]
            length = float(portable.norm(bone))
            fall = np.clip((place[:, 1] - radius * (1 - 0.1 * i)) / length, -0.9, least)
            s, c = portable.sin_cos(np.radians(np.broadcast_to(np.asarray(side, float) * (i + 1) / 5, fall.shape)))
            flat = np.sqrt(1 - fall**2)
            direction = np.stack([-flat * s, -fall, -flat * c], axis=1)
            now = portable.matmul(swing(portable.matmul(above, bone / length), direction), above)  # without twist
            self.turns[:, self.rig.index(name)] = portable.matmul(_back(above), now)
            above, place = now, place + length * direction

    def plant(
        self,
        legs: str | tuple[str, ...],
        toes: F64,
        foot: F64 | float = 0.0,
        toe: F64 | float = 0.0,
        tilt: F64 | None = None,
        lift: float = 0.0,
        raised: F64 | float = 0.0,
    ) -> None:
        """Reach with L legs so that their knuckles are at `toes` (F, L, 3), the feet and the toes pitched as given.

        Pitches, that may be (F, L), are in model space relative to the rest pose, before the turns `tilt` (L, 3, 3) of
        a body that lies on its side; the two upper bones follow by the law of cosines. Knee or elbow bends the way that
        it does at rest, but for `lift` degrees more upward, and `raised` (L,) degrees more towards the animal's other
        side; a target out of reach is approached as far as the leg goes. Of a single leg, without the axis L.
        """
        if isinstance(legs, str):
            legs, toes = (legs,), toes[:, None]
            foot, toe = (pitch[:, None] if np.ndim(pitch) else pitch for pitch in map(np.asarray, (foot, toe)))
        bones = self.rig.kept(_Legs.of, legs)
        upper, lower, ankle, knuckle = bones.joints
        turns, places = self.globals(tuple(upper.tolist()))
        above, hip = turns[:, self.rig.skeleton.parents[upper]], places[:, upper]
        foot_turn, toe_turn = turn(foot), turn(toe)
        if tilt is not None:
            foot_turn, toe_turn = portable.matmul(tilt, foot_turn), portable.matmul(tilt, toe_turn)
        foot_turn = np.broadcast_to(foot_turn, above.shape)
        reach = toes - _apply(foot_turn, bones.foot) - hip
        l1, l2 = bones.lengths
        far = np.linalg.norm(reach, axis=2)
        reach = reach / (far + 1e-12)[..., None]
        far = np.clip(far, 0.28 * (l1 + l2), 0.995 * (l1 + l2))
        pole = _apply(above, _apply(turn(-lift, -np.asarray(raised) * bones.inner), bones.bend))
        pole = pole - (pole * reach).sum(axis=2, keepdims=True) * reach
        pole /= np.linalg.norm(pole, axis=2, keepdims=True)
        cosine = np.clip((l1**2 + far**2 - l2**2) / (2 * l1 * far), -1, 1)
        first = cosine[..., None] * reach + np.sqrt(1 - cosine**2)[..., None] * pole
        second = far[..., None] * reach - l1[:, None] * first
        second /= np.linalg.norm(second, axis=2, keepdims=True)
        first_turn = portable.matmul(swing(_apply(above, bones.one / l1[:, None]), first), above)
        bent = _apply(first_turn, bones.two / l2[:, None])
        second_turn = portable.matmul(swing(bent, second), first_turn)
        self.turns[:, upper] = portable.matmul(_back(above), first_turn)
        self.turns[:, lower] = portable.matmul(_back(first_turn), second_turn)
        self.turns[:, ankle] = portable.matmul(_back(second_turn), foot_turn)
        self.turns[:, knuckle] = portable.matmul(_back(foot_turn), toe_turn)

    def toes(self, leg: str) -> F64:
        """(3,) where the knuckles of a leg rest."""
        kind, side = leg.split("_")
        return np.asarray(self.rig.heads[self.rig.index(sided(_CHAINS[kind][3], 1.0 if side == "l" else -1.0))])

    def footing(self, legs: tuple[str, ...]) -> F64:
        """(F, L, 3) the same of several legs, for each frame."""
        return np.tile([self.toes(leg) for leg in legs], (self.frames, 1, 1))

    def clip(self, name: str, duration: float) -> Clip:
        """The motion as a clip."""
        rig, skeleton = self.rig, self.rig.skeleton
        above = np.where(skeleton.parents[:, None, None] < 0, np.eye(3), rig.axes[skeleton.parents].transpose(0, 2, 1))
        rotation = quaternion(portable.matmul(portable.matmul(above, self.turns), rig.axes))
        # neighbours in one hemisphere
        same = (rotation[1:] * rotation[:-1]).sum(axis=2) >= 0
        rotation[1:] *= np.cumprod(np.where(same, 1.0, -1.0), axis=0)[..., None]
        translation = np.tile(skeleton.translation, (self.frames, 1, 1))
        translation[:, 0] += self.shift
        return Clip(
            name=name,
            duration=duration,
            translation=translation.astype(np.float32),
            rotation=rotation.astype(np.float32),
            scale=np.ones((self.frames, len(rig.names), 3), np.float32),
        )
