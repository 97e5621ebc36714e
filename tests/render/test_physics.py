"""Energy and orientation: light, shadow, sky and textures are where and as bright as the conventions say."""

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from diorama.assets.subject import Material
from diorama.assets.surroundings import SKY_HEIGHT, Sky
from diorama.render.renderer import Renderer
from diorama.scene.batch import SHAPES, SceneBatch
from tests.reference import rigs, scenes
from tests.reference.photometry import encode, pixel_of, radiance
from tests.reference.raycast import camera_rays, cast

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
BLACK_GROUND = scenes.flat_surface((0, 0, 0))
WHITE_GROUND = scenes.flat_surface(WHITE)


def at(renderer: Renderer, scene: SceneBatch, *points: ArrayLike) -> list[NDArray[np.uint8]]:
    """The colours (3,) in which the picture shows these points of the world."""
    picture = renderer.render(scene).rgba[0]
    return [picture[pixel_of(scene, point)][:3] for point in points]


class TestEnergy:
    def test_white_things_vanish_in_a_white_furnace(self, renderer: Renderer) -> None:
        """What reflects all light, under the same light from everywhere, looks like that light (Heitz 2014, 5.2).

        A glossy coat of 4 % over a white base sends back up to 4 % more, which the model does not take from the base.
        """
        scene = scenes.plain(rigs.tube(), sky=scenes.uniform_sky((0.5, 0.5, 0.5)), ground=WHITE_GROUND)
        picture = radiance(renderer.render(scene).rgba[0, ..., :3])
        by_subject = _ground_near_subject(scene)  # the subject darkens it, but its own light in return is not modelled
        assert by_subject.mean() < 0.5
        assert np.abs(picture[~by_subject] / 0.5 - 1).max() < 0.05
        assert picture[by_subject].max() < 0.5 * 1.05

    def test_the_furnace_shows_albedo(self, renderer: Renderer) -> None:
        grey = Material(base_color=(0.5, 0.5, 0.5, 1), roughness=1)
        scene = scenes.plain(rigs.tube(material=grey), sky=scenes.uniform_sky((0.6, 0.6, 0.6)), ground=WHITE_GROUND)
        shown = radiance(renderer.render(scene).rgba[0, ..., :3])[cast(scene, 0).ids == 2]
        assert np.median(shown) == pytest.approx(0.3, rel=0.08)

    def test_sun_of_irradiance_pi_gives_radiance_one_on_white(self, renderer: Renderer) -> None:
        scene = scenes.plain(sun=[0.5 * np.pi] * 3, toward_sun=(0, 0, 1))
        scene.sky_exposure[0] = 0
        (front,) = at(renderer, scene, (0.2, 0.6, 0.5))
        assert radiance(front) == pytest.approx(0.5, rel=0.05)

    def test_sun_falls_off_with_the_cosine(self, renderer: Renderer) -> None:
        for angle in (0.3, 0.6, 1.0):
            toward = (np.sin(angle), 0, np.cos(angle))
            scene = scenes.plain(sun=[0.6 * np.pi] * 3, toward_sun=toward, ground=BLACK_GROUND)
            scene.sky_exposure[0] = 0
            (front,) = at(renderer, scene, (0.2, 0.6, 0.5))
            assert radiance(front) == pytest.approx(0.6 * np.cos(angle), rel=0.06)

    def test_known_radiance_has_its_srgb_code(self, renderer: Renderer) -> None:
        for color in ((0.5, 0.3, 0.1), (0.18, 0.18, 0.18), (0.02, 0.05, 0.9), (3.0, 1.0, 0.2), (0.01, 0.01, 0.01)):
            scene = scenes.plain(sky=scenes.uniform_sky(color), eye=(0, 1, 4), target=(0, 2, 0))
            sky = renderer.render(scene).rgba[0, 0, 0]
            assert np.abs(sky[:3] - encode(color)).max() <= 1
            assert sky[3] == 255

    def test_exposure_multiplies_the_sky(self, renderer: Renderer) -> None:
        scene = scenes.plain(sky=scenes.uniform_sky((0.2, 0.1, 0.05)), target=(0, 2, 0))
        scene.sky_exposure[0] = 2.5
        assert np.abs(renderer.render(scene).rgba[0, 0, 0, :3] - encode((0.5, 0.25, 0.125))).max() <= 1

    def test_a_black_sky_is_black(self, renderer: Renderer) -> None:
        scene = scenes.plain(sky=scenes.uniform_sky((0, 0, 0)))
        assert renderer.render(scene).rgba[0, ..., :3].max() == 0

    def test_emissive_shines_in_the_dark(self, renderer: Renderer) -> None:
        lamp = Material(base_color=(0, 0, 0, 1), roughness=1, emissive=(0.4, 0.2, 0.1))
        scene = scenes.plain(rigs.box(material=lamp))
        scene.sky_exposure[0] = 0
        (front,) = at(renderer, scene, (0.2, 0.6, 0.5))
        assert np.abs(front - encode((0.4, 0.2, 0.1))).max() <= 2

    def test_tint_multiplies_the_base_colour(self, renderer: Renderer) -> None:
        scene = scenes.plain(sky=scenes.uniform_sky((0.5, 0.5, 0.5)), ground=WHITE_GROUND)
        scene.tint[0] = (1, 0.6, 0.3)
        (front,) = at(renderer, scene, (0.2, 0.6, 0.5))
        assert np.abs(front - encode((0.5, 0.3, 0.15))).max() <= 8  # the coat of 4 % is not tinted

    def test_smooth_metal_mirrors_the_sky_and_is_not_black(self, renderer: Renderer) -> None:
        metal = Material(base_color=(1, 1, 1, 1), metallic=1, roughness=0.1)
        scene = scenes.plain(rigs.box(material=metal), eye=(0, 4, 3), sky=scenes.uniform_sky((0.5, 0.5, 0.5)))
        (top,) = at(renderer, scene, (0.1, 1, 0.1))
        assert radiance(top) == pytest.approx(0.5, rel=0.06)


