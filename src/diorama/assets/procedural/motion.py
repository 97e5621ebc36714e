"""Posing a quadruped frame by frame: turns in model axes, legs by two-bone inverse kinematics.

A `Motion` holds, for F frames, the turn of every joint relative to its parent in the *model axes* (left, up, forward)
of the rest pose, so that "pitch" is the same for every joint. Angles are degrees; a positive pitch lowers the nose, a
positive yaw turns it to the left, a positive roll drops the left side.
"""

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.skeleton import Rig, quaternion, sided
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]

LEGS = ("fore_l", "fore_r", "hind_l", "hind_r")
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
    return np.asarray(np.eye(3) + portable.sin(angle) * k + (1 - portable.cos(angle)) * (portable.matmul(k, k)))


def _cross(v: F64) -> F64:
    """(..., 3, 3) matrices of the cross product with vectors (..., 3)."""
    k = np.zeros((*v.shape, 3))
    k[..., 0, 1], k[..., 0, 2], k[..., 1, 2] = -v[..., 2], v[..., 1], -v[..., 0]
    return k - np.swapaxes(k, -1, -2)


def swing(start: F64, end: F64) -> F64:
    """(F, 3, 3) least rotations that take unit vectors `start` (F, 3) to `end` (Möller and Hughes 1999)."""
    a, b = start.T, end.T
    k = _cross(np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], axis=-1))
    c = np.einsum("fi,fi->f", start, end)
    return np.asarray(np.eye(3) + k + portable.matmul(k, k) / np.maximum(1 + c, 1e-6)[:, None, None])


@dataclass(frozen=True, eq=False)
class Skin:
    """S vertices that bound the body, to find what touches the ground."""

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


