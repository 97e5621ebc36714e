"""Which bones of a user's rig an individual's proportions may change, read from the names of the joints.

Only what is safe is taken: a rig that keeps its ears outside the head gets no other head, one that drives its paws from
the ground gets no longer legs, and where a bone's direction is not an axis of its joint, length scales it evenly.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from diorama.assets.subject import F32, PROPORTIONS, Skeleton

_WORDS = {
    "head": {"head", "skull"},
    "ears": {"ear", "ears"},
    "neck": {"neck"},
    "tail": {"tail"},
    "legs": {"leg", "thigh", "calf", "shin", "foot", "feet", "paw", "hoof", "toe", "toes", "arm", "forearm", "hand"},
}
_FEET = {"foot", "feet", "paw", "hoof", "toe", "toes", "hand"}
_DRIVEN = {"ik", "pole", "target"}
_STRETCHED = ("neck", "tail", "legs")

ALIGNED = 0.95
"""The least cosine between a bone and an axis of its joint for the axis to be taken as the bone's."""


def with_proportions(skeleton: Skeleton) -> Skeleton:
    """The skeleton with `proportion` and `across` set where its names and its structure allow."""
    words = [_words(name) for name in skeleton.names]
    groups = named_groups(skeleton.names)
    ancestors = _ancestors(skeleton)
    heads = {j for j, group in enumerate(groups) if group == "head"}
    legs = {j for j, group in enumerate(groups) if group == "legs" and not words[j] & _FEET}
    if any(group == "ears" and not ancestors[j] & heads for j, group in enumerate(groups)):
        groups = [None if group == "head" else group for group in groups]
    loose = any(said & _FEET and not ancestors[j] & legs for j, said in enumerate(words))
    if loose or any(said & _DRIVEN for said in words):
        groups = [None if group == "legs" else group for group in groups]
    proportion = np.array([-1 if group is None else PROPORTIONS.index(group) for group in groups], np.int32)
    across = np.zeros((len(groups), 3), np.float32)
    for j, group in enumerate(groups):
        if group in _STRETCHED:
            across[j] = _across(skeleton, j)
    return replace(skeleton, proportion=proportion, across=across)


def named_groups(names: Sequence[str]) -> list[str | None]:
    """For each joint, the group of PROPORTIONS that its name tells of."""
    return [next((group for group, known in _WORDS.items() if known & _words(name)), None) for name in names]


def _words(name: str) -> set[str]:
    """The words of a joint's name: "leg.upper.F.L_014", "FrontUpperLeg.L" and "Bip01_L_Foot" alike."""
    return {word.lower() for word in re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]", name)}


def _ancestors(skeleton: Skeleton) -> list[set[int]]:
    found: list[set[int]] = []
    for parent in skeleton.parents.tolist():
        found.append(found[parent] | {parent} if parent >= 0 else set())
    return found


def _across(skeleton: Skeleton, joint: int) -> F32:
    """(3,) the axes across the bone that leads to the joint's only child of its kind; zeros where it is askew."""
    children = np.flatnonzero(skeleton.parents == joint)
    offsets = skeleton.translation[children].astype(np.float64)
    if len(offsets) != 1 or not offsets.any():
        return np.zeros(3, np.float32)
    direction = np.abs(offsets[0]) / np.linalg.norm(offsets[0])
    if direction.max() < ALIGNED:
        return np.zeros(3, np.float32)
    across: F32 = (np.arange(3) != int(direction.argmax())).astype(np.float32)
    return across
