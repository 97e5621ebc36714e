"""What a dataset's files say of an image agrees: rows, planes and matrices, read as docs/conventions.md tells.

Nothing here but the reader is the project's code: the arithmetic is written out as a stranger would.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.dataset.layout import FORMATS
from diorama.dataset.reader import Dataset
from diorama.randomize.recipe import LABELS
from tests.reference.raycast import box_of

S = 64
SIDES = ("left", "top", "right", "bottom")


@pytest.fixture(scope="module", params=FORMATS)
def images(request: pytest.FixtureRequest, place: Path) -> list[tuple[dict[str, Any], dict[str, NDArray[Any]]]]:
    """Label row and planes of every image."""
    dataset = Dataset.open(place / request.param)
    names = [name for name in LABELS if name != "keypoints"]
    planes = {name: dataset.planes(range(len(dataset)), name) for name in names}
    rows = dataset.labels.to_pylist()
    return [(row, {name: every[k] for name, every in planes.items()}) for k, row in enumerate(rows)]


Images = list[tuple[dict[str, Any], dict[str, NDArray[Any]]]]


def sides(row: dict[str, Any], name: str) -> list[float]:
    return [row[f"{name}.{side}"] for side in SIDES]


def matrix(row: dict[str, Any]) -> NDArray[np.float64]:
    """World to camera."""
    return np.array(row["world_to_camera"]).reshape(3, 4)


def points(row: dict[str, Any], depth: NDArray[np.float32]) -> NDArray[np.float64]:
    """(S, S, 3) the place in the world that each pixel shows; infinite for the sky."""
    y, x = np.mgrid[:S, :S] + 0.5
    metres = depth.astype(np.float64)
    across = (x - row["intrinsics.cx"]) / row["intrinsics.fx"]
    down = (y - row["intrinsics.cy"]) / row["intrinsics.fy"]
    with np.errstate(invalid="ignore"):
        seen = np.stack([across * metres, -down * metres, -metres], axis=-1)
        out: NDArray[np.float64] = (seen - matrix(row)[:, 3]) @ matrix(row)[:, :3]
    return out


def test_boxes_and_shares_are_those_of_the_masks(images: Images) -> None:
    for row, planes in images:
        mask, whole = planes["mask"], planes["amodal"]
        assert np.array_equal(mask, planes["ids"] == 2)
        assert not (mask & ~whole).any()
        assert np.array_equal(whole & ~mask, whole & (planes["ids"] > 2)), "an obstructor hides what is hidden"
        assert sides(row, "box") == box_of(mask).tolist()
        assert sides(row, "whole_box") == box_of(whole).tolist()
        assert row["visible_fraction"] == pytest.approx(mask.sum() / whole.sum())
        assert row["share"] == pytest.approx(whole.sum() / S**2)
    assert any(row["visible_fraction"] < 0.9 for row, _ in images)


def test_the_extent_goes_on_where_the_image_ends(images: Images) -> None:
    for row, _ in images:
        extent, whole, cut = sides(row, "extent"), sides(row, "whole_box"), sides(row, "cut")
        assert cut == [extent[0] < 0, extent[1] < 0, extent[2] > S, extent[3] > S]
        for side in range(4):
            if not cut[side] and not any(cut[1 - side % 2 :: 2]):  # else the outermost point may be cut off beside
                assert whole[side] == pytest.approx(extent[side], abs=1)
        assert (row["truncation"] > 0) == any(cut)


def test_ids_are_named(images: Images) -> None:
    for row, planes in images:
        names = dict(zip(row["ids.id"], row["ids.shape"], strict=True))
        made_of = dict(zip(row["ids.id"], row["ids.surface"], strict=True))
        assert {*np.unique(planes["ids"]).tolist()} <= set(names)
        shown = row["obstructors.shape"][: row["obstructors.count"]]
        assert names == {0: "sky", 1: "ground", 2: "subject"} | {3 + k: shape for k, shape in enumerate(shown)}
        own = "plastic" if row["texturize_subject.applied"] else row["subject"]
        assert [made_of[k] for k in range(3)] == [row["sky.map"], row["surfaces.ground"], own]


def test_depth_and_matrices_give_back_the_world(images: Images) -> None:
    """Half floats tell depth to a share of 2⁻¹¹."""
    for row, planes in images:
        ids, depth, world = planes["ids"], planes["depth"], points(row, planes["depth"])
        assert np.array_equal(np.isinf(depth), ids == 0)
        ground = world[ids == 1]
        assert (np.abs(ground[:, 1]) <= 2.0**-11 * depth[ids == 1] * 1.1 + 1e-5).all()
        center = np.array([row[f"center.{axis}"] for axis in "xyz"])
        away = np.linalg.norm(world[ids == 2] - center, axis=1)
        assert away.max() <= row["radius"] * 1.01 + 2.0**-11 * depth[ids == 2].max()
        assert away.max() >= 0.3 * row["radius"]


def test_normals_are_those_of_the_world_that_depth_tells(images: Images) -> None:
    """The ground looks up, and what is flat looks where its neighbouring pixels say."""
    angles = []
    for row, planes in images:
        ids, world = planes["ids"], points(row, planes["depth"])
        normals = planes["normals"].astype(np.float64) @ matrix(row)[:, :3]
        length = np.linalg.norm(normals, axis=-1)
        assert np.array_equal(length < 0.5, ids == 0)
        up = normals[ids == 1] / length[ids == 1][:, None]
        assert (up[:, 1] > np.cos(np.radians(1))).all()
        inner = (ids[:-1, :-1] == 2) & (ids[1:, :-1] == 2) & (ids[:-1, 1:] == 2)
        with np.errstate(invalid="ignore"):
            flat = np.cross(world[1:, :-1] - world[:-1, :-1], world[:-1, 1:] - world[:-1, :-1])
        size = np.linalg.norm(flat, axis=-1) * length[:-1, :-1]
        cosine = (flat * normals[:-1, :-1]).sum(-1)[inner] / size[inner]
        angles.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    assert np.median(np.concatenate(angles)) < 12  # a few pixels to a facet, and depth in steps


def test_keypoints_appear_where_the_camera_sees_them(images: Images) -> None:
    for row, planes in images:
        world = np.array([row[f"keypoints.world_{axis}"] for axis in "xyz"], np.float64).T
        seen = world @ matrix(row)[:, :3].T + matrix(row)[:, 3]
        x = row["intrinsics.cx"] + row["intrinsics.fx"] * seen[:, 0] / -seen[:, 2]
        y = row["intrinsics.cy"] - row["intrinsics.fy"] * seen[:, 1] / -seen[:, 2]
        assert len(row["keypoints.name"]) == len(x)
        for k, visible in enumerate(row["keypoints.visible"]):
            inside = 0 <= x[k] < S and 0 <= y[k] < S
            assert (visible > 0) == inside
            if inside:
                assert (row["keypoints.x"][k], row["keypoints.y"][k]) == pytest.approx((x[k], y[k]), abs=1e-2)
                before = planes["ids"][int(y[k]), int(x[k])] > 2
                nearer = planes["depth"][int(y[k]), int(x[k])] < -seen[k, 2]
                assert visible == (1 if before and nearer else 2), (
                    "these models are thick: they hide no point of theirs"
                )
    assert {visible for row, _ in images for visible in row["keypoints.visible"]} >= {1, 2}
