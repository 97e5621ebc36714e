"""Posing a quadruped frame by frame: turns in model axes, legs by two-bone inverse kinematics.

A `Motion` holds, for F frames, the turn of every joint relative to its parent in the *model axes* (left, up, forward)
of the rest pose, so that "pitch" is the same for every joint (`turns`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.skeleton import Rig, quaternion
from diorama.assets.procedural.turns import apply, back, length, swing, turn
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]

LEGS = ("fore_l", "fore_r", "hind_l", "hind_r")
TAIL = ("tail1", "tail2", "tail3", "tail4", "tail5")
_CHAINS = {"fore": ("humerus", "radius", "carpus", "front_toes"), "hind": ("femur", "tibia", "metatarsus", "hind_toes")}


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
    """L legs of a rig: their joints (L,), and their bones at rest (L, 3) and (L, 1), in model space."""

    joints: tuple[NDArray[np.intp], ...]  # upper, lower, ankle, knuckle
    above: NDArray[np.intp]  # the uppers' parents
    one: F64  # unit: from upper to lower
    two: F64  # unit: from lower to ankle
    foot: F64  # from ankle to knuckle
    rest: F64  # where the knuckles are
    lengths: tuple[F64, F64]  # of the two
    bend: F64  # unit: to where knee or elbow bends
    inner: F64  # (L,) the sign of the yaw that turns it to the animal's other side

    @classmethod
    def of(cls, rig: Rig, legs: tuple[str, ...]) -> "_Legs":
        sides = [leg.split("_") for leg in legs]
        table = np.array([[rig.index(f"{name}_{side}") for name in _CHAINS[kind]] for kind, side in sides]).T
        upper, lower, ankle, knuckle = rig.heads[table]
        one, two, rest = lower - upper, ankle - lower, ankle - upper
        rest = rest / length(rest)
        bend = one - (one * rest).sum(axis=1, keepdims=True) * rest
        bend = bend / length(bend)
        l1, l2 = length(one), length(two)
        inner = np.sign(bend[:, 2]) * np.sign(upper[:, 0])
        above = rig.skeleton.parents[table[0]].astype(np.intp)
        return cls(tuple(table), above, one / l1, two / l2, knuckle - ankle, knuckle, (l1, l2), bend, inner)


@dataclass(frozen=True, eq=False)
class _Tail:
    """The five bones of a rig's tail: their joints, unit directions at rest (5, 3) in model space, and lengths."""

    joints: tuple[int, ...]
    along: F64
    lengths: tuple[float, ...]

    @classmethod
    def of(cls, rig: Rig, names: tuple[str, ...]) -> "_Tail":
        bones = [rig.tips[name] for name in names]
        lengths = tuple(float(portable.norm(bone)) for bone in bones)
        along = np.array(bones) / np.array(lengths)[:, None]
        return cls(rig.family(*names), along, lengths)


