"""assets.yaml says what the files do not."""

from pathlib import Path

import numpy as np
import pytest

from diorama.assets.library import Catalogue
from diorama.assets.models import load_model, read_model
from diorama.assets.settings import Settings, SettingsFiles, read_settings
from diorama.assets.subject import Subject
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE, Model, arm
from tests.assets.posing import posed


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path_factory.mktemp("cache")))


def long_box(folder: Path) -> Path:
    """A box of 1 × 2 × 3 whose corner lies at the origin."""
    model = Model()
    model.node(mesh=model.mesh(CORNERS * (1, 2, 3), CUBE), name="Box")
    return model.save(folder / "box.glb")


def extent(subject: Subject) -> np.ndarray:
    vertices = posed(subject)
    return np.array([vertices.min(0), vertices.max(0)])


@pytest.mark.parametrize(
    ("up", "low", "high"),
    [
        ("y", (0, 0, 0), (1, 2, 3)),
        ("-y", (0, -2, -3), (1, 0, 0)),
        ("z", (0, 0, -2), (1, 3, 0)),
        ("-z", (0, -3, 0), (1, 0, 2)),
        ("x", (-2, 0, 0), (0, 1, 3)),
        ("-x", (0, -1, 0), (2, 0, 3)),
    ],
)
def test_up(tmp_path: Path, up: str, low: tuple[int, ...], high: tuple[int, ...]) -> None:
    subject = read_model(long_box(tmp_path), "a/a", Settings.model_validate({"up": up}))
    np.testing.assert_allclose(extent(subject), [low, high], atol=1e-6)


def test_yaw_turns_to_the_left_and_scale_is_metres(tmp_path: Path) -> None:
    path = long_box(tmp_path)
    subject = read_model(path, "a/a", Settings(yaw=90))
    np.testing.assert_allclose(extent(subject), [(0, 0, -1), (3, 2, 0)], atol=1e-6)  # its front, +z, is at +x now
    size = np.ptp(extent(load_model(path, "a/a", Settings(yaw=90, scale=4.5))), axis=0)
    np.testing.assert_allclose(size, [4.5, 3, 1.5], rtol=1e-5)


def test_clips_by_name(tmp_path: Path) -> None:
    model = arm()
    for name in ("Walk", "Walk_Hit", "Death"):
        model.animate(1, "translation", [0, 1], [[0, 1, 0], [0, 2, 0]], name=name)
    path = model.save(tmp_path / "arm.glb")

    def names(**clips: list[str]) -> list[str]:
        return [clip.name for clip in read_model(path, "a/a", Settings.model_validate({"clips": clips})).clips]

    assert names() == ["bend", "Walk", "Walk_Hit", "Death"]
    assert names(exclude=["death*", "*_hit"]) == ["bend", "Walk"]
    assert names(include=["walk*"], exclude=["*_Hit"]) == ["Walk"]


@pytest.mark.parametrize("pattern", ["Shadow*", "blob mesh", "BLACK"])
def test_meshes_are_dropped_by_the_name_of_node_mesh_or_material(tmp_path: Path, pattern: str) -> None:
    model = Model()
    model.json["materials"] = [{"name": "fur"}, {"name": "black"}]
    model.node(mesh=model.cube(material=0), name="Body")
    model.node(mesh=model.cube(material=1), name="Shadow_01", translation=[9, 0, 0])
    model.json["meshes"][1]["name"] = "Blob mesh"
    path = model.save(tmp_path / "cat.glb")
    assert extent(read_model(path, "a/a"))[1, 0] == 10
    assert extent(read_model(path, "a/a", Settings(drop=(pattern,))))[1, 0] == 1
    with pytest.raises(AssetError, match="Drop less"):
        read_model(path, "a/a", Settings(drop=("*",)))


# The file


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("cat/a.glb", "cat/big/b.glb", "new/c.glb", "loose.glb"):
        long_box((tmp_path / name).parent).rename(tmp_path / name)
    return tmp_path


def test_patterns_classes_and_credits(models: Path) -> None:
    (models / "assets.yaml").write_text(
        '"*.glb": {licence: CC0-1.0, author: Ann}\n"new/*": {class: cat}\nloose.glb: {class: dog, author: Bob}\n'
    )
    (models / "cat" / "big").joinpath("assets.yaml").write_text("b.glb: {scale: 2}\n")
    catalogue = Catalogue.open(models)
    assert catalogue.classes == ("cat", "dog")
    assert catalogue.subjects("cat") == ("cat/a", "cat/big/b", "cat/new/c")
    assert np.ptp(extent(catalogue.subject("cat/big/b")), axis=0).max() == pytest.approx(2, rel=1e-5)
    credits = {row["subject"]: (row["licence"], row["author"]) for row in catalogue.credits()}
    assert credits["cat/a"] == ("CC0-1.0", "Ann")
    assert credits["dog/loose"] == ("CC0-1.0", "Bob")


def test_models_can_be_left_out_and_settings_are_content(models: Path) -> None:
    before = Catalogue.open(models, ["cat"])
    (models / "assets.yaml").write_text("b.glb: {skip: true}\ncat/a.glb: {yaw: 30}\nd.glb: {yaw: 1}\n")
    after = Catalogue.open(models)
    assert after.subjects("cat") == ("cat/a",)
    assert after.subject("cat/a").hash != before.subject("cat/a").hash
    assert any("d.glb" in note and "no model" in note for note in after.notes)


def test_later_and_deeper_patterns_win(models: Path) -> None:
    (models / "assets.yaml").write_text("cat/*: {yaw: 1, scale: 3}\na.glb: {yaw: 2}\n")
    (models / "cat" / "assets.yaml").write_text("a.glb: {up: z}\n")
    found = SettingsFiles(models).of(models / "cat" / "a.glb")
    assert (found.yaw, found.scale, found.up) == (2, 3, "z")
    assert SettingsFiles(models).of(models / "loose.glb") == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.glb: {yaw: far}", ["a.glb.yaw", "number"]),
        ("a.glb: {yaw: 1e9}", ["a.glb.yaw"]),
        ("a.glb: {scale: 0}", ["a.glb.scale"]),
        ("a.glb: {scale: .nan}", ["a.glb.scale"]),
        ("a.glb: {up: w}", ["a.glb.up"]),
        ("a.glb: {colour: red}", ["a.glb.colour", "Choose from", "up, yaw, scale", "class"]),
        ("a.glb: {clips: {only: [a]}}", ["a.glb.clips.only"]),
        ("a.glb: {class: ../etc}", ["a.glb.class"]),
        ("a.glb: 3", ["a.glb", "settings"]),
        ("- a", ["patterns"]),
        ("a.glb: {yaw: 1}\na.glb: {yaw: 2}", ["line 2", "twice"]),
        ("a: &x {yaw: 1}\nb: *x", ["line 2", "alias"]),
        ("a: {", ["line"]),
        ("a: [" * 5000, ["deeply"]),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "assets.yaml"
    path.write_text(text)
    with pytest.raises(AssetError) as caught:
        read_settings(path)
    assert caught.value.where.startswith(str(path))
    assert all(word in str(caught.value) for word in words)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "assets.yaml").write_text("# nothing yet\n")
    assert read_settings(tmp_path / "assets.yaml") == {}
