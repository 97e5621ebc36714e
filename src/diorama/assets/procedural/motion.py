"""Posing a quadruped frame by frame: turns in model axes, legs by two-bone inverse kinematics.

A `Motion` holds, for F frames, the turn of every joint relative to its parent in the *model axes* (left, up, forward)
of the rest pose, so that "pitch" is the same for every joint. Angles are degrees; a positive pitch lowers the nose, a
positive yaw turns it to the left, a positive roll drops the left side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.skeleton import Rig, quaternion, sided
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]

LEGS = ("fore_l", "fore_r", "hind_l", "hind_r")
_CHAINS = {"fore": ("humerus", "radius", "carpus", "front_toes"), "hind": ("femur", "tibia", "metatarsus", "hind_toes")}


def turn(pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> F64:
    """(..., 3, 3) rotations: first roll about forward, then pitch about left, then yaw about up."""
    p, y, r = (np.radians(np.asarray(angle, float)) for angle in np.broadcast_arrays(pitch, yaw, roll))
    zero, one = np.zeros_like(p), np.ones_like(p)

    def matrix(*rows: tuple[F64, F64, F64]) -> F64:
        return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)

    about_x = matrix((one, zero, zero), (zero, np.cos(p), -np.sin(p)), (zero, np.sin(p), np.cos(p)))
    about_y = matrix((np.cos(y), zero, np.sin(y)), (zero, one, zero), (-np.sin(y), zero, np.cos(y)))
    about_z = matrix((np.cos(r), np.sin(r), zero), (-np.sin(r), np.cos(r), zero), (zero, zero, one))
    return np.asarray(about_y @ about_x @ about_z)


def swing(start: F64, end: F64) -> F64:
    """(F, 3, 3) least rotations that take unit vectors `start` (F, 3) to `end` (Möller and Hughes 1999)."""
    v = np.cross(start, end)
    c = np.einsum("fi,fi->f", start, end)
    k = np.zeros((len(v), 3, 3))
    k[:, 0, 1], k[:, 0, 2], k[:, 1, 2] = -v[:, 2], v[:, 1], -v[:, 0]
    k -= k.transpose(0, 2, 1)
    return np.asarray(np.eye(3) + k + k @ k / np.maximum(1 + c, 1e-6)[:, None, None])


@dataclass(frozen=True, eq=False)
class Skin:
    """S vertices that bound the body, to find what touches the ground."""

    positions: F64  # (S, 3) rest pose, model space
    weights: F64  # (S, J)


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
        """Turn a joint; a name without side turns both, yaw and roll mirrored."""
        names = [name] if name in self.turns else [name + "_l", name + "_r"]
        for one in names:
            sign = -1.0 if len(names) == 2 and one.endswith("_r") else 1.0
            self.turns[one] = np.broadcast_to(
                turn(pitch, sign * np.asarray(yaw), sign * np.asarray(roll)), (self.frames, 3, 3)
            )

    def globals(self) -> tuple[F64, F64]:
        """Turns in model space (F, J, 3, 3) and places of the joints (F, J, 3)."""
        heads, parents = self.rig.heads, self.rig.skeleton.parents
        turns = np.zeros((self.frames, len(parents), 3, 3))
        places = np.zeros((self.frames, len(parents), 3))
        for j, (name, p) in enumerate(zip(self.rig.names, parents, strict=True)):
            if p < 0:
                turns[:, j] = self.turns[name]
                places[:, j] = heads[j] + self.shift
            else:
                turns[:, j] = turns[:, p] @ self.turns[name]
                places[:, j] = places[:, p] + turns[:, p] @ (heads[j] - heads[p])
        return turns, places

    def lowest(self, *stems: str) -> F64:
        """(F,) height of the lowest point of the parts that move mainly with the joints of these names."""
        turns, places = self.globals()
        main = self.skin.weights.argmax(axis=1)
        wanted = [j for j, name in enumerate(self.rig.names) if name.removesuffix("_l").removesuffix("_r") in stems]
        chosen = np.isin(main, wanted)
        rest, weights = self.skin.positions[chosen], self.skin.weights[chosen]
        offset = places[:, :, 1] - np.einsum("fjb,jb->fj", turns[:, :, 1], self.rig.heads)
        heights = np.einsum("sj,fjb,sb->fs", weights, turns[:, :, 1], rest) + offset @ weights.T
        return np.asarray(heights.min(axis=1))

    def lay_tail(self, side: F64 | float, radius: float, drop: float = 70.0) -> None:
        """Lets the tail fall to the ground and lie on it, curling by `side` degrees in all to one side.

        `radius` is the tail's at its root, in metres.
        """
        names = [f"tail{i}" for i in range(1, 6)]
        heads = [self.rig.heads[self.rig.index(name)] for name in names]
        heads.append(heads[-1] + (heads[-1] - heads[-2]))
        turns, places = self.globals()
        above, place = turns[:, self.rig.index("hips")], places[:, self.rig.index("tail1")]
        before = above
        for i, name in enumerate(names):
            bone = heads[i + 1] - heads[i]
            length = float(np.linalg.norm(bone))
            rest = np.degrees(np.arctan2(bone[1], -bone[2]))
            fall = np.clip((place[:, 1] - radius * (1 - 0.1 * i)) / length, -0.9, np.sin(np.radians(drop)))
            now = turn(-np.degrees(np.arcsin(fall)) - rest)
            now = turn(0.0, np.asarray(side) * (i + 1) / 5) @ now
            self.turns[name] = before.transpose(0, 2, 1) @ now
            place = place + now @ bone
            before = now

    def plant(self, leg: str, toes: F64, foot: F64 | float = 0.0, toe: F64 | float = 0.0) -> None:
        """Reach with a leg so that its knuckles are at `toes` (F, 3), the foot and the toes pitched as given.

        Pitches are in model space relative to the rest pose; the two upper bones follow by the law of cosines. The
        joint bends the way that it does at rest; a target out of reach is approached as far as the leg goes.
        """
        kind, side = leg.split("_")
        upper, lower, ankle, knuckle = (self.rig.index(f"{name}_{side}") for name in _CHAINS[kind])
        heads, parents = self.rig.heads, self.rig.skeleton.parents
        turns, places = self.globals()
        above, hip = turns[:, parents[upper]], places[:, upper]
        foot_turn = np.broadcast_to(turn(foot), (self.frames, 3, 3))
        goal = toes - foot_turn @ (heads[knuckle] - heads[ankle])
        one, two = heads[lower] - heads[upper], heads[ankle] - heads[lower]
        l1, l2 = float(np.linalg.norm(one)), float(np.linalg.norm(two))
        reach = goal - hip
        far = np.linalg.norm(reach, axis=1)
        far = np.clip(far, 0.24 * (l1 + l2), 0.995 * (l1 + l2))
        reach = reach / (np.linalg.norm(reach, axis=1, keepdims=True) + 1e-12)
        rest = (heads[ankle] - heads[upper]) / np.linalg.norm(heads[ankle] - heads[upper])
        bend = one - (one @ rest) * rest
        pole = above @ (bend / np.linalg.norm(bend))
        pole = pole - np.einsum("fi,fi->f", pole, reach)[:, None] * reach
        pole /= np.linalg.norm(pole, axis=1, keepdims=True)
        cosine = np.clip((l1**2 + far**2 - l2**2) / (2 * l1 * far), -1, 1)
        first = cosine[:, None] * reach + np.sqrt(1 - cosine**2)[:, None] * pole
        second = (far[:, None] * reach - l1 * first) / l2
        first_turn = swing(above @ (one / l1), first) @ above
        second_turn = (
            swing(first_turn @ (two / l2), second / np.linalg.norm(second, axis=1, keepdims=True)) @ first_turn
        )
        names = self.rig.names
        self.turns[names[upper]] = above.transpose(0, 2, 1) @ first_turn
        self.turns[names[lower]] = first_turn.transpose(0, 2, 1) @ second_turn
        self.turns[names[ankle]] = second_turn.transpose(0, 2, 1) @ foot_turn
        toe_turn = np.broadcast_to(turn(toe), (self.frames, 3, 3))
        self.turns[names[knuckle]] = foot_turn.transpose(0, 2, 1) @ toe_turn

    def toes(self, leg: str) -> F64:
        """(3,) where the knuckles of a leg rest."""
        kind, side = leg.split("_")
        return np.asarray(self.rig.heads[self.rig.index(sided(_CHAINS[kind][3], 1.0 if side == "l" else -1.0))])

    def clip(self, name: str, duration: float) -> Clip:
        """The motion as a clip."""
        rig, skeleton = self.rig, self.rig.skeleton
        rotation = np.zeros((self.frames, len(rig.names), 4))
        for j, (joint, p) in enumerate(zip(rig.names, skeleton.parents, strict=True)):
            above = np.eye(3) if p < 0 else rig.axes[p].T
            rotation[:, j] = quaternion(above @ self.turns[joint] @ rig.axes[j])
        for f in range(1, self.frames):  # neighbours in one hemisphere
            far = np.einsum("ji,ji->j", rotation[f], rotation[f - 1]) < 0
            rotation[f, far] *= -1
        translation = np.tile(skeleton.translation, (self.frames, 1, 1))
        translation[:, 0] += self.shift
        return Clip(
            name=name,
            duration=duration,
            translation=translation.astype(np.float32),
            rotation=rotation.astype(np.float32),
            scale=np.ones((self.frames, len(rig.names), 3), np.float32),
        )
