"""Keyframe tracks, as glTF 2.0 defines them, to clips of equidistant frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diorama.assets.subject import F32, Clip, Skeleton

FRAME_RATE = 30.0
"""Frames per second of a resampled clip."""

MAX_FRAMES = 600
"""A longer clip gets fewer frames per second."""

F64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Track:
    """One animated property of one joint (a sampler of glTF 2.0, section 3.11 and appendix C)."""

    joint: int
    path: Literal["translation", "rotation", "scale", "weights"]
    interpolation: Literal["STEP", "LINEAR", "CUBICSPLINE"]
    times: F64  # (K,) seconds, strictly increasing
    values: F64  # (K, D), or (K, 3, D) in-tangent, value, out-tangent for CUBICSPLINE; D: 4, 3, or the targets

    def at(self, seconds: F64) -> F64:
        """(F, D) values at the given times; outside the keys the nearest key holds."""
        spline = self.interpolation == "CUBICSPLINE"
        keys = self.values[:, 1] if spline else self.values
        if len(self.times) == 1:
            return np.repeat(keys, len(seconds), 0)
        before = np.clip(np.searchsorted(self.times, seconds, "right") - 1, 0, len(self.times) - 2)
        span = np.maximum(self.times[before + 1] - self.times[before], 1e-9)[:, None]
        share = np.clip((seconds[:, None] - self.times[before, None]) / span, 0.0, 1.0)
        first, second = keys[before], keys[before + 1]
        if self.interpolation == "STEP":
            return np.where(share >= 1.0, second, first)
        if spline:
            leave, arrive = self.values[before, 2] * span, self.values[before + 1, 0] * span
            square, cube = share**2, share**3
            blend: F64 = (
                (2 * cube - 3 * square + 1) * first
                + (cube - 2 * square + share) * leave
                + (3 * square - 2 * cube) * second
                + (cube - square) * arrive
            )
            return blend
        return slerp(first, second, share) if self.path == "rotation" else first + (second - first) * share


def slerp(first: F64, second: F64, share: F64) -> F64:
    """(F, 4) spherical interpolation on the shorter arc (Shoemake 1985) of (F, 4) quaternions; share is (F, 1)."""
    dot = (first * second).sum(1, keepdims=True)
    second = np.where(dot < 0, -second, second)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-6
    sine = np.where(near, 1.0, sine)
    left = np.where(near, 1.0 - share, np.sin((1.0 - share) * angle) / sine)
    right = np.where(near, share, np.sin(share * angle) / sine)
    blend: F64 = left * first + right * second
    return blend


def seconds_of(tracks: Sequence[Track], rate: float = FRAME_RATE, most: int = MAX_FRAMES) -> F64:
    """(F,) times of a clip's frames, from the earliest key of all tracks, which need not be at 0, to the latest.

    A clip that does not last (a pose) has one frame.
    """
    start = min((float(track.times[0]) for track in tracks), default=0.0)
    duration = max((float(track.times[-1]) for track in tracks), default=0.0) - start
    count = max(round(min(duration * rate + 1, most, MAX_FRAMES)), 2) if duration > 0 else 1
    return start + np.linspace(0.0, max(duration, 0.0), count)


def resample(name: str, skeleton: Skeleton, tracks: Sequence[Track], seconds: F64 | None = None) -> Clip:
    """A dense clip from sparse tracks of joints; joints and properties without a track keep the rest pose.

    Args:
        name: The clip's name.
        skeleton: What the tracks move.
        tracks: Of joints; others are left out.
        seconds: (F,) equidistant times of the frames; those of `seconds_of` if not given.
    """
    seconds = seconds_of(tracks) if seconds is None else seconds
    count = len(seconds)
    dense: dict[str, F64] = {
        "translation": np.repeat(skeleton.translation[None].astype(np.float64), count, 0),
        "rotation": np.repeat(skeleton.rotation[None].astype(np.float64), count, 0),
        "scale": np.repeat(skeleton.scale[None].astype(np.float64), count, 0),
    }
    for track in tracks:
        if track.path != "weights":
            dense[track.path][:, track.joint] = track.at(seconds)
    return Clip(
        name=name,
        duration=float(seconds[-1] - seconds[0]) if count > 1 else 1.0 / FRAME_RATE,
        translation=dense["translation"].astype(np.float32),
        rotation=one_hemisphere(dense["rotation"]),
        scale=dense["scale"].astype(np.float32),
    )


def one_hemisphere(rotation: F64) -> F32:
    """(F, J, 4) unit quaternions, each on its predecessor's side, so that a linear blend takes the shorter way."""
    length = np.linalg.norm(rotation, axis=-1, keepdims=True)
    identity = np.array([0.0, 0.0, 0.0, 1.0])
    unit = np.where(length > 1e-12, rotation / np.maximum(length, 1e-12), identity)
    turns = np.where((unit[1:] * unit[:-1]).sum(-1, keepdims=True) < 0, -1.0, 1.0)
    unit[1:] *= np.cumprod(turns, 0)
    return unit.astype(np.float32)
