"""Poses subjects in tests."""

import numpy as np

from diorama.assets.animate import pose, shape, skin
from diorama.assets.subject import F32, PROPORTIONS, Subject


def posed(subject: Subject, clip: int = -1, time: float = 0.0, **proportions: float) -> F32:
    """(V, 3) vertices of level 0."""
    morphs = shape(subject, np.array([clip]), np.array([time]))[0]
    return skin(subject, palette(subject, clip, time, **proportions), morphs=morphs)[0]


def palette(subject: Subject, clip: int = -1, time: float = 0.0, **proportions: float) -> F32:
    """(J, 3, 4) joint matrices of one pose."""
    values = np.array([[proportions.get(name, 1.0) for name in PROPORTIONS]])
    matrices: F32 = pose(subject, np.array([clip]), np.array([time]), values)[0]
    return matrices
