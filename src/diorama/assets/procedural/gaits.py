"""placeholder"""

import numpy as np
from diorama.assets.subject import Clip
from diorama.assets.procedural.quadruped import Anatomy, Rig


def clips(a: Anatomy, rig: Rig) -> tuple[Clip, ...]:
    return ()
