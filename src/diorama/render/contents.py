"""What the ids of a scene stand for, by name."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.render.frames import GROUND, OBJECT, SKY, SUBJECT
from diorama.scene.batch import BACKDROPS, FLOORS, SHAPES, SceneBatch


def columns(scene: SceneBatch) -> dict[str, list[NDArray[Any]]]:
    """The lists of the labels' columns, an entry per image: each id of the scene, its shape and its surface."""
    shapes = (*SHAPES, *BACKDROPS)
    found: dict[str, list[NDArray[Any]]] = {"ids.id": [], "ids.shape": [], "ids.surface": []}
    for image in range(len(scene)):
        slots = np.flatnonzero(scene.shape[image] >= 0).tolist()
        worn = scene.subject_surface[image]
        skin = scene.surfaces[worn].id if worn >= 0 else scene.subjects[scene.subject[image]].id
        behind = -1 if scene.photo is None else scene.photo[image]
        far = scene.photos[behind].id if behind >= 0 else scene.skies[scene.sky[image]].id
        made_of = [far, scene.surfaces[scene.ground[image]].id, skin]
        ids, kinds = [SKY, GROUND, SUBJECT], ["sky", "ground", "subject"]
        if behind >= 0 and scene.floor is not None and scene.floor[image] != FLOORS.index("drawn"):
            del ids[1], kinds[1], made_of[1]  # what lies there is the photo
        made_of += [scene.surfaces[scene.surface[image, k]].id for k in slots]
        found["ids.id"].append(np.array([*ids, *(OBJECT + k for k in slots)], np.uint8))
        kinds += [shapes[scene.shape[image, k]] for k in slots]
        found["ids.shape"].append(np.array(kinds))
        found["ids.surface"].append(np.array(made_of))
    return found
