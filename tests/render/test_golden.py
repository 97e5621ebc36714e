"""The renderer's pictures are those that were looked at and found good, but for the rounding of other drivers."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diorama.render.renderer import Renderer
from tests.render.golden import FOLDER, SCENES, SOFTWARE, draw

FAILURES = Path(__file__).resolve().parents[2] / ".failures"
FAR, FAR_SHARE, MEAN = 8, 0.005, 0.5
"""At most this share of the values may be more than FAR levels of 255 off, and MEAN levels on average."""


@pytest.mark.parametrize("name", SCENES)
def test_golden_image(renderer: Renderer, name: str) -> None:
    if SOFTWARE not in renderer.device.name:
        pytest.skip(f"golden images are for {SOFTWARE}, this is {renderer.device.name}")
    picture = draw(renderer, name)
    golden = np.asarray(Image.open(FOLDER / f"{name}.png"))
    assert picture.shape == golden.shape
    difference = np.abs(picture.astype(int) - golden)
    if (difference > FAR).mean() > FAR_SHARE or difference.mean() > MEAN:
        FAILURES.mkdir(exist_ok=True)
        amplified = np.clip(difference * 8, 0, 255).astype(np.uint8)
        Image.fromarray(np.concatenate([golden, picture, amplified])).save(FAILURES / f"{name}.png")
        pytest.fail(f"{name} differs: see {FAILURES / name}.png (golden, drawn, difference times 8)")


def test_every_golden_image_has_its_scene() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(SCENES)
