"""Heads: closed, symmetrical, in order; lids that cover the eye; a jaw that opens downwards."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.bearing import LID_CLOSED
from diorama.assets.procedural.body import body
from diorama.assets.procedural.cat import SHORTHAIR
from diorama.assets.procedural.cats_mixed import CATS
from diorama.assets.procedural.dog import DOGS
from diorama.assets.procedural.eyes import Eye, eyes
from diorama.assets.procedural.features import features
from diorama.assets.procedural.head import head, jaw
from diorama.assets.procedural.implicit import Blob, distance
from diorama.assets.procedural.mouth import palate
from diorama.assets.procedural.pieces import Face, Piece
from diorama.assets.procedural.primitives import Ellipsoid
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, landmarks
from diorama.assets.procedural.shells import shell
from diorama.assets.procedural.turns import turn

F64 = NDArray[np.float64]

ANATOMIES: dict[str, Anatomy] = {id: make.args[0] for id, make in (CATS | DOGS).items()}
SOME = ["cat/shorthair", "cat/persian", "cat/sphynx", "dog/labrador", "dog/pug", "dog/greyhound", "dog/chihuahua"]


@cache
def made(id: str) -> tuple[Anatomy, Landmarks, Face, dict[str, Piece]]:
    a = ANATOMIES[id]
    points = landmarks(a)
    face = Face(a, points, body(a, points))
    return a, points, face, {piece.name: piece for piece in features(a, face, points)}


def turned(positions: F64, about: F64, pitch: float) -> F64:
    return np.asarray(about + (positions - about) @ turn(pitch).T)


def test_there_are_cats_and_dogs_of_many_breeds() -> None:
    assert len(CATS) >= 12
    assert len(DOGS) >= 28
    kinds = {(a.head, a.ears, a.tail, a.height) for a in ANATOMIES.values()}
    assert len(kinds) >= len(ANATOMIES) - 2


@pytest.mark.parametrize("id", SOME)
def test_pieces_are_sound(id: str) -> None:
    _, _, _, pieces = made(id)
    for piece in pieces.values():
        if piece.name.startswith("tuft"):  # seen from both sides
            continue
        corner = piece.positions[piece.triangles]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        agree = np.einsum("ti,ti->t", face, piece.normals[piece.triangles].mean(axis=1))
        solid = np.linalg.norm(face, axis=1) > 1e-10
        least = 0.5 if piece.name.startswith(("ear", "whisker", "tongue")) else 0.9
        assert (agree[solid] > 0).mean() > least, piece.name
        assert np.abs(np.linalg.norm(piece.normals, axis=1) - 1).max() < 1e-3, piece.name
        assert sum(piece.joints.values()) == pytest.approx(np.ones(len(piece.positions))), piece.name


@pytest.mark.parametrize("id", SOME)
def test_left_and_right_match(id: str) -> None:
    _, _, _, pieces = made(id)
    for name in ("ear", "eye", "margin", "lid"):
        assert pieces[f"{name}_l"].positions * [-1, 1, 1] == pytest.approx(pieces[f"{name}_r"].positions)
        assert pieces[f"{name}_l"].positions[:, 0].max() > 0


@pytest.mark.parametrize("id", ["cat/shorthair", "cat/persian", "cat/maine_coon", "cat/norwegian_forest"])
def test_hair_in_an_ear_ends_within_it(id: str) -> None:
    _, _, face, pieces = made(id)
    ear, hairs = pieces["ear_l"].positions, pieces["tuft_l"].positions
    assert (hairs > ear.min(axis=0) - 0.02 * face.unit).all()
    assert (hairs < ear.max(axis=0) + 0.02 * face.unit).all()


@pytest.mark.parametrize("id", ["cat/shorthair", "cat/scottish_fold", "dog/labrador", "dog/basset", "dog/jack_russell"])
def test_an_ear_has_no_crack_along_its_edge(id: str) -> None:
    """Its two sides share their edge, and a hanging one lies on the cheek."""
    a, _, face, pieces = made(id)
    inner, outer = pieces["ear_l"].positions.reshape(2, -1, 9, 3)
    gap = np.linalg.norm(inner - outer, axis=2) / face.unit
    assert gap[2:, [0, 8]].max() < 0.02
    assert gap[4:9, 4].min() > 0.3 * a.ears.thickness
    if a.ears.cling:
        assert np.median(distance(face.blobs, inner[3:7].reshape(-1, 3))) < 0.1 * face.unit


@pytest.mark.parametrize("id", sorted(ANATOMIES))
def test_every_head_is_in_order(id: str) -> None:
    """Eyes over nose over mouth, in the head's own axes; the nose foremost; the eyes neither buried nor loose."""
    a = ANATOMIES[id]
    points = landmarks(a)
    h = a.head
    assert h.eye_y > h.nose_y > h.lip_front > h.nose_y - 0.7
    face = Face(a, points, head(a, points))
    out = face.direction((np.sin(np.radians(h.eye_yaw)), 0.08, np.cos(np.radians(h.eye_yaw))))
    radius = h.eye_radius * face.unit
    apex = points["eyelid"] + radius * out
    bare = [blob for blob in face.blobs if not isinstance(blob.shape, Ellipsoid) or not _orbit(blob, points, radius)]
    assert abs(float(distance(bare, apex[None])[0])) < 1.6 * radius
    assert face.local(points["nose"][None])[0, 2] > face.local(apex[None])[0, 2] - 0.05