class TestSun:
    DIRECTIONS = ((1.0, 1.0, 0.0), (-1.0, 1.0, 0.0), (0.0, 1.0, 1.0), (0.0, 1.0, -1.0))

    @pytest.mark.parametrize("toward", DIRECTIONS)
    def test_the_lit_side_faces_the_sun(self, renderer: Renderer, toward: tuple[float, float, float]) -> None:
        """From where the sun stands the subject is lit, from the other side it is not."""
        flat = np.array([toward[0], 0, toward[2]])
        shown = []
        for side in (1, -1):
            scene = scenes.plain(eye=side * 4 * flat + [0, 1, 0], sun=[1.5] * 3, toward_sun=toward)
            scene.sky_exposure[0] = 0.2
            shown += at(renderer, scene, side * 0.5 * flat + [0, 0.5, 0])
        bright, dark = shown
        assert (radiance(bright) > 1.8 * radiance(dark)).all()

    @pytest.mark.parametrize("toward", DIRECTIONS)
    def test_the_shadow_falls_away_from_the_sun(self, renderer: Renderer, toward: tuple[float, float, float]) -> None:
        """A cube of 1 m in a sun of 45°: its shadow covers the ground from its foot to 1 m beyond."""
        sky, ground = 0.3, 0.5
        away = -np.array([toward[0], 0, toward[2]])
        albedo = scenes.flat_surface((188, 188, 188))  # linear 0.5
        scene = scenes.plain(
            eye=1.5 * away + [0.1, 7, 0.1], target=(0, 0, 0), fov=0.9, sun=[1.2] * 3, toward_sun=toward, ground=albedo,
            sky=scenes.uniform_sky((sky,) * 3), size=128,
        )  # fmt: skip
        in_shadow = [distance * away for distance in (0.62, 1.0, 1.35)]
        in_light = [distance * away for distance in (1.7, -1.0, -1.35)]
        colours = at(renderer, scene, *in_shadow, *in_light)
        from_sky, from_sun = ground * sky, ground * 1.2 / np.pi * np.sqrt(0.5)
        for colour in colours[:3]:
            assert (radiance(colour) < 1.08 * from_sky).all()  # which the subject may dim, too
        for colour in colours[3:]:
            assert (from_sun < radiance(colour)).all()
            assert (radiance(colour) < 1.08 * (from_sky + from_sun)).all()

    def test_obstructors_cast_shadows(self, renderer: Renderer) -> None:
        albedo = scenes.flat_surface((188, 188, 188))
        scene = scenes.plain(eye=(0, 5, 4), target=(0, 0, 0), fov=0.9, sun=[1.5] * 3, ground=albedo)
        scene.sky_exposure[0] = 0.3
        scene.shape[0, 0] = SHAPES.index("box")
        scene.transform[0, 0] = np.array([[0.4, 0, 0, 1.2], [0, 0.05, 0, 0.9], [0, 0, 0.4, 0]])
        ((under, beside)) = at(renderer, scene, (1.2, 0, 0.1), (-1.2, 0, 0.1))
        assert (radiance(under) < 0.5 * radiance(beside)).all()

    def test_no_sun_below_the_horizon_of_a_face(self, renderer: Renderer) -> None:
        """A face turned away from the sun shows the sky's light alone, however strong the sun."""
        faces = []
        for strength in (0.0, 8.0):
            scene = scenes.plain(
                sun=[strength] * 3, toward_sun=(0, 0.5, -1), sky=scenes.uniform_sky((0.4,) * 3), ground=BLACK_GROUND
            )
            faces += at(renderer, scene, (0.2, 0.6, 0.5))
        assert np.abs(faces[0].astype(int) - faces[1]).max() <= 1


