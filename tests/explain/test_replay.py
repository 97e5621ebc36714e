"""Images drawn again are those of the files, their masks agree with the labels, and a change changes one thing."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from diorama.errors import AssetError, OutputError, RecipeError
from diorama.explain.changes import DEFAULTS, Change
from diorama.explain.parts import PARTS, joint_parts, parts, world
from diorama.explain.replay import Replay
from diorama.generate import generate
from diorama.randomize.recipe import Recipe
from diorama.render.frames import SUBJECT
from diorama.render.renderer import Renderer
from tests import tiny
from tests.reference import rigs, scenes

INDEX = np.array([7, 0, 12, 3])


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def data(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset in which some images were drawn again, for size and for what hides the subject."""
    out = tmp_path_factory.mktemp("data") / "data"
    generate(out, tiny.recipe(8).replace(visibility={"min_share": 0.1, "min_visible": 0.8}), models, workers=1)
    return out


@pytest.fixture(scope="module")
def again(data: Path, models: Path, renderer: Renderer) -> Iterator[Replay]:
    return Replay(data, models, renderer)  # type: ignore[return-value]


def test_what_is_drawn_again_is_what_lies_in_the_files(again: Replay, data: Path) -> None:
    drawn = again.draw(INDEX)
    rows = again.rows(INDEX)
    assert max(rows["attempt.camera"].to_pylist() + rows["attempt.obstructors"].to_pylist()) > 0
    for file, rgb in zip(rows["file"].to_pylist(), drawn.rgb, strict=True):
        np.testing.assert_array_equal(rgb, simplejpeg.decode_jpeg((data / file).read_bytes()))
    assert drawn.mask is None
    again.check(drawn)


def test_masks_agree_with_the_labels(again: Replay) -> None:
    drawn, rows = again.draw(INDEX, masks=True), again.rows(INDEX).to_pylist()
    assert drawn.mask is not None
    for mask, visible, row in zip(drawn.mask, drawn.visible, rows, strict=True):
        y, x = np.nonzero(mask)
        box = [row[f"box.{side}"] for side in ("left", "top", "right", "bottom")]
        assert [x.min(), y.min(), x.max() + 1, y.max() + 1] == box
        assert mask.mean() == pytest.approx(row["share"] * row["visible_fraction"], rel=1e-5)
        assert visible == pytest.approx(row["visible_fraction"], rel=1e-5)
    assert drawn.parts is not None
    assert not drawn.parts.any()  # a box and a ball have neither head nor legs


def test_a_change_leaves_all_other_columns_as_they_were(again: Replay) -> None:
    before = again.draw(INDEX)
    mine = {
        "light": "light.",
        "sky.exposure": "sky.exposure",
        "obstructors=omit": "obstructors.",
        "camera.fov=50": "camera.fov",
    }
    for text, prefix in mine.items():
        after = again.draw(INDEX, Change.parse(text))
        assert (after.rgb != before.rgb).any(axis=(1, 2, 3)).sum() >= 3, text
        for name, values in before.columns.items():
            same = np.array_equal(values, after.columns[name])
            assert same or name.startswith(prefix) or name == "seen", (text, name)
        changed = [name for name in before.columns if name.startswith(prefix)]
        assert any(not np.array_equal(before.columns[name], after.columns[name]) for name in changed)


def test_without_obstructors_nothing_hides_the_subject(again: Replay) -> None:
    hidden = np.flatnonzero(again.labels["visible_fraction"].to_numpy() < 1)
    before, after = again.draw(hidden, masks=True), again.draw(hidden, Change.parse("obstructors=omit"), masks=True)
    assert before.mask is not None
    assert after.mask is not None
    assert (after.visible == 1).all()
    assert (after.mask >= before.mask).all()
    assert (after.mask.sum((1, 2)) > before.mask.sum((1, 2))).all()


def test_without_its_subject_a_scene_is_the_same_beyond_subject_and_shadow(again: Replay) -> None:
    before, after = again.draw(INDEX, masks=True), again.draw(INDEX, Change.parse("subject=none"), masks=True)
    assert before.mask is not None
    assert after.mask is not None
    assert not after.mask.any()
    apart = np.abs(before.rgb.astype(int) - after.rgb).max(-1)
    for mask, difference in zip(before.mask, apart, strict=True):
        assert (difference[mask] > 8).mean() > 0.5
        assert np.median(difference[~mask]) <= 8  # JPEG blocks and a shadow differ, not the scene