def _orbit(blob: Blob, points: Landmarks, radius: float) -> bool:
    shape = blob.shape
    return isinstance(shape, Ellipsoid) and bool(np.allclose(np.abs(shape.centre), np.abs(points["eyelid"])))


@pytest.mark.parametrize("id", SOME)
def test_lids_open_and_close(id: str) -> None:
    """Seen from where the eye looks, an open eye shows its pupil, and a closed one not even a sliver of the ball."""
    a, points, face, pieces = made(id)
    h = a.head
    centre = points["eyelid"]
    eye = Eye(a, face, points)
    axes = np.stack([eye.right, eye.up, eye.out], axis=1)
    lid = pieces["lid_l"]
    assert set(lid.joints) == {"eyelid_l"}
    around = np.linspace(0, 2 * np.pi, 24)

    def covered(positions: F64, reach: float) -> NDArray[np.bool_]:
        """Which places between the lids, out to a share of the opening, a triangle of the lid lies before."""
        probes = np.concatenate([eye.parting(around, share * reach) for share in (0.1, 0.5, 1.0)])
        flat = (positions - centre) @ axes
        corner = flat[lid.triangles]
        found = np.zeros(len(probes), bool)
        for one, two, three in corner[(corner[:, :, 2] > 0).all(axis=1)][:, :, :2]:
            sides = [
                (b[0] - a[0]) * (probes[:, 1] - a[1]) - (b[1] - a[1]) * (probes[:, 0] - a[0])
                for a, b in ((one, two), (two, three), (three, one))
            ]
            found |= (np.array(sides) >= 0).all(axis=0) | (np.array(sides) <= 0).all(axis=0)
        return found

    assert covered(lid.positions, 0.55).mean() < 0.2
    shut = turned(lid.positions, centre, LID_CLOSED)
    assert covered(shut, 0.9).mean() > 0.97
    reach = np.linalg.norm(shut - centre, axis=1) / (h.eye_radius * face.unit)
    assert reach.min() > 0.99  # it slides over the ball, never into it
    assert reach.max() < 1.15


@pytest.mark.parametrize("id", SOME)
def test_the_jaw_opens_downwards_and_shows_the_tongue(id: str) -> None:
    a, points, face, pieces = made(id)
    chin = pieces["jaw"].positions[pieces["jaw"].positions[:, 2].argmax()]
    assert turned(chin[None], points["jaw"], 20.0)[0, 1] < chin[1] - 0.1 * face.unit
    closed = distance(face.blobs, pieces["tongue"].positions) < 0.03 * face.unit
    inside = distance(jaw(a, points), pieces["tongue"].positions) < 0.03 * face.unit
    assert (closed | inside).mean() > 0.9  # nothing of it shows while the mouth is shut
    assert palate(a, points, points["jaw"][None] + 9.0)[0] == 0


def test_measures_shape_the_head() -> None:
    def reach(muzzle: float) -> float:
        a = replace(SHORTHAIR, head=replace(SHORTHAIR.head, muzzle_length=muzzle))
        face = Face(a, landmarks(a), head(a, landmarks(a)))
        start = face.place((0.0, a.head.nose_y, 1.6))
        return float(face.local(face.onto_skin(start[None], -face.direction((0, 0, 1))))[0, 2])

    assert reach(0.4) > reach(0.1) + 0.15
    dome = {d: replace(SHORTHAIR, head=replace(SHORTHAIR.head, dome=d)) for d in (0.0, 1.0)}
    brow = SHORTHAIR.height * SHORTHAIR.head.width * np.array([0.0, 0.34, 0.72])
    at = [distance(head(a, landmarks(a)), (landmarks(a)["head"] + brow)[None])[0] for a in dome.values()]
    assert at[1] < at[0]  # a domed forehead stands farther out


def test_a_shell_is_closed_and_keeps_to_its_budget() -> None:
    blobs = [
        Blob(Ellipsoid(np.array([0.0, 0.1, 0.2]), np.array([0.5, 0.4, 0.3])), 0.0, (("jaw", 0.0),)),
        Blob(Ellipsoid(np.array([0.0, 0.1, 0.5]), np.array([0.1, 0.1, 0.1])), 0.0, (("jaw", 0.0),), cut=True),
    ]
    positions, normals, triangles = shell(blobs, 0.05, 400)
    assert 200 < len(triangles) <= 400
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).astype(np.int64)
    assert (np.sort(edges @ [10**6, 1]) == np.sort(edges @ [1, 10**6])).all()
    assert np.abs(distance(blobs, positions)).max() < 0.02
    assert np.linalg.norm(normals, axis=1) == pytest.approx(np.ones(len(normals)))


def test_eyes_have_their_colours() -> None:
    a = replace(SHORTHAIR, head=replace(SHORTHAIR.head, eye_color=(0.1, 0.2, 0.7)))
    points = landmarks(a)
    ball = next(piece for piece in eyes(a, Face(a, points, head(a, points)), points) if piece.name == "eye_l")
    blue = ball.colors[:, 2] > 2 * ball.colors[:, 0]
    assert 0.2 < blue.mean() < 0.9
    assert ball.colors[-1].max() < 0.01  # the pupil's middle