class Motion:
    """F frames of a rig in the making."""

    def __init__(self, rig: Rig, frames: int, skin: "Skin") -> None:
        self.rig = rig
        self.skin = skin
        self.frames = frames
        self.turns = {name: np.tile(np.eye(3), (frames, 1, 1)) for name in rig.names}
        self.shift = np.zeros((frames, 3))  # of the root, metres
        self.paths: dict[str, tuple[F64, F64, F64]] = {}  # of the feet: knuckles, foot and toe pitch

    def set(self, name: str, pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> None:
        """Turn a joint; a name without side turns both, yaw and roll mirrored. Joints that the rig lacks are left."""
        names = [one for one in (name, name + "_l", name + "_r") if one in self.turns]
        for one in names:
            sign = -1.0 if len(names) == 2 and one.endswith("_r") else 1.0
            self.turns[one] = np.broadcast_to(
                turn(pitch, sign * np.asarray(yaw), sign * np.asarray(roll)), (self.frames, 3, 3)
            )

    def bend(self, name: str, vector: F64) -> None:
        """Turn a joint about the direction of `vector` (3,) or (F, 3) by its length in degrees."""
        self.turns[name] = np.broadcast_to(about(vector), (self.frames, 3, 3))

    def globals(self, wanted: NDArray[np.intp]) -> tuple[F64, F64]:
        """Turns in model space (F, K, 3, 3) and places (F, K, 3) of the joints `wanted` (K,)."""
        heads, parents = self.rig.heads, self.rig.skeleton.parents
        turns = np.zeros((self.frames, len(parents), 3, 3))
        places = np.zeros((self.frames, len(parents), 3))
        needed = set(wanted.tolist())
        for j in range(len(parents) - 1, -1, -1):  # a parent stands before its children
            if j in needed:
                needed.add(int(parents[j]))
        for j, (name, p) in enumerate(zip(self.rig.names, parents, strict=True)):
            if p < 0:
                turns[:, j] = self.turns[name]
                places[:, j] = heads[j] + self.shift
            elif j in needed:
                turns[:, j] = portable.matmul(turns[:, p], self.turns[name])
                places[:, j] = places[:, p] + portable.matmul(turns[:, p], heads[j] - heads[p])
        return turns[:, wanted], places[:, wanted]

    def at(self, name: str) -> tuple[F64, F64]:
        """Where the joint's parent has turned to in model space (F, 3, 3), and the joint's place (F, 3)."""
        heads, parents = self.rig.heads, self.rig.skeleton.parents
        chain = [self.rig.index(name)]
        while parents[chain[-1]] >= 0:
            chain.append(int(parents[chain[-1]]))
        place = heads[chain[-1]] + self.shift
        above = np.broadcast_to(np.eye(3), (self.frames, 3, 3))
        for p, j in itertools.pairwise(chain[::-1]):
            above = portable.matmul(above, self.turns[self.rig.names[p]])
            place = place + portable.matmul(above, heads[j] - heads[p])
        return above, place

    def lowest(self, *stems: str) -> F64:
        """(F,) height of the lowest point of the parts that move mainly with the joints of these names.

        Infinity if no part does.
        """
        used, weights, spread = self.skin.part(tuple(self.rig.family(*stems)))
        if not len(weights):
            return np.full(self.frames, np.inf)
        turns, places = self.globals(used)
        offset = places[:, :, 1] - np.einsum("fjb,jb->fj", turns[:, :, 1], self.rig.heads[used])
        heights = portable.matmul(turns[:, :, 1].reshape(self.frames, -1), spread.T) + portable.matmul(
            offset, weights.T
        )
        return np.asarray(heights.min(axis=1))

    def point(self, name: str, direction: F64) -> None:
        """Turn a joint, without twist, so that its bone at rest `tips[name]` points along (F, 3) in model space."""
        above, _ = self.at(name)
        bone = self.rig.tips[name]
        now = portable.matmul(swing(portable.matmul(above, bone / portable.norm(bone)), direction), above)
        self.turns[name] = portable.matmul(above.transpose(0, 2, 1), now)

    def lay_tail(self, side: F64 | float, radius: float, drop: float = 70.0) -> None:
        """Lets the tail fall to the ground and lie on it, curling by `side` degrees in all to one side.

        `radius` is the tail's at its root, in metres.
        """
        for i in range(5):
            name = f"tail{i + 1}"
            length = float(portable.norm(self.rig.tips[name]))
            _, place = self.at(name)
            fall = np.clip((place[:, 1] - radius * (1 - 0.1 * i)) / length, -0.9, portable.sin(np.radians(drop)))
            heading = np.radians(np.broadcast_to(np.asarray(side, float) * (i + 1) / 5, fall.shape))
            flat = np.sqrt(1 - fall**2)
            self.point(name, np.stack([-flat * portable.sin(heading), -fall, -flat * portable.cos(heading)], axis=1))

    def plant(
        self,
        leg: str,
        toes: F64,
        foot: F64 | float = 0.0,
        toe: F64 | float = 0.0,
        tilt: F64 | None = None,
        lift: float = 0.0,
        raised: float = 0.0,
    ) -> None:
        """Reach with a leg so that its knuckles are at `toes` (F, 3), the foot and the toes pitched as given.

        Pitches are in model space relative to the rest pose, before the turn `tilt` (3, 3) of a body that lies on its
        side; the two upper bones follow by the law of cosines. Knee or elbow bends the way that it does at rest, but
        for `lift` degrees more upward, and `raised` degrees more towards the animal's other side; a target out of
        reach is approached as far as the leg goes.
        """
        kind, side = leg.split("_")
        upper, lower, ankle, knuckle = (self.rig.index(f"{name}_{side}") for name in _CHAINS[kind])
        heads, names = self.rig.heads, self.rig.names
        above, hip = self.at(names[upper])
        lean = np.eye(3) if tilt is None else tilt
        foot_turn = np.broadcast_to(portable.matmul(lean, turn(foot)), (self.frames, 3, 3))
        goal = toes - portable.matmul(foot_turn, heads[knuckle] - heads[ankle])
        one, two = heads[lower] - heads[upper], heads[ankle] - heads[lower]
        l1, l2 = float(portable.norm(one)), float(portable.norm(two))
        reach = goal - hip
        far = np.linalg.norm(reach, axis=1)
        far = np.clip(far, 0.28 * (l1 + l2), 0.995 * (l1 + l2))
        reach = reach / (np.linalg.norm(reach, axis=1, keepdims=True) + 1e-12)
        rest = (heads[ankle] - heads[upper]) / portable.norm(heads[ankle] - heads[upper])
        bend = one - (portable.matmul(one, rest)) * rest
        inward = -raised * float(np.sign(bend[2]) * np.sign(heads[upper, 0]))
        pole = portable.matmul(above, portable.matmul(turn(-lift, inward), bend) / portable.norm(bend))
        pole = pole - np.einsum("fi,fi->f", pole, reach)[:, None] * reach
        pole /= np.linalg.norm(pole, axis=1, keepdims=True)
        cosine = np.clip((l1**2 + far**2 - l2**2) / (2 * l1 * far), -1, 1)
        first = cosine[:, None] * reach + np.sqrt(1 - cosine**2)[:, None] * pole
        second = (far[:, None] * reach - l1 * first) / l2
        first_turn = portable.matmul(swing(portable.matmul(above, one / l1), first), above)
        second_turn = portable.matmul(
            swing(portable.matmul(first_turn, two / l2), second / np.linalg.norm(second, axis=1, keepdims=True)),
            first_turn,
        )
        self.turns[names[upper]] = portable.matmul(above.transpose(0, 2, 1), first_turn)
        self.turns[names[lower]] = portable.matmul(first_turn.transpose(0, 2, 1), second_turn)
        self.turns[names[ankle]] = portable.matmul(second_turn.transpose(0, 2, 1), foot_turn)
        toe_turn = np.broadcast_to(portable.matmul(lean, turn(toe)), (self.frames, 3, 3))
        self.turns[names[knuckle]] = portable.matmul(foot_turn.transpose(0, 2, 1), toe_turn)

    def toes(self, leg: str) -> F64:
        """(3,) where the knuckles of a leg rest."""
        kind, side = leg.split("_")
        return np.asarray(self.rig.heads[self.rig.index(sided(_CHAINS[kind][3], 1.0 if side == "l" else -1.0))])

    def clip(self, name: str, duration: float) -> Clip:
        """The motion as a clip."""
        rig, skeleton = self.rig, self.rig.skeleton
        turns = np.stack([self.turns[name] for name in rig.names], axis=1)
        above = np.where(skeleton.parents[:, None, None] < 0, np.eye(3), rig.axes[skeleton.parents].transpose(0, 2, 1))
        rotation = quaternion(portable.matmul(portable.matmul(above, turns), rig.axes))
        # neighbours in one hemisphere
        same = np.einsum("fji,fji->fj", rotation[1:], rotation[:-1]) >= 0
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
