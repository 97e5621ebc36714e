"""What the ids of a scene stand for, by name."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.render.frames import GROUND, OBJECT, SKY, SUBJECT
from diorama.scene.batch import BACKDROPS, SHAPES, SceneBatch


def columns(scene: SceneBatch) -> dict[str, list[NDArray[Any]]]:
    """The lists of the labels' columns, an entry per image: each id of the scene, its shape and its surface."""
    shapes = (*SHAPES, *BACKDROPS)
    found: dict[str, list[NDArray[Any]]] = {"ids.id": [], "ids.shape": [], "ids.surface": []}
    for image in range(len(scene)):
        slots = np.flatnonzero(scene.shape[image] >= 0).tolist()
        worn = scene.subject_surface[image]
        skin = scene.surfaces[worn].id if worn >= 0 else scene.subjects[scene.subject[image]].id
        made_of = [scene.skies[scene.sky[image]].id, scene.surfaces[scene.ground[image]].id, skin]
        made_of += [scene.surfaces[scene.surface[image, k]].id for k in slots]
        found["ids.id"].append(np.array([SKY, GROUND, SUBJECT, *(OBJECT + k for k in slots)], np.uint8))
        kinds = [shapes[scene.shape[image, k]] for k in slots]
        found["ids.shape"].append(np.array(["sky", "ground", "subject", *kinds]))
        found["ids.surface"].append(np.array(made_of))
    return found
