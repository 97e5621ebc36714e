"""The distribution of each space: what a recipe promises, to be compared with what images show.

A space draws (randomize.spaces); this is the mathematics of what it draws, written independently of how.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.randomize.directions import Rotation, UpperHemisphere
from diorama.randomize.spaces import (
    Anything,
    BaseSpace,
    Bernoulli,
    Choice,
    Constant,
    Integer,
    LogUniform,
    Normal,
    Uniform,
)

F64 = NDArray[np.float64]


def odds(space: BaseSpace) -> Mapping[Any, float] | None:
    """The probability of each value, where values can be counted; None where `cdf` tells.

    A constant direction or rotation is None too: its components are told apart by `constant`.
    """
    if isinstance(space, Constant) and not isinstance(space.value, tuple):
        return {space.value: 1.0}
    if isinstance(space, Integer):
        count = space.high - space.low + 1
        return {space.low + k: 1 / count for k in range(count)}
    if isinstance(space, Bernoulli):
        return {True: space.p, False: 1 - space.p}
    if isinstance(space, Choice):
        weights = space.weights or (1.0,) * len(space.options)
        return {option: weight / sum(weights) for option, weight in zip(space.options, weights, strict=True)}
    return None


def odds_among(space: BaseSpace, options: Sequence[str], default: str) -> Mapping[str, float]:
    """The probability of each name among those there are: what `Picks.among` draws.

    Args:
        space: Of a key of kind "name".
        options: The names there are.
        default: What `Default` stands for.
    """
    if isinstance(space, Anything):
        left = [options[i] for i in space.of(options)]
        return dict(zip(left, space.odds(left), strict=True))
    known = {str(name): share for name, share in (odds(space) or {}).items() if str(name) in options}
    whole = sum(known.values())
    return {name: share / whole for name, share in known.items()} if whole else {default: 1.0}


def constant(space: BaseSpace, part: int = 0) -> float | bool | str | None:
    """The value that is always drawn, or that component of it; None where values vary."""
    if not isinstance(space, Constant):
        return None
    return space.value[part] if isinstance(space.value, tuple) else space.value


def cdf(space: BaseSpace, x: F64, part: int = 0) -> F64:
    """(n,) probabilities that a number drawn is at most x (n,).

    Args:
        space: One whose values are not counted.
        x: (n,) numbers.
        part: The component, of directions (azimuth, elevation; degrees) and rotations.
    """
    if isinstance(space, Uniform):
        return _share(x, space.low, space.high)
    if isinstance(space, LogUniform):
        return _share(np.log(np.maximum(x, np.finfo(np.float64).tiny)), math.log(space.low), math.log(space.high))
    if isinstance(space, Normal):
        whole = NormalDist(space.mean, space.sd).cdf
        below = 0.0 if space.low is None else whole(space.low)
        above = 1.0 if space.high is None else whole(space.high)
        return _share(np.array([whole(value) for value in x.tolist()], np.float64), below, above)
    if isinstance(space, UpperHemisphere):
        if part == 0:
            return _share(x, *space.azimuth)
        low, high = np.sin(np.radians(space.elevation))  # by Archimedes' theorem the height is uniform
        return _share(np.sin(np.radians(np.clip(x, 0, 90))), float(low), float(high))
    if isinstance(space, Rotation):
        # Unit quaternions are uniform on the sphere in four dimensions. What it has between two values of one
        # coordinate c is proportional to the integral of √(1 - c²), the semicircle.
        c = np.clip(x, -1, 1)
        return np.asarray(0.5 + (c * np.sqrt(1 - c * c) + np.arcsin(c)) / np.pi)
    raise TypeError(f"the values of {type(space).__name__} are counted, or names")


def _share(x: F64, low: float, high: float) -> F64:
    """How far x lies between the bounds, 0 to 1."""
    return np.asarray(np.clip((x - low) / (high - low), 0, 1))
