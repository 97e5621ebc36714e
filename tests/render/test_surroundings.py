"""Own skies, surfaces and photos in pictures: sun and shadow agree, nothing is mirrored, photos are exact."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from diorama.assets.own.found import Found
from diorama.assets.own.skies import build_sky
from diorama.assets.surroundings import Photo, Sky
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.render import contents
from diorama.render.frames import SKY, SUBJECT
from diorama.render.plates import cut_out
from diorama.render.renderer import Renderer
from diorama.scene.batch import FLOORS, SceneBatch
from tests.assets.own import pictures
from tests.randomize.fakes import FakeCatalogue
from tests.reference import scenes
from tests.reference.photometry import pixel_of


def own_sky(path: Path, azimuth: float, elevation: float) -> Sky:
    """The sky of a panorama that a camera has taken, with the sun so far to the right of its middle."""
    pictures.hdr(path, pictures.sunny(128, azimuth, elevation, peak=4000))
    return build_sky(Found("own/sunny", "skies", "sunny", (("panorama", path),)))


class OneSky(FakeCatalogue):
    skies = ("own/sunny",)  # type: ignore[assignment]

    def __init__(self, sky: Sky) -> None:
        self._own = sky

    def sky(self, id: str, /) -> Sky:
        return self._own


def looking(scene: SceneBatch, direction: np.ndarray, elevation: float = 0.0) -> SceneBatch:
    """A plain scene under the first sky and sun of another, seen from its middle in a direction, without the ground."""
    eye = np.array([0.0, 50.0, 0.0])
    seen = scenes.plain(eye=eye, target=eye + direction, fov=1.2, sky=scene.skies[0], size=96)
    for name in ("sky_rotation", "sky_exposure", "sun", "sun_direction"):
        getattr(seen, name)[0] = getattr(scene, name)[0]
    return seen


@pytest.mark.parametrize(("azimuth", "elevation", "rotation"), [(60, 40, 0), (60, 40, 130), (-150, 25, 45)])
def test_the_sun_is_seen_where_the_scenes_sun_stands_and_shadows_fall_away_from_it(
    renderer: Renderer, tmp_path: Path, azimuth: float, elevation: float, rotation: float
) -> None:
    catalogue = OneSky(own_sky(tmp_path / "sunny.hdr", azimuth, elevation))
    recipe = Recipe(classes=("cat",)).pin(f"sky.rotation={rotation}").pin("sky.exposure=0.4")
    drawn = compose(recipe, catalogue, np.arange(1)).scene
    toward = drawn.sun_direction[0].astype(np.float64)
    assert np.degrees(np.arcsin(toward[1])) == pytest.approx(elevation, abs=0.7)

    picture = renderer.render(looking(drawn, toward)).rgba[0, :80, :, :3].astype(float).sum(-1)  # the ground glitters
    rows, columns = np.nonzero(picture > 0.98 * picture.max())
    assert abs(rows.mean() - 47.5) < 2
    assert abs(columns.mean() - 47.5) < 2

    flat = np.array([toward[0], 0, toward[2]]) / np.hypot(toward[0], toward[2])
    above = scenes.plain(
        eye=-0.5 * flat + [0.05, 7, 0.05], target=-0.5 * flat, fov=0.9, sun=drawn.sun[0], toward_sun=toward,
        sky=drawn.skies[0], size=96,
    )  # fmt: skip
    above.sky_rotation[0], above.sky_exposure[0] = drawn.sky_rotation[0], drawn.sky_exposure[0]
    frame = renderer.render(above).rgba[0, ..., :3].astype(float).mean(-1)
    away, near = (frame[pixel_of(above, side * 0.85 * flat)] for side in (-1, 1))
    assert near > 1.5 * away


def test_what_is_written_in_a_panorama_stays_readable(renderer: Renderer, tmp_path: Path) -> None:
    """Red to the left of the middle and blue to the right, as the camera saw them."""
    codes = np.full((128, 256, 3), 0.4)
    codes[pictures.seen(128, -25, 20) < 12] = (0.9, 0.05, 0.05)
    codes[pictures.seen(128, 25, 20) < 12] = (0.05, 0.05, 0.9)
    path = pictures.save(tmp_path / "a.png", codes)
    sky = build_sky(Found("own/a", "skies", "a", (("panorama", path),)))
    seen = scenes.plain(eye=(0, 50, 0), target=(0, 50 + np.tan(np.radians(20)), 1), fov=1.4, sky=sky, size=96)
    picture = renderer.render(seen).rgba[0, ..., :3].astype(int)
    red, blue = picture[..., 0] - picture[..., 2] > 60, picture[..., 2] - picture[..., 0] > 60
    assert np.nonzero(red)[1].mean() < 35
    assert np.nonzero(blue)[1].mean() > 60


def photo(id: str = "own/p", width: int = 320, height: int = 240) -> Photo:
    """Red grows to the right, green downwards."""
    x, y = np.meshgrid(np.linspace(30, 220, width), np.linspace(40, 200, height))
    pixels = np.stack([x, y, 0 * x + 90], -1).round().astype(np.uint8)
    jpeg = np.frombuffer(simplejpeg.encode_jpeg(pixels, 97, "RGB", "444"), np.uint8)
    return Photo(id, jpeg, width, height, np.full(3, 0.2, np.float32))


def with_photo(scene: SceneBatch, floor: str, crop: tuple[float, ...] = (0.1, 0.0, 0.9, 1.0)) -> SceneBatch:
    return replace(
        scene,
        photos=(photo(),),
        photo=np.zeros(len(scene), np.int32),
        photo_crop=np.tile(np.array(crop, np.float32), (len(scene), 1)),
        floor=np.full(len(scene), FLOORS.index(floor), np.int32),
    )


SUNNY = {"sun": (2.0, 2.0, 2.0), "toward_sun": (1, 1.2, 0), "eye": (0, 3, 4), "target": (0, 0, 0), "size": 96}


class TestPhoto:
    @pytest.mark.parametrize("samples", [1, 4])
    def test_it_is_shown_exactly_and_labelled_as_background(self, renderer: Renderer, samples: int) -> None:
        scene = with_photo(scenes.plain(**SUNNY, samples=samples), "none")  # type: ignore[arg-type]
        frames = renderer.render(scene, ids=True, depth=True, normals=True)
        assert scene.photo_crop is not None
        expected = cut_out(scene.photos[0], scene.photo_crop[0], 96)
        assert frames.ids is not None
        assert frames.depth is not None
        assert frames.normals is not None
        behind = frames.ids[0] == SKY
        assert set(np.unique(frames.ids[0]).tolist()) == {SKY, SUBJECT}
        inner = behind if samples == 1 else behind & _far(frames.ids[0] == SUBJECT)
        assert (frames.rgba[0][inner] == expected[inner]).all()
        bare = renderer.render(scenes.plain(**SUNNY, samples=samples), ids=True)  # type: ignore[arg-type]
        assert bare.ids is not None
        assert ((bare.ids[0] == SUBJECT) == (frames.ids[0] == SUBJECT)).all()
        assert (bare.whole, bare.visible) == (frames.whole, frames.visible)
        assert not np.isfinite(frames.depth[0][behind]).any() or (frames.depth[0][behind] == 0).all()
        assert not frames.normals[0][behind].any()

    def test_shadows_fall_on_it_and_nothing_else_changes(self, renderer: Renderer) -> None:
        scene = scenes.plain(**SUNNY)  # type: ignore[arg-type]
        plain, caught = (renderer.render(with_photo(scene, floor), ids=True) for floor in ("none", "shadow"))
        assert plain.ids is not None
        assert caught.ids is not None
        np.testing.assert_array_equal(plain.ids, caught.ids)
        before, after = plain.rgba[0, ..., :3].astype(int), caught.rgba[0, ..., :3].astype(int)
        assert (after <= before).all()
        shadow, lit = pixel_of(scene, (-0.9, 0, 0)), pixel_of(scene, (1.2, 0, 0.3))
        assert after[shadow].sum() < 0.85 * before[shadow].sum()
        assert after[lit].sum() > 0.93 * before[lit].sum()
        assert (after[:2] == before[:2]).all() or (after[:2].sum() > 0.97 * before[:2].sum())

    def test_a_drawn_ground_hides_it_below_the_horizon(self, renderer: Renderer) -> None:
        scene = scenes.plain(**{**SUNNY, "eye": (0, 1, 5), "target": (0, 1, 0)})  # type: ignore[arg-type]
        bare, photographed = renderer.render(scene, ids=True), renderer.render(with_photo(scene, "drawn"), ids=True)
        assert bare.ids is not None
        assert photographed.ids is not None
        np.testing.assert_array_equal(bare.ids, photographed.ids)
        ground = bare.ids[0] != SKY
        np.testing.assert_array_equal(bare.rgba[0][ground], photographed.rgba[0][ground])
        assert (bare.rgba[0][~ground] != photographed.rgba[0][~ground]).any()

    def test_an_image_is_the_same_alone_and_in_a_batch_of_mixed_ones(self, renderer: Renderer) -> None:
        recipe = Recipe(classes=("cat",), size=64).pin("photo.present={space: bernoulli, p: 0.5}")
        both = renderer.render(compose(recipe, FakeCatalogue(), np.arange(6)).scene).rgba
        for index in range(6):
            alone = renderer.render(compose(recipe, FakeCatalogue(), np.arange(index, index + 1)).scene).rgba
            np.testing.assert_array_equal(alone[0], both[index])

    def test_its_name_is_that_of_the_background(self) -> None:
        columns = contents.columns(with_photo(scenes.plain(), "shadow"))
        assert columns["ids.id"][0].tolist() == [SKY, SUBJECT]
        assert columns["ids.surface"][0].tolist()[0] == "own/p"
        drawn = contents.columns(with_photo(scenes.plain(), "drawn"))
        assert len(drawn["ids.id"][0]) == 3


def _far(mask: np.ndarray) -> np.ndarray:
    """Where nothing of the mask is next to a pixel."""
    wide = mask.copy()
    for axis in (0, 1):
        for step in (1, -1):
            wide |= np.roll(mask, step, axis)
    for axis in (0, 1):
        for step in (1, -1):
            wide |= np.roll(wide, step, axis)
    return np.asarray(~wide)


def test_a_cut_is_what_lies_there() -> None:
    whole = cut_out(photo(), np.array([0, 0, 1, 1], np.float32), 240).astype(int)
    right = cut_out(photo(), np.array([80 / 240, 0, 1, 1], np.float32), 240).astype(int)
    mirrored = cut_out(photo(), np.array([0, 0, 1, -1], np.float32), 240).astype(int)
    assert abs(whole[:, 80:] - right[:, :160]).max() <= 3
    assert (mirrored == whole[:, ::-1]).all()
    part = cut_out(photo(), np.array([0.5, 0.5, 0.25, 1], np.float32), 60).astype(int)
    assert abs(part - whole[120:180, 120:180]).max() <= 3


def test_hollows_keep_light_from_all_around_out(renderer: Renderer) -> None:
    flat = scenes.flat_surface((188, 188, 188))
    half = replace(flat, occlusion=np.full(flat.roughness.shape, 128, np.uint8))
    away = {"eye": (0, 30, 0.1), "target": (0, 0, 0), "place": (40, 0, 0)}
    shown = [renderer.render(scenes.plain(ground=g, **away)).rgba[0, 32, 32, :3] for g in (flat, half)]  # type: ignore[arg-type]
    linear = [((c / 255 + 0.055) / 1.055) ** 2.4 + 0.04 for c in shown]
    assert linear[1] == pytest.approx(linear[0] / 2, rel=0.1)
