"""What a face is known by: ears, eyes, nose, mouth, whiskers."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.ears import ears
from diorama.assets.procedural.eyes import eyes
from diorama.assets.procedural.head import nose_leather
from diorama.assets.procedural.mouth import mouth
from diorama.assets.procedural.pieces import SKIN, Face, Piece, grid_triangles
from diorama.assets.procedural.primitives import rows
from diorama.assets.procedural.quadruped import Anatomy, Landmarks
from diorama.assets.procedural.shells import shell

F64 = NDArray[np.float64]


def features(a: Anatomy, face: Face, points: Landmarks) -> list[Piece]:
    """All pieces of the head besides the hide."""
    pieces = [*mouth(a, face, points), *ears(a, face), *eyes(a, face, points), *_nose(a, face, points)]
    return [*pieces, *_whiskers(a, face)] if a.head.pads else pieces


def _nose(a: Anatomy, face: Face, points: Landmarks) -> list[Piece]:
    """The nose leather, and apart from it the inside of its nostrils, which no coat colours."""
    h = a.head
    start = face.place((0, h.nose_y, h.skull_length + h.muzzle_length + 0.5))
    skin = face.local(face.onto_skin(start[None], -face.direction((0, 0, 1))))[0]
    blobs = nose_leather(a, points, float(skin[2]))
    positions, normals, triangles = shell(blobs, h.nose * face.unit / 17, 380)
    holes = [blob for blob in blobs if blob.cut and abs(blob.shape.bounds()[0][0]) > 0.05 * h.nose * face.unit]
    far = np.min([blob.distance(rows(positions)) for blob in holes], axis=0) / (h.nose * face.unit)
    light = np.clip(far / 0.07, 0.06, 1)
    colors = light[:, None] * np.array(h.nose_color)
    n, deep = len(positions), light[triangles].mean(axis=1) < 0.5
    joints = {"muzzle": np.ones(n)}
    return [
        Piece(name, positions, normals, triangles[own], colors, np.full(n, covered), joints, SKIN)
        for name, own, covered in (("nose", ~deep, 0.0), ("nostril", deep, 1e-6))
    ]


def _whiskers(a: Anatomy, face: Face) -> list[Piece]:
    """Stiff white hairs in rows on each whisker pad: thin three-sided spikes, bent.

    Thicker than an animal's: as thin as those they would vanish between the samples of a small picture.
    """
    h = a.head
    front, y = h.skull_length + h.muzzle_length, h.nose_y - 0.10
    hairs = []
    for row in range(3):
        for back in range(3):
            root = (0.13 + 0.035 * back, y + 0.035 - 0.045 * row, front - 0.10 - 0.04 * back)
            end = (0.66 + 0.10 * back, y + 0.17 - 0.17 * row - 0.02 * back, front - 0.02 - 0.17 * back)
            hairs.append((root, end))
    pieces = []
    for root, end in hairs:
        foot, tip = face.place(root), face.place(end)
        foot = foot - 0.06 * (tip - foot)
        mid = 0.55 * foot + 0.45 * tip + 0.045 * face.unit * face.turn[:, 1]
        axis = (tip - foot) / portable.norm(tip - foot)
        one = np.cross(axis, np.array([0.0, 1.0, 0.0]))
        one /= portable.norm(one)
        two = np.cross(axis, one)
        angle = np.arange(3) * 2 * np.pi / 3
        around = portable.cos(angle)[:, None] * one + portable.sin(angle)[:, None] * two
        positions = np.concatenate([foot + 0.008 * face.unit * around, mid + 0.0048 * face.unit * around, tip[None]])
        triangles = np.concatenate(
            [grid_triangles(2, 3, closed=True), np.array([(3, 4, 6), (4, 5, 6), (5, 3, 6)], np.uint32)]
        )
        normals = np.concatenate([around, around, axis[None]])
        piece = Piece("whisker_l", positions, normals, triangles, np.full((7, 3), 0.66), np.zeros(7),
                      {"muzzle": np.ones(7)}, SKIN)  # fmt: skip
        pieces += [piece, piece.mirrored("whisker_r")]
    return pieces
