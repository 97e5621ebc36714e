"""The body of an animal as blobs: trunk, neck, limbs, paws, tail and head, with the joints that each moves with."""

from diorama.assets.procedural.head import head
from diorama.assets.procedural.implicit import Blob
from diorama.assets.procedural.limbs import limbs
from diorama.assets.procedural.quadruped import Anatomy, Landmarks
from diorama.assets.procedural.trunk import neck, tail, trunk


def body(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of body and head, without the lower jaw; left and right are mirror images."""
    return [*trunk(a, points), *neck(a, points), *tail(a, points), *limbs(a, points), *head(a, points)]