class Motion:
    """F frames of a rig in the making."""

    def __init__(self, rig: Rig, frames: int, skin: "Skin") -> None:
        self.rig = rig
        self.skin = skin
        self.frames = frames
        self.paths: dict[str, tuple[F64, F64, F64]] = {}  # of the feet: knuckles, foot and toe pitch
        joints = len(rig.names)
        self._turns = np.tile(np.eye(3), (frames, joints, 1, 1))  # (F, J, 3, 3) of each joint against its parent
        self._shift = np.zeros((frames, 3))  # of the root, metres
        self._known = 0  # the joints of which these are right:
        self._globals = np.empty((frames, joints, 3, 3)), np.empty((frames, joints, 3))

    def rise(self, height: F64 | float) -> None:
        """Moves all upward by `height` (F,) metres from where it rests."""
        self._shift[:, 1] = height
        self._known = 0

    def put(self, joints: tuple[int, ...], turns: F64) -> None:
        """Turns K joints against their parents by rotations (K, 3, 3) or (F, K, 3, 3)."""
        self._turns[:, joints] = turns
        self._known &= ~self.rig.tree.below(joints)

    def set(self, name: str, pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> None:
        """Turn a joint; a name without side turns both, yaw and roll mirrored. Joints that the rig lacks are left."""
        joints = self.rig.family(name)
        for joint in joints:
            sign = -1.0 if len(joints) == 2 and self.rig.names[joint].endswith("_r") else 1.0
            self.put((joint,), turn(pitch, sign * yaw, sign * roll)[..., None, :, :])

    def globals(self, wanted: tuple[int, ...]) -> tuple[F64, F64]:
        """Turns in model space (F, J, 3, 3) and places (F, J, 3), right for the joints `wanted` and those above.

        They are so until a joint is turned: nobody else may write to them.
        """
        (turns, places), tree = self._globals, self.rig.tree
        missing = tree.above(wanted) & ~self._known
        for joints, parents in tree.levels(missing):
            bones, own = self.rig.bones.take(joints, 0), self._turns.take(joints, 1)
            if parents is None:
                turns[:, joints], places[:, joints] = own, bones + self._shift[:, None]
                continue
            over = turns.take(parents, 1)
            places[:, joints] = places.take(parents, 1) + apply(over, bones)
            turns[:, joints] = portable.matmul(over, own)
        self._known |= missing
        return turns, places

    def at(self, name: str) -> tuple[F64, F64]:
        """Where the joint's parent has turned to in model space (F, 3, 3), and the joint's place (F, 3)."""
        joint = self.rig.index(name)
        turns, places = self.globals((joint,))
        return turns[:, self.rig.skeleton.parents[joint]].copy(), places[:, joint].copy()

    def lowest(self, *stems: str) -> F64:
        """(F,) height of the lowest point of the parts that move mainly with the joints of these names.

        Infinity if no part does.
        """
        used, weights, spread = self.skin.part(self.rig.family(*stems))
        if not len(weights):
            return np.full(self.frames, np.inf)
        turns, places = self.globals(tuple(used.tolist()))
        rows = turns[:, used, 1]  # (F, K, 3)
        offset = places[:, used, 1] - np.add.reduce(rows * self.rig.heads[used], axis=2)
        heights = portable.matmul(rows.reshape(self.frames, -1), spread.T) + portable.matmul(offset, weights.T)
        return np.asarray(heights.min(axis=1))

    def lay_tail(self, side: F64 | float, radius: float, drop: float = 70.0) -> None:
        """Lets the tail fall to the ground and lie on it, curling by `side` degrees in all to one side.

        `radius` is the tail's at its root, in metres; where it enters the ground, as with long hair, it lies higher.
        """
        sides = np.multiply.outer(np.arange(1, 6), np.asarray(side, float)).reshape(5, -1) / 5
        s, c = portable.sin_cos(np.radians(sides))
        over, place = self.at(TAIL[0])
        least = float(portable.sin(np.radians(drop)))
        self._lay_tail(over, place[:, 1], s, c, radius, least)
        for _ in range(3):
            under = float(self.lowest(*TAIL[1:]).min())
            if under >= 0:
                break
            radius -= under
            self._lay_tail(over, place[:, 1], s, c, radius, least)

    def _lay_tail(self, over: F64, height: F64, s: F64, c: F64, radius: float, least: float) -> None:
        """The same from a root below a parent turned by `over` (F, 3, 3), at `height` (F,), to sides by their sine and
        cosine (5, F) or (5, 1)."""
        tail, falls = self.rig.kept(_Tail.of, TAIL), []
        for i, reach in enumerate(tail.lengths):
            falls.append(np.minimum(np.maximum((height - radius * (1 - 0.1 * i)) / reach, -0.9), least))
            height = height + reach * -falls[i]
        fall = np.stack(falls)  # (5, F)
        flat = np.sqrt(1 - fall * fall)
        ways = np.stack([-flat * s, -fall, -flat * c], axis=2)
        turns = [over]
        for along, way in zip(tail.along, ways, strict=True):  # without twist
            turns.append(portable.matmul(swing(portable.matmul(turns[-1], along), way), turns[-1]))
        chain = np.stack(turns, axis=1)
        self.put(tail.joints, portable.matmul(back(chain[:, :-1]), chain[:, 1:]))

    def plant(
        self,
        legs: tuple[str, ...],
        toes: F64,
        foot: F64 | float = 0.0,
        toe: F64 | float = 0.0,
        tilt: F64 | None = None,
        lift: F64 | float = 0.0,
        raised: F64 | float = 0.0,
    ) -> None:
        """Reach with L legs so that their knuckles are at `toes` (F, L, 3), the feet and the toes pitched as given.

        Pitches, that may be (L,) or (F, L), are in model space relative to the rest pose, before the turns `tilt`
        (L, 3, 3) of a body that lies on its side; the two upper bones follow by the law of cosines. Knee or elbow bends
        the way that it does at rest, but for `lift` degrees more upward, and `raised` degrees more towards the animal's
        other side, both of which may be (L,); a target out of reach is approached as far as the leg goes.
        """
        bones = self.rig.kept(_Legs.of, legs)
        upper, lower, ankle, knuckle = bones.joints
        turns, places = self.globals(tuple(upper.tolist()))
        over, hip = turns.take(bones.above, 1), places.take(upper, 1)
        pitches = np.stack(np.broadcast_arrays(foot, toe, -np.asarray(lift), bones.inner)[:3])
        yaws = np.zeros((3, len(legs)))
        yaws[2] = -np.asarray(raised) * bones.inner
        foot_turn, toe_turn, pole_turn = turn(pitches, yaws.reshape(3, *[1] * (pitches.ndim - 2), len(legs)))
        if tilt is not None:
            foot_turn, toe_turn = portable.matmul(tilt, foot_turn), portable.matmul(tilt, toe_turn)
        foot_turn = np.broadcast_to(foot_turn, over.shape)
        reach = toes - apply(foot_turn, bones.foot) - hip
        l1, l2 = bones.lengths
        far = length(reach)
        reach = reach / (far + 1e-12)
        far = np.clip(far, 0.28 * (l1 + l2), 0.995 * (l1 + l2))
        pole = apply(over, apply(pole_turn, bones.bend))
        pole = pole - np.add.reduce(pole * reach, axis=2, keepdims=True) * reach
        pole /= length(pole)
        cosine = np.clip((l1**2 + far**2 - l2**2) / (2 * l1 * far), -1, 1)
        first = cosine * reach + np.sqrt(1 - cosine**2) * pole
        second = far * reach - l1 * first
        second /= length(second)
        first_turn = portable.matmul(swing(apply(over, bones.one), first), over)
        second_turn = portable.matmul(swing(apply(first_turn, bones.two), second), first_turn)
        for joints, before, after in (
            (upper, over, first_turn),
            (lower, first_turn, second_turn),
            (ankle, second_turn, foot_turn),
            (knuckle, foot_turn, toe_turn),
        ):
            self._turns[:, joints] = portable.matmul(back(before), after)
        self._known &= ~self.rig.tree.below(tuple(upper.tolist()))

    def footing(self, legs: tuple[str, ...]) -> F64:
        """(F, L, 3) where the knuckles of legs rest, for each frame."""
        return np.repeat(self.rig.kept(_Legs.of, legs).rest[None], self.frames, axis=0)

    def clip(self, name: str, duration: float) -> Clip:
        """The motion as a clip."""
        rig, skeleton = self.rig, self.rig.skeleton
        above = np.where(skeleton.parents[:, None, None] < 0, np.eye(3), rig.axes[skeleton.parents].transpose(0, 2, 1))
        rotation = quaternion(portable.matmul(portable.matmul(above, self._turns), rig.axes))
        # neighbours in one hemisphere
        same = (rotation[1:] * rotation[:-1]).sum(axis=2) >= 0
        rotation[1:] *= np.cumprod(np.where(same, 1.0, -1.0), axis=0)[..., None]
        translation = np.tile(skeleton.translation, (self.frames, 1, 1))
        translation[:, 0] += self._shift
        return Clip(
            name=name,
            duration=duration,
            translation=translation.astype(np.float32),
            rotation=rotation.astype(np.float32),
            scale=np.ones((self.frames, len(rig.names), 3), np.float32),
        )
