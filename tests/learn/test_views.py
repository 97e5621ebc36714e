"""Random views: what they show, how they are spread, and that they belong to the image's content."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diorama.errors import TrainingError
from diorama.learn.images import find_images
from diorama.learn.views import FILL, PRESETS, Augmentation, Views, centre, parameters, random_view
from tests.learn.things import pictures

STILL = Augmentation(area=1.0, turn=0.0, flip=0.0, brightness=0.0)
MIDDLE = np.full(11, 0.5, np.float32)


def _ramp(size: int = 64) -> Image.Image:
    across, down = np.meshgrid(np.arange(size) * 3, np.arange(size) * 2)
    return Image.fromarray(np.stack([across, down, across // 2 + down // 2], -1).astype(np.uint8))


def test_a_view_without_change_is_the_image() -> None:
    assert np.array_equal(random_view(_ramp(), 64, STILL, MIDDLE), np.asarray(_ramp()))


def test_each_change_does_what_its_name_says() -> None:
    image = np.asarray(_ramp()).astype(int)
    flipped = random_view(_ramp(), 64, Augmentation(1.0, 0.0, 1.0, 0.0), MIDDLE)
    assert np.array_equal(flipped, image[:, ::-1])
    bright = MIDDLE.copy()
    bright[5] = 1.0
    lit = random_view(_ramp(), 64, Augmentation(1.0, 0.0, 0.0, 0.25), bright)
    assert np.abs(lit - np.minimum(image * 1.25, 255)).max() <= 1
    grey = random_view(_ramp(), 64, Augmentation(1.0, 0.0, 0.0, 0.0, grey=1.0), MIDDLE)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert grey.std() > 10
    corner = MIDDLE.copy()
    corner[:3] = 0.0  # the least area, at the left and at the top
    zoomed = random_view(_ramp(), 64, Augmentation(0.25, 0.0, 0.0, 0.0), corner)
    assert np.abs(zoomed[2:-2:2, 2:-2:2].astype(int) - image[1:31, 1:31]).max() <= 3
    turn = MIDDLE.copy()
    turn[3] = 1.0
    turned = random_view(_ramp(), 64, Augmentation(1.0, 12.0, 0.0, 0.0), turn)
    peer = np.asarray(_ramp().rotate(12, Image.Resampling.BILINEAR, fillcolor=FILL)).astype(int)
    assert np.abs(turned[8:-8, 8:-8] - peer[8:-8, 8:-8]).max() <= 2


def test_a_large_photo_is_shrunk_without_aliasing() -> None:
    """One-pixel stripes turn grey, which sampling every tenth pixel would not show."""
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    view = random_view(Image.fromarray(stripes), 64, STILL, MIDDLE)
    assert np.abs(view[4:-4, 4:-4].astype(int) - 128).max() < 12


def test_the_centre_is_cropped_after_the_shorter_side_is_scaled() -> None:
    image = Image.new("RGB", (300, 100), (9, 9, 9))
    image.paste((200, 0, 0), (120, 20, 180, 80))  # the middle 60 × 60
    shown = centre(image, 64, 100)
    assert shown.shape == (64, 64, 3)
    assert (shown[3:-3, 3:-3] == (200, 0, 0)).all()
    assert (shown[0] == 9).all()


def test_parameters_belong_to_content_seed_and_number(tmp_path: Path) -> None:
    images = find_images(pictures(tmp_path, 40))
    views = Views(2, PRESETS["best"], seed=3)
    all_ = parameters(views, images.hashes)
    assert all_.shape == (2, 80, 11)
    assert np.array_equal(all_[:, [5, 2]], parameters(views, images.hashes[[5, 2]]))
    assert np.array_equal(all_[1], parameters(Views(1, PRESETS["best"], 3, first=1), images.hashes)[0])
    assert not np.isclose(all_[0], all_[1]).any(1).all()
    assert not np.isclose(all_, parameters(Views(2, PRESETS["best"], seed=4), images.hashes)).all()
    assert np.abs(all_.mean((0, 1)) - 0.5).max() < 4 * (1 / 12 / 160) ** 0.5  # uniform: 4 standard errors


@pytest.mark.parametrize("call", [lambda: Views(0, STILL), lambda: Views(2)])
def test_a_number_of_views_that_makes_no_sense_is_refused(call: object) -> None:
    with pytest.raises(TrainingError, match="views"):
        call()  # type: ignore[operator]
