"""Features are computed once per content and view, whoever asks for them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from diorama.engine.progress import Progress
from diorama.errors import ImageError
from diorama.learn import store
from diorama.learn.backbones import Backbone, load_backbone
from diorama.learn.features import features, resolved
from diorama.learn.images import find_images
from diorama.learn.pixels import Look, as_input
from diorama.learn.views import PRESETS, Views
from tests.learn.things import pictures


@pytest.fixture
def backbone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backbone:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))
    return load_backbone("small")


def test_they_are_what_the_backbone_gives(backbone: Backbone, tmp_path: Path) -> None:
    images = find_images(pictures(tmp_path / "data", 3))
    found = features(backbone, images, precision="float32")
    look, none = Look(None, backbone.size, backbone.architecture.resize), np.zeros((6, 0), np.float32)
    ((_, pixels),) = look.batches(images, np.arange(6), none, {})
    with torch.inference_mode():
        wanted = backbone(as_input(pixels)).numpy()
    assert found.shape == (1, 6, backbone.width)
    assert np.abs(found[0] - wanted).max() < 1e-5
    rough = features(backbone, images, precision="bfloat16")
    assert 0 < np.abs(rough - found).max() < 0.02 * np.abs(found).max()


def test_nothing_is_computed_twice(backbone: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, views = find_images(pictures(tmp_path / "data", 4)), Views(2, PRESETS["paper"])
    seen: list[int] = []
    whole = Look.__call__

    def counted(look: Look, image: Image.Image, uniforms: NDArray[np.float32]) -> NDArray[np.uint8]:
        seen.append(1)
        return whole(look, image, uniforms)

    monkeypatch.setattr(Look, "__call__", counted)
    first = features(backbone, images, views)
    assert len(seen) == 16
    assert np.array_equal(features(backbone, images, views), first)
    assert np.array_equal(features(backbone, images.subset([3, 0]), views), first[:, [3, 0]])
    assert len(seen) == 16
    features(backbone, images, Views(3, PRESETS["paper"]))
    assert len(seen) == 24
    features(load_backbone("small", seed=1), images, views)
    assert len(seen) == 40


def test_an_interruption_keeps_what_is_computed(
    backbone: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = find_images(pictures(tmp_path / "data", 40))
    done: list[int] = []

    def stop(progress: Progress) -> None:
        done.append(progress.done)
        if progress.done >= 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        features(backbone, images, report=stop)
    totals: list[int] = []
    features(backbone, images, report=lambda progress: totals.append(progress.total))
    assert totals[0] == 80 - done[-1]


def test_a_damaged_or_full_store_costs_time_only(
    backbone: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = find_images(pictures(tmp_path / "data", 2))
    first = features(backbone, images)
    for path in (tmp_path / "cache" / "features").rglob("*.npy"):
        path.write_bytes(path.read_bytes()[:100])
    assert np.array_equal(features(backbone, images), first)
    monkeypatch.setenv("DIORAMA_CACHE", "/proc/none")
    assert np.array_equal(features(backbone, images), first)
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "IN_MEMORY", 100)
    large = features(backbone, images)
    assert isinstance(large, np.memmap)
    assert np.array_equal(large, first)


def test_an_image_that_cannot_be_read_is_named_or_left_out(backbone: Backbone, tmp_path: Path) -> None:
    pictures(tmp_path / "data", 3)
    (tmp_path / "data" / "red" / "001.png").write_bytes(b"torn")
    images = find_images(tmp_path / "data")
    with pytest.raises(ImageError, match=r"red/001\.png"):
        features(backbone, images)
    skipped: list[ImageError] = []
    found = features(backbone, images, Views(2, PRESETS["paper"]), skipped=skipped)
    assert [Path(error.where).name for error in skipped] == ["001.png"]
    assert np.isnan(found[:, 4]).all()
    assert np.isfinite(np.delete(found, 4, 1)).all()


def test_auto_is_one_of_the_precisions() -> None:
    assert resolved("auto") in ("float32", "bfloat16")
    assert resolved("float32") == "float32"
