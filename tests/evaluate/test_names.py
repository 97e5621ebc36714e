"""Names of models and sets."""

from pathlib import Path

import pytest

from diorama.errors import ImageError, ModelError
from diorama.evaluate.names import named


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("photos/dev", "toons/dev", "model", "a=b"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_a_folder_bears_the_shortest_name_that_tells_it_apart(root: Path) -> None:
    assert named(root / "model", "model") == {"model": root / "model"}
    found = named([root / "photos" / "dev", f"{root}/toons/dev/"], "set")
    assert list(found) == ["photos/dev", "toons/dev"]
    assert list(named(str(root / "photos" / "dev"), "set")) == ["dev"]


def test_names_can_be_given(root: Path) -> None:
    assert named([f"real={root}/photos/dev", root / "model"], "set") == {
        "real": root / "photos" / "dev",
        "model": root / "model",
    }
    assert named({"toon": root / "toons" / "dev"}, "set") == {"toon": root / "toons" / "dev"}
    assert list(named([root / "a=b"], "set")) == ["a=b"]  # a folder that is so called


def test_a_point_is_the_folder_that_it_stands_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "model")
    assert list(named(".", "model")) == ["model"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["nowhere"], "nowhere: is not a folder"),
        ([], "set: none is given"),
        (["x={}/model", "x={}/photos"], "set x: is the name of two"),
        (["{}/model", "{}/model"], "set model: is the name of two"),
    ],
)
def test_what_cannot_be_named_is_told(root: Path, given: list[str], message: str) -> None:
    with pytest.raises(ImageError, match=message):
        named([text.format(root) for text in given], "set")
    with pytest.raises(ModelError):
        named([text.format(root) for text in given], "model")
