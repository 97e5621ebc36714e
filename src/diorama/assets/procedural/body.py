"""The body of an animal as blobs: trunk, neck, limbs, paws, tail and head, with the joints that each moves with."""

from dataclasses import replace

import numpy as np

from diorama.assets.procedural.head import head
from diorama.assets.procedural.implicit import Blob, distance
from diorama.assets.procedural.limbs import limbs
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, landmarks
from diorama.assets.procedural.trunk import neck, tail, trunk


def body(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of body and head, without the lower jaw; left and right are mirror images."""
    return [*trunk(a, points), *neck(a, points), *tail(a, points), *limbs(a, points), *head(a, points)]


def true_to_height(a: Anatomy) -> Anatomy:
    """The animal in the size at which its withers, which muscles and neck raise or lower a little, have their height.

    They are taken over the shoulder blades, without the locks of the coat.
    """
    sleek = replace(a, tousle=0.0)
    points = landmarks(sleek)
    up = np.linspace(0.8, 1.3, 101) * a.height
    line = np.stack([0 * up, up, np.full(101, points["scapula"][2])], axis=1)
    inside = distance(body(sleek, points), line, within=0.05 * a.height) < 0
    return replace(a, height=a.height * a.height / float(up[np.flatnonzero(inside)[-1]]))