class TestSky:
    @pytest.mark.parametrize("rotation", [0.0, 0.7, -2.5])
    @pytest.mark.parametrize("forward", [(1, 0.5, 0), (-1, 0.5, 0), (0, 0.5, 1), (0, 0.5, -1), (0.1, 1, 0)])
    def test_every_direction_shows_its_texel(
        self, renderer: Renderer, forward: tuple[float, float, float], rotation: float
    ) -> None:
        """A map whose colour is its direction, as surroundings.py lays directions out, comes back as the rays."""
        eye = np.array([0, 2.0, 3.0])
        scene = scenes.plain(eye=eye, target=eye + forward, fov=1.0, sky=_direction_sky(), place=(0, 0, 40))
        scene.sky_rotation[0] = rotation
        _, rays = camera_rays(scene, 0, (0.5, 0.5))
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        c, s = np.cos(rotation), np.sin(rotation)
        turned = rays @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])  # rows times R_y is R_y⁻¹ times columns
        expected = encode(_colour_of(turned)).reshape(scene.size, scene.size, 3)
        shown = cast(scene, 0).ids == 0
        assert shown.mean() > 0.5
        difference = np.abs(renderer.render(scene).rgba[0, ..., :3] - expected)[shown]
        assert difference.max() < 4  # a texel of the map spans 1.4 degrees
        assert difference.mean() < 1

    @pytest.mark.parametrize("rotation", [0.0, 0.7, -2.5])
    @pytest.mark.parametrize("normal", [(1, 0, 0), (-1, 0, 0), (0, 0, 1), (0, 0, -1), (0, 1, 0)])
    def test_the_sky_lights_each_face_from_its_own_side(
        self, renderer: Renderer, normal: tuple[float, float, float], rotation: float
    ) -> None:
        """A white face over black ground sends back ∫ L cos θ dω / π of the half sky before it, taken numerically."""
        n = np.array(normal, float)
        eye = 4 * n + (0.3, 1.0, 0.3)
        scene = scenes.plain(eye=eye, target=(0, 0.5, 0), sky=_direction_sky(), ground=BLACK_GROUND)
        scene.sky_rotation[0] = rotation
        (face,) = at(renderer, scene, 0.5 * n + [0, 0.5, 0])
        directions, solid = _sphere()
        c, s = np.cos(rotation), np.sin(rotation)
        turned = directions @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        cosine = np.maximum(directions @ n, 0) * (directions[..., 1] > 0) * solid
        expected = np.einsum("hw,hwc->c", cosine, _colour_of(turned)) / np.pi
        # Nine harmonics hold a horizon only roughly (up to a tenth), and there is the coat of 4 %.
        assert np.abs(radiance(face) - expected).max() < 0.06


