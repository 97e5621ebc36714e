"""What each species does: the clips of an animal, in a fixed order; the first is its natural stand."""

from diorama.assets.procedural.gaits import pant, prowl, run, sniff, stand, trot, walk, watch
from diorama.assets.procedural.motion import Skin
from diorama.assets.procedural.postures import beg, bow, groom, paw, scratch, sit, stretch, yawn
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.rests import curl, doze, lie, loaf, side
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.subject import Clip

COMMON = (stand, walk, trot, run, sit, lie, doze, side, curl, stretch, bow, sniff, watch)
OWN = {"cat": (loaf, groom, yawn, prowl)}
DOGS = (pant, scratch, paw, beg)
"""What every species does that is not listed in `OWN`."""


def clips(a: Anatomy, rig: Rig, skin: Skin) -> tuple[Clip, ...]:
    """All clips of an animal."""
    return tuple(make(a, rig, skin) for make in (*COMMON, *OWN.get(a.species, DOGS)))
