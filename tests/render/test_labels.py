"""Normals, extents and keypoints against a slow ray caster and arithmetic written down once more.

Ids, depth, counts and boxes are compared in test_against_reference.py.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.keypoints import keypoints
from diorama.assets.library import Catalogue
from diorama.assets.subject import Part, Subject
from diorama.dataset.schema import truncation
from diorama.render.frames import SUBJECT
from diorama.render.keypoints import CLOSE, DEEP, HIDDEN, OUTSIDE, SEEN, locate
from diorama.render.layout import projected_diameter
from diorama.render.renderer import Renderer
from diorama.scene.batch import SHAPES, SceneBatch
from tests.reference import rigs, scenes
from tests.reference.raycast import F64, box_of, cast, nearest_hit, objects, posed_faces, posed_triangles

SEEDS = (1, 2)


def places(scene: SceneBatch, i: int, points: F64) -> F64:
    """(n, 3) x and y in pixels, and depth, of points (n, 3) of the world."""
    seen = points @ scene.view[i, :, :3].astype(np.float64).T + scene.view[i, :, 3]
    depth = np.maximum(-seen[:, 2], float(scene.near[i]))
    reach = np.tan(float(scene.fov[i]) / 2) * depth
    x, y = (scene.size / 2 * (1 + sign * seen[:, k] / reach) for k, sign in ((0, 1), (1, -1)))
    return np.stack([x, y, -seen[:, 2]], axis=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_normals_agree(seed: int, renderer: Renderer) -> None:
    """All but outlines, and edges where another face is drawn, within what half floats hold."""
    scene = scenes.random(seed)
    frames = renderer.render(scene, ids=True, depth=True, normals=True)
    truths = [cast(scene, i) for i in range(len(scene))]
    assert frames.ids is not None
    assert frames.depth is not None
    assert frames.normals is not None
    ids, depth, normals = (np.stack([getattr(t, name) for t in truths]) for name in ("ids", "depth", "normals"))
    assert not frames.normals[frames.ids == 0].any()
    same = (frames.ids == ids) & (ids > 0)
    same[same] = np.abs(frames.depth[same] / depth[same] - 1) < 1e-3
    np.testing.assert_allclose(np.linalg.norm(frames.normals[same], axis=-1), 1, atol=2e-3)
    drawn = frames.normals[same].astype(np.float64)
    cosine = np.clip((drawn * normals[same]).sum(-1) / np.linalg.norm(drawn, axis=-1), -1, 1)
    angle = np.degrees(np.arccos(cosine))
    assert np.median(angle) < 0.05
    assert (angle > 2).mean() < 1e-3
    assert angle.max() < 120  # another face of the same edge, but none that looks away
    for name in range(1, 6):
        assert (ids[same] == name).sum() > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_the_extent_is_that_of_the_vertices(seed: int, renderer: Renderer) -> None:
    scene = scenes.random(seed)
    scene.view[::2, 0, 3] += 0.5  # some are cut by the image's side
    scene.view[1, 2, 3] += 2.2  # one is partly behind the camera
    extent = renderer.render(scene).extent
    for i in range(len(scene)):
        xy = places(scene, i, posed_triangles(scene, i).reshape(-1, 3))[:, :2]
        np.testing.assert_allclose(extent[i], [*xy.min(0), *xy.max(0)], rtol=1e-3, atol=0.02)
    assert (extent[:, 2] > scene.size).any()
    assert (truncation(extent, scene.size) > 0.1).any()


def test_the_extent_is_the_box_that_a_wider_image_shows(renderer: Renderer) -> None:
    """A camera of three times the width, pixels of the same size: the inner ninth is the image."""
    scene = scenes.random(3, count=6)
    scene.view[:, 0, 3] += np.linspace(-1.2, 1.2, 6, dtype=np.float32)
    wide = replace(scene, size=3 * scene.size, fov=2 * np.arctan(3 * np.tan(scene.fov / 2)))
    extent, shares = renderer.render(scene).extent, []
    for i, share in enumerate(truncation(extent, scene.size)):
        box = box_of(cast(wide, i).whole) - scene.size
        np.testing.assert_allclose(extent[i], box, atol=1.0)
        left, top, right, bottom = box
        inside = max(min(right, 64) - max(left, 0), 0) * max(min(bottom, 64) - max(top, 0), 0)
        assert share == pytest.approx(1 - inside / ((right - left) * (bottom - top)), abs=0.05)
        shares.append(share)
    assert min(shares) == 0
    assert max(shares) > 0.3


def test_joints_are_where_the_rig_takes_them(renderer: Renderer) -> None:
    """A tube of 1.2 m bent by 90° at both joints, turned by 90° and moved: worked by hand."""
    tube = rigs.tube()
    scene = scenes.plain(tube, eye=(0.0, 1.0, 4.0))
    scene.palette[0] = rigs.bent_palette(tube, np.pi / 2, np.pi / 2, (0.1, 0.05, -0.2))
    (found,) = locate(scene, renderer.render(scene, ids=True, depth=True))
    assert found.names == ("joint0", "joint1", "joint2")
    expected = np.array([(0.1, 0.05, -0.2), (0.1, 0.45, -0.2), (0.5, 0.45, -0.2)])
    np.testing.assert_allclose(found.world, expected, atol=1e-6)
    np.testing.assert_allclose(found.xy, places(scene, 0, expected)[:, :2], atol=1e-3)


@pytest.fixture(scope="module")
def subjects() -> tuple[Subject, ...]:
    catalogue = Catalogue.open(None, ("cat", "car"))
    return tuple(catalogue.subject(name) for name in ("cat/shorthair", "car/hatchback"))


def around(subjects: tuple[Subject, ...], size: int = 192) -> SceneBatch:
    """Every subject from eight sides, behind a bar; in the last rounds partly outside the image."""
    count = 8 * len(subjects)
    scene = scenes.empty(count, subjects, (scenes.uniform_sky(),), (scenes.flat_surface(),), size)
    for i in range(count):
        k, side = divmod(i, 8)
        scene.subject[i] = k
        rest = rigs.identity_palette(subjects[k])
        scene.palette[i, : len(rest)] = rest
    scenes.frame_subject(scene)
    for i in range(count):
        side, radius, center = i % 8, float(scene.radius[i]), scene.center[i]
        angle = (side + 0.3) * np.pi / 4
        toward = np.array([np.sin(angle), 0.15 + 0.1 * (side % 3), np.cos(angle)])
        aside = radius * 0.8 * (side % 4 == 3)
        scene.view[i] = scenes.look_at(center + 3.2 * radius * toward, center + np.array([0, aside, 0]))
        scene.fov[i], scene.near[i] = 0.62, 0.05 * radius
        scene.shape[i, 0] = SHAPES.index("box")
        bar = center + radius * (1.3 * toward + 0.35 * np.array([np.cos(angle), 0, -np.sin(angle)]))
        scene.transform[i, 0] = rigs.turned((0, angle, 0), bar, 1)
        scene.transform[i, 0, :, :3] *= radius * np.array([0.25, 3, 0.1], np.float32)
    return scene


def test_keypoints_are_seen_where_no_ray_to_them_is_stopped(subjects: tuple[Subject, ...], renderer: Renderer) -> None:
    """Where a point's own ray and those a pixel beside it, with a little more or less tolerance, tell the same."""
    scene = around(subjects)
    found = locate(scene, renderer.render(scene, ids=True, depth=True))
    tally: Counter[tuple[str, int]] = Counter()
    unclear = 0
    for i, located in enumerate(found):
        points = keypoints(scene.subjects[scene.subject[i]])
        place = places(scene, i, located.world.astype(np.float64))
        inside = ((place[:, :2] >= 0) & (place[:, :2] < scene.size)).all(axis=1)
        assert (located.visible[~inside] == OUTSIDE).all()
        assert not located.xy[~inside].any()
        np.testing.assert_allclose(located.xy[inside], place[inside, :2], atol=2e-3)
        tally["outside", OUTSIDE] += int((~inside).sum())
        reasons = blocked(scene, i, place, points.depth)
        for told, reason in zip(located.visible[inside], reasons[inside], strict=True):
            if reason == "unclear":
                unclear += 1
                continue
            assert told == (SEEN if reason == "free" else HIDDEN), reason
            tally[reason, int(told)] += 1
    assert min(tally[key] for key in (("outside", 0), ("other", 1), ("itself", 1), ("free", 2))) > 15
    assert unclear < 0.3 * sum(tally.values())