def test_what_is_drawn_anew_is_drawn_until_the_subject_is_seen(again: Replay) -> None:
    every = np.arange(16)
    change = Change.parse("camera")
    assert not again.draw(every, change).columns["seen"].all()
    found = again.accepted(every, change)
    assert found.index.tolist() == every.tolist()
    assert found.columns["seen"].all()
    other = again.draw(every, change, number=2)
    assert (other.columns["camera.fov"] != again.draw(every, change).columns["camera.fov"]).all()


def test_a_file_that_is_another_is_told(data: Path, models: Path, renderer: Renderer, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "cat" / "000000.jpg").write_bytes((data / "dog" / "000001.jpg").read_bytes())
    again = Replay(tmp_path / "data", models, renderer)
    again.check(again.draw([1, 2]))
    with pytest.raises(AssetError, match=r"cat/000000.jpg: drawn again it looks different \(its file was changed\)"):
        again.check(again.draw([0]))
    with pytest.raises(OutputError, match="has no image 16"):
        again.draw([3, 16])
    with pytest.raises(OutputError, match="is not a dataset of Diorama"):
        Replay(models)


@pytest.mark.parametrize("text", DEFAULTS)
def test_default_changes_are_read(text: str) -> None:
    change = Change.parse(text)
    assert change.text == text
    assert change.name
    changed = change.recipe(Recipe.preset("best"))
    assert changed.classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skies", "no such factor. Did you mean 'sky'"),
        ("sky.mop", "there is no such key. Did you mean 'sky.map'"),
        ("sky=night", "'night' is not what can become of a whole factor"),
        ("camera.fov=wide", "camera.fov"),
        ("nothing=omit", "no such factor"),
    ],
)
def test_a_change_that_cannot_be_is_refused(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Change.parse(text)


def test_changes_that_cannot_matter_are_known() -> None:
    bare = Recipe().omit("obstructors").pin("sky.map=overcast")
    matters = {text: Change.parse(text).matters(bare) for text in ("obstructors", "obstructors=omit", "sky.map", "sky")}
    assert matters == {"obstructors": False, "obstructors=omit": False, "sky.map": False, "sky": True}
    assert Change.parse("subject=none").matters(bare)


def test_parts_are_where_the_joints_are(renderer: Renderer) -> None:
    """A standing capsule whose lower joint is a leg, whose middle a body and whose upper end a head."""
    tube = rigs.tube()
    tube = replace(tube, skeleton=replace(tube.skeleton, names=("Leg.L", "Neck", "Head_01")))
    scene = scenes.plain(tube, eye=(1.0, 1.3, 3.0))
    frames = renderer.render(scene, ids=True, depth=True)
    assert frames.ids is not None
    assert frames.depth is not None
    found, seen = parts(scene, frames)[0], frames.ids[0] == SUBJECT
    assert ((found > 0) == seen).all()
    points = world(scene, 0, seen, frames.depth[0][seen])
    np.testing.assert_allclose(np.hypot(points[:, 0], points[:, 2])[abs(points[:, 1] - 0.6) < 0.2], 0.22, atol=0.01)
    of_pixel = found[seen] - 1
    heights = {name: points[of_pixel == PARTS.index(name), 1] for name in ("legs", "body", "head")}
    assert heights["legs"].max() - 0.05 <= heights["body"].min() < heights["body"].max() <= heights["head"].min() + 0.05
    assert 0 < points[:, 1].min() < 0.1  # the camera looks down a little
    assert points[:, 1].max() == pytest.approx(1.2, abs=0.03)


def test_joints_without_a_group_follow_their_parents() -> None:
    skeleton = rigs.tube().skeleton
    names = {("root", "tail", "bone"): [1, 3, 3], ("hips", "neck", "ear"): [1, 1, 0], ("a", "b", "c"): None}
    for joints, expected in names.items():
        found = joint_parts(replace(skeleton, names=joints))
        if expected is None or 0 not in expected:
            assert found is None
        else:
            assert found is not None
            assert found.tolist() == expected