class TestTextures:
    QUADRANTS = np.zeros((64, 64, 4), np.uint8) + 255
    QUADRANTS[:32, :32, :3] = RED
    QUADRANTS[:32, 32:, :3] = GREEN
    QUADRANTS[32:, :32, :3] = BLUE

    @pytest.mark.parametrize("toward", [(1, 0), (-1, 0), (0, 1), (0, -1)])
    def test_upright_and_not_mirrored(self, renderer: Renderer, toward: tuple[int, int]) -> None:
        """Each side of a box, seen from before it, shows its texture as an image viewer does."""
        box = rigs.box(material=Material(base_color_texture=0, roughness=1), textures=(self.QUADRANTS,))
        eye = (4 * toward[0], 0.5, 4 * toward[1])
        scene = scenes.plain(box, eye=eye, sky=scenes.uniform_sky((0.5,) * 3), ground=BLACK_GROUND)
        picture = renderer.render(scene).rgba[0, ..., :3].astype(int)
        low, high = 27, 36  # the face covers rows and columns 18 … 45 about
        colours = [picture[low, low], picture[low, high], picture[high, low], picture[high, high]]
        for colour, expected in zip(colours, (RED, GREEN, BLUE, WHITE), strict=True):
            bright = colour > colour.max() * 0.75
            assert bright.tolist() == [c > 0 for c in expected]

    def test_texture_is_decoded_from_srgb(self, renderer: Renderer) -> None:
        grey = np.full((16, 16, 4), 188, np.uint8)  # linear 0.503
        box = rigs.box(material=Material(base_color_texture=0, roughness=1), textures=(grey,))
        scene = scenes.plain(box, sky=scenes.uniform_sky((0.6,) * 3), ground=WHITE_GROUND)
        (front,) = at(renderer, scene, (0.2, 0.6, 0.5))
        assert radiance(front) == pytest.approx(0.6 * 0.503, rel=0.08)

    @pytest.mark.parametrize("turn", [0.0, 0.6, -1.1])
    def test_ground_tiles_repeat_each_metre_along_the_turned_axes(self, renderer: Renderer, turn: float) -> None:
        scene = scenes.plain(eye=(0.01, 5, 0.01), target=(0, 0, 0), fov=1.0, ground=scenes.checks(2), size=128)
        scene.ground_uv[0] = (0.8, turn)
        picture = renderer.render(scene).rgba[0, ..., 0].astype(np.int64)
        along = np.array([np.cos(turn), 0, -np.sin(turn)])  # R_y(turn) · x
        across = np.array([np.sin(turn), 0, np.cos(turn)])  # R_y(turn) · z
        start = 1.0 * along + 1.0 * across
        for step, same in ((0.8 * along, True), (0.4 * along, False), (0.8 * across, True), (0.4 * across, False)):
            a, b = picture[pixel_of(scene, start)], picture[pixel_of(scene, start + step)]
            assert (abs(a - b) < 60) == same

    def test_far_ground_is_even(self, renderer: Renderer) -> None:
        """Squares much smaller than a pixel show as their mean in linear light, without a pattern to shimmer."""
        scene = scenes.plain(
            eye=(0, 3, 30), target=(0, 0, -30), fov=0.5, place=(60, 0, 0), ground=scenes.checks(64),
            sky=scenes.uniform_sky((0.6,) * 3),
        )  # fmt: skip
        scene.ground_uv[0, 0] = 2.0
        rows = cast(scene, 0).ids[:, 32] == 1
        far = renderer.render(scene).rgba[0, rows][:8, :, 0]
        assert far.std() < 2
        assert radiance(far).mean() == pytest.approx(0.3, rel=0.08)

    def test_a_surface_replaces_the_subjects_own_material(self, renderer: Renderer) -> None:
        scene = scenes.plain(sky=scenes.uniform_sky((0.5,) * 3), ground=WHITE_GROUND)
        scene.surfaces = (WHITE_GROUND, scenes.flat_surface((0, 255, 0)))
        scene.subject_surface[0] = 1
        front, ground = at(renderer, scene, (0.2, 0.6, 0.5), (0.9, 0, 0.5))
        assert front[1] > 2 * max(front[0], front[2])
        assert np.ptp(ground.astype(int)) <= 1