def blocked(scene: SceneBatch, i: int, place: F64, deep: NDArray[np.float32]) -> NDArray[np.str_]:
    """(K,) of points at `place` (K, 3): "free", or what stops the rays to them; "unclear" if they do not agree."""
    view, reach = scene.view[i].astype(np.float64), np.tan(float(scene.fov[i]) / 2)
    origin, near = -(view[:, 3] @ view[:, :3]), float(scene.near[i])
    subject, others = posed_faces(scene, i), list(objects(scene, i).values())
    told = []
    for dx, dy in ((0, 0), (1, 0.5), (-0.5, 1), (-0.5, -1)):
        x, y = ((place[:, k] + d) / scene.size * 2 - 1 for k, d in ((0, dx), (1, dy)))
        rays = np.stack([x * reach, -y * reach, -np.ones(len(x))], axis=1) @ view[:, :3]
        other = np.min([nearest_hit(origin, rays, faces, near).distance for faces in others], axis=0)
        itself = nearest_hit(origin, rays, subject, near).distance
        for share in (0.9, 1.1):
            slack = share * (DEEP * deep + CLOSE * float(scene.radius[i]))
            stopped = np.where(itself < place[:, 2] - slack, "itself", "free")
            told.append(np.where(other < place[:, 2], "other", stopped))
    every = np.array(told)
    return np.where((every == every[0]).all(axis=0), every[0], "unclear")


