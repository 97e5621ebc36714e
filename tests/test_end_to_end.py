"""The embedded cats and dogs, from the recipe to files, and back from the label rows to the same pixels."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import simplejpeg

from diorama.assets.library import Catalogue
from diorama.generate import generate
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.render.frames import SUBJECT
from diorama.render.renderer import Renderer

IMAGES = int(os.environ.get("DIORAMA_CHECK_IMAGES", "100"))
"""Images made, and made again from their rows."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("embedded") / "data"
    generate(out, Recipe.preset("paper").replace(per_class=IMAGES // 2))
    return out


@pytest.fixture(scope="module")
def rows(data: Path) -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = pq.read_table(data / "labels.parquet").to_pylist()
    return labels


def test_every_image_is_made_again_from_its_row(data: Path, rows: list[dict[str, Any]], renderer: Renderer) -> None:
    """Same parameters, same class, same pixels, and boxes and shares counted anew, in another order and batch size."""
    recipe = Recipe.load(data / "recipe.yaml")
    catalogue = Catalogue.open(None, recipe.classes)
    for start in range(0, len(rows), 7):
        some = rows[start : start + 7][::-1]
        index = np.array([row["index"] for row in some])
        attempts = np.array([[row["attempt.camera"], row["attempt.obstructors"]] for row in some])
        composition = compose(recipe, catalogue, index, attempts)
        frames = renderer.render(composition.scene, ids=True)
        assert frames.ids is not None
        for k, row in enumerate(some):
            for name, values in composition.columns.items():
                assert np.asarray(values[k]).tolist() == row[name], f"image {row['index']}: {name}"
            assert row["class"] == recipe.classes[row["index"] % 2] == row["subject"].partition("/")[0]
            assert row["subject"] == composition.scene.subjects[composition.scene.subject[k]].id
            jpeg = simplejpeg.encode_jpeg(frames.rgba[k], recipe.quality, "RGBA", "420")
            assert jpeg == (data / row["file"]).read_bytes(), f"image {row['index']}: other pixels"
            seen = np.argwhere(frames.ids[k] == SUBJECT)
            box = [*seen.min(0)[::-1], *(seen.max(0)[::-1] + 1)]
            assert box == [row[f"box.{side}"] for side in ("left", "top", "right", "bottom")]
            assert row["visible_fraction"] == pytest.approx(len(seen) / frames.whole[k])


def test_the_subject_is_never_hidden(rows: list[dict[str, Any]]) -> None:
    visibility = Recipe.preset("paper").visibility
    assert min(row["visible_fraction"] for row in rows) >= visibility.min_visible
    assert min(row["share"] for row in rows) >= visibility.min_share


def test_images_vary(data: Path, rows: list[dict[str, Any]]) -> None:
    """Breeds, clips, surfaces and skies all occur, no two images are alike, and none is black, white or empty."""
    for name, least in (("subject", 8), ("pose.clip", 6), ("surfaces.ground", 20), ("sky.map", 10)):
        assert len({row[name] for row in rows}) >= least, name
    pixels = np.stack([simplejpeg.decode_jpeg((data / row["file"]).read_bytes()) for row in rows]).astype(np.float32)
    mean, spread = pixels.mean((1, 2, 3)), pixels.std((1, 2, 3))
    assert mean.min() > 10
    assert mean.max() < 245
    assert spread.min() > 4
    assert len({image.tobytes() for image in pixels}) == len(rows)