class TestAntialiasing:
    def test_four_samples_differ_from_one_at_edges_only(self, renderer: Renderer) -> None:
        one, four = (scenes.random(5, samples=samples) for samples in (1, 4))
        for scene in (one, four):
            scene.surfaces, scene.ground[:] = (scenes.flat_surface(),), 0
            scene.surface[:] = 0
            scene.sun[:] = 0  # shadow edges are edges too, and not in the ids
        plain, smooth = (renderer.render(scene).rgba[..., :3].astype(int) for scene in (one, four))
        edges = np.stack([_edges(one, i) for i in range(len(one))])
        difference = np.abs(plain - smooth).max(-1)
        assert np.quantile(difference[~edges], 0.995) <= 3
        assert (difference[edges] > 8).mean() > 20 * (difference[~edges] > 8).mean()

    def test_an_edge_takes_colours_between_its_sides(self, renderer: Renderer) -> None:
        black = Material(base_color=(0, 0, 0, 1), roughness=1)
        scene = scenes.plain(rigs.box(material=black), eye=(1.7, 0.6, 4), samples=4)
        picture = renderer.render(scene).rgba[0, 20:24, :, 0]
        low, high = int(picture.min()), int(picture.max())
        assert ((picture > low + 20) & (picture < high - 20)).any()
        assert len(np.unique(picture)) > 3


def _direction_sky() -> Sky:
    directions, _ = _sphere(SKY_HEIGHT)
    return Sky("directions", _colour_of(directions).astype(np.float32))


def _colour_of(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Directions x, y, z in [-1, 1] as radiance R, G, B in [0.15, 0.65]."""
    return 0.4 + 0.25 * directions


def _sphere(height: int = 64) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directions (H, 2H, 3) of an equirectangular map's texels, and their solid angles (H, 2H)."""
    azimuth = 2 * np.pi * ((np.arange(2 * height) + 0.5) / (2 * height) - 0.5)
    elevation = np.pi * (0.5 - (np.arange(height) + 0.5) / height)[:, None]
    parts = (np.cos(elevation) * np.sin(azimuth), np.sin(elevation), np.cos(elevation) * np.cos(azimuth))
    solid = np.cos(elevation) * (np.pi / height) ** 2 + 0 * azimuth
    return np.stack(np.broadcast_arrays(*parts), axis=-1), solid


def _ground_near_subject(scene: SceneBatch) -> NDArray[np.bool_]:
    """Pixels (S, S) of the ground within four radii of the subject."""
    truth = cast(scene, 0)
    origin, rays = camera_rays(scene, 0, (0.5, 0.5))
    with np.errstate(invalid="ignore"):
        points = origin + rays * truth.depth.reshape(-1, 1)
    distance = np.linalg.norm(points - scene.center[0], axis=1).reshape(truth.ids.shape)
    return np.asarray((truth.ids == 1) & (distance < 4 * scene.radius[0]))


def _edges(scene: SceneBatch, i: int) -> NDArray[np.bool_]:
    """Pixels near which the ids change, or the depth bends or jumps."""
    truth = cast(scene, i)
    inverse = np.pad(1 / truth.depth, 1, mode="edge")  # linear in the picture wherever a thing is flat
    bend = np.zeros(truth.ids.shape)
    for a, b in ((inverse[:-2, 1:-1], inverse[2:, 1:-1]), (inverse[1:-1, :-2], inverse[1:-1, 2:])):
        bend = np.maximum(bend, np.abs(a + b - 2 * inverse[1:-1, 1:-1]))
    ids = np.pad(truth.ids, 1, mode="edge")
    near = [ids[y : y + scene.size, x : x + scene.size] for y in range(3) for x in range(3)]
    grown = np.pad(bend > 1e-4, 1)
    bends = [grown[y : y + scene.size, x : x + scene.size] for y in range(3) for x in range(3)]
    return np.asarray(np.any([n != truth.ids for n in near], axis=0) | np.any(bends, axis=0))