def test_an_eye_is_seen_from_its_own_side(subjects: tuple[Subject, ...], renderer: Renderer) -> None:
    """From the left the left eye, from the front both, from behind none; the subject alone."""
    cat = subjects[0]
    for azimuth, expected in ((90, (SEEN, HIDDEN)), (0, (SEEN, SEEN)), (-90, (HIDDEN, SEEN)), (180, (HIDDEN, HIDDEN))):
        toward = np.array([np.sin(np.radians(azimuth)), 0.1, np.cos(np.radians(azimuth))])
        scene = scenes.plain(cat, eye=1.6 * toward + np.array([0, 0.15, 0]), target=(0, 0.15, 0), size=256)
        frames = renderer.render(scene, ids=True, depth=True)
        assert frames.ids is not None
        assert (frames.ids == SUBJECT).any()
        (found,) = locate(scene, frames)
        eyes = [int(found.visible[found.names.index(name)]) for name in ("left_eye", "right_eye")]
        assert tuple(eyes) == expected, azimuth


def test_planes_show_the_level_of_detail_that_is_drawn(renderer: Renderer) -> None:
    """With several samples to a pixel a finer one than with one, at pixel centres, too."""
    tube = rigs.tube()
    whole = tube.levels[0]
    half = replace(
        whole, indices=whole.indices[: len(whole.indices) // 2], parts=(Part(0, len(whole.indices) // 2 * 3, 0),)
    )
    scene = scenes.plain(replace(tube, id="halved", levels=(whole, half)), samples=4)
    scene.size = round(scene.size * 3.1 * np.sqrt(len(whole.indices)) / float(projected_diameter(scene)[0]))
    both, alone = renderer.render(scene, ids=True), renderer.render(replace(scene, samples=1), ids=True)
    assert both.ids is not None
    assert alone.ids is not None
    assert (both.ids == SUBJECT).sum() == pytest.approx(both.visible[0], rel=0.02)
    assert (alone.ids == SUBJECT).sum() == alone.visible[0] < 0.8 * both.visible[0]
