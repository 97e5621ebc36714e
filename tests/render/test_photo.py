"""What a camera makes of a picture is what its look says, in each image by itself."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.surroundings import SKY_HEIGHT, Sky
from diorama.render.renderer import Renderer
from diorama.scene.batch import LOOK, SceneBatch
from tests.reference import scenes
from tests.reference.photometry import radiance

SAMPLES = pytest.mark.parametrize("samples", [1, 4])


def looks(count: int, **values: float) -> NDArray[np.float32]:
    """(count, len(LOOK)) all alike."""
    return np.tile(np.array([values.get(name, neutral) for name, neutral in LOOK.items()], np.float32), (count, 1))


def taken(renderer: Renderer, scene: SceneBatch, **values: float) -> NDArray[np.float64]:
    """The first image (S, S, 3) in codes of [0, 255], with a look."""
    picture = renderer.render(replace(scene, look=looks(len(scene), **values) if values else None)).rgba[0]
    assert (picture[..., 3] == 255).all()
    return np.asarray(picture[..., :3], np.float64)


def grey(level: float = 0.3, **fields: int) -> SceneBatch:
    """Nothing but a sky of one radiance in view."""
    return scenes.plain(sky=scenes.uniform_sky((level, level, level)), target=(0, 40, 0), **fields)  # type: ignore[arg-type]


@SAMPLES
def test_images_without_a_look_are_those_without_the_pass(renderer: Renderer, samples: int) -> None:
    batch = scenes.random(31, count=5, samples=samples)
    drawn = renderer.render(batch).rgba
    mixed = looks(5, grain=77.0)
    mixed[1::2] = looks(2, red=1.4, sharpness=1.0, noise=0.05, grain=5.0, defocus=0.02)
    developed = renderer.render(replace(batch, look=mixed)).rgba
    np.testing.assert_array_equal(developed[::2], drawn[::2])
    assert (developed[1::2] != drawn[1::2]).any((1, 2, 3)).all()
    for k in range(5):
        order = np.roll(np.arange(5), k).tolist()
        rolled = scenes.take(replace(batch, look=mixed), order)
        np.testing.assert_array_equal(renderer.render(rolled).rgba, developed[order])


@SAMPLES
def test_labels_are_of_what_was_drawn(renderer: Renderer, samples: int) -> None:
    batch = scenes.random(32, count=3, samples=samples)
    drawn, developed = (renderer.render(b, ids=True) for b in (batch, replace(batch, look=looks(3, blue=0.5))))
    np.testing.assert_array_equal(drawn.ids, developed.ids)
    np.testing.assert_array_equal(drawn.visible, developed.visible)
    np.testing.assert_array_equal(drawn.box, developed.box)


def test_gains_multiply_light(renderer: Renderer) -> None:
    scene = grey()
    before, after = taken(renderer, scene), taken(renderer, scene, red=1.5, green=1.0, blue=0.5)
    ratio = (radiance(after.astype(np.uint8)) - 0.04) / (radiance(before.astype(np.uint8)) - 0.04)
    np.testing.assert_allclose(ratio.mean((0, 1)), (1.5, 1.0, 0.5), rtol=0.02)


def test_an_almost_neutral_look_changes_next_to_nothing(renderer: Renderer) -> None:
    scene = scenes.random(33, count=1)
    assert np.abs(taken(renderer, scene) - taken(renderer, scene, red=1.0001)).max() <= 1


def test_without_saturation_pictures_are_grey(renderer: Renderer) -> None:
    scene = scenes.plain(sky=scenes.uniform_sky((0.2, 0.4, 0.8)))
    picture = taken(renderer, scene, saturation=0.0)
    assert np.ptp(picture, axis=-1).max() <= 1


def test_contrast_and_gamma_bend_the_tone_curve(renderer: Renderer) -> None:
    dark, light = grey(0.1), grey(0.6)
    before = [taken(renderer, scene).mean() for scene in (dark, light)]
    assert before[0] < 127 < before[1]
    after = [taken(renderer, scene, contrast=1.5).mean() for scene in (dark, light)]
    np.testing.assert_allclose(after, 127.5 + 1.5 * (np.array(before) - 127.5), atol=1.5)
    mid = grey(0.26)
    code = taken(renderer, mid).mean() / 255
    assert code == pytest.approx(0.5, abs=0.02)
    for gamma in (0.7, 1.6):
        assert taken(renderer, mid, gamma=gamma).mean() / 255 == pytest.approx(code**gamma, abs=0.02)


def test_a_vignette_darkens_corners_alone(renderer: Renderer) -> None:
    scene = grey()
    before, after = taken(renderer, scene), taken(renderer, scene, vignette=0.5)
    assert np.abs(after - before)[30:34, 30:34].max() <= 1
    ratio = (radiance(after[0, 0].astype(np.uint8)) - 0.04) / (radiance(before[0, 0].astype(np.uint8)) - 0.04)
    np.testing.assert_allclose(ratio, 0.5, atol=0.04)


def test_noise_has_its_deviation_and_its_seed(renderer: Renderer) -> None:
    scene = grey(0.26, size=128)
    first, again, other = (taken(renderer, scene, noise=0.04, grain=grain) for grain in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert first.std((0, 1)) / 255 == pytest.approx([0.04 * 0.85] * 3, rel=0.1)
    assert np.abs(first.mean((0, 1)) - taken(renderer, scene).mean((0, 1))).max() < 0.5
    for one, two in ((first, other), (first[1:], first[:-1]), (first[:, 1:], first[:, :-1])):
        assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.02


def _edge(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest step from pixel to pixel in each row."""
    return np.asarray(np.abs(np.diff(picture[..., 1], axis=1)).max(1))


def test_sharpness_steepens_edges_and_blurs_below_zero(renderer: Renderer) -> None:
    scene = scenes.plain(sky=scenes.uniform_sky((0.5, 0.5, 0.5)), ground=scenes.flat_surface((20, 20, 20)))
    soft, plain, sharp = (_edge(taken(renderer, scene, sharpness=s))[20:40].mean() for s in (-1.0, 1e-6, 1.0))
    assert soft < 0.8 * plain
    assert sharp > 1.15 * plain


def test_defocus_blurs_what_is_far_and_leaves_what_is_near(renderer: Renderer) -> None:
    """Stripes in the sky are blurred, the subject before them is not, unless the focus lies elsewhere."""
    stripes = np.where(np.arange(2 * SKY_HEIGHT) // 2 % 2, 0.9, 0.1)
    sky = Sky("stripes", np.broadcast_to(stripes[None, :, None], (SKY_HEIGHT, 2 * SKY_HEIGHT, 3)).astype(np.float32))
    scene = scenes.plain(sky=sky, eye=(0, 0.5, 4), size=128)
    detail: Callable[..., float] = lambda **look: float(taken(renderer, scene, **look)[:30, :, 1].std())  # noqa: E731
    assert detail(defocus=0.04) < 0.6 * detail()
    ids = renderer.render(scene, ids=True).ids
    assert ids is not None
    inside = ids[0] == 2
    near, elsewhere = (
        np.abs(taken(renderer, scene, defocus=0.04, focus=focus) - taken(renderer, scene))[inside].max()
        for focus in (1.0, 0.3)
    )
    assert near < 16 < elsewhere
