"""Surfaces and skies: every one in the catalogue keeps the contract of `diorama.assets.surroundings`."""

import os
import subprocess
import sys
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.procedural import SKIES, SURFACES, noise, skies, surfaces
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Sky, Surface


@cache
def built(id: str) -> Any:
    return {**SURFACES, **SKIES}[id]()


@pytest.fixture(params=list(SURFACES))
def surface(request: pytest.FixtureRequest) -> Surface:
    return built(request.param)  # type: ignore[no-any-return]


@pytest.fixture(params=list(SKIES))
def sky(request: pytest.FixtureRequest) -> Sky:
    return built(request.param)  # type: ignore[no-any-return]


def steps(field: NDArray[np.generic], axis: int) -> NDArray[np.float64]:
    """Mean difference of each row (or column) from the one before; the first is that across the seam."""
    values = field.astype(np.float64)
    difference = np.abs(values - np.roll(values, 1, axis))
    return np.asarray(difference.mean(axis=tuple(k for k in range(values.ndim) if k != axis)))


def test_there_are_enough_to_choose_from() -> None:
    assert len(SURFACES) >= 76
    assert len(SKIES) >= 26
    assert sum(not built(id).realistic for id in SURFACES) >= 4
    assert not SURFACES.keys() & SKIES.keys()


def test_a_surface_has_the_promised_maps(surface: Surface) -> None:
    size = SURFACE_SIZE
    assert surface.albedo.shape == surface.normal.shape == (size, size, 3)
    assert surface.roughness.shape == surface.metalness.shape == (size, size)
    assert {m.dtype for m in (surface.albedo, surface.normal, surface.roughness, surface.metalness)} == {np.dtype("u1")}
    assert 0.1 <= surface.metres <= 5


@pytest.mark.parametrize("axis", [0, 1])
def test_a_surface_has_no_seam(surface: Surface, axis: int) -> None:
    for field in (surface.albedo, surface.normal, surface.roughness, surface.metalness):
        across = steps(field, axis)
        assert across[0] <= 1.15 * across[1:].max() + 0.5


def test_the_seam_is_found_where_there_is_one() -> None:
    slope = np.tile(np.arange(256), (256, 1))
    assert steps(slope, 1)[0] > 1.15 * steps(slope, 1)[1:].max() + 0.5


def test_normals_are_unit_and_look_out(surface: Surface) -> None:
    normal = (surface.normal.astype(np.float64) - 128) / 127
    np.testing.assert_allclose(np.linalg.norm(normal, axis=-1), 1, atol=0.012)  # eight bits to an axis
    assert normal[..., 2].min() > 0.1
    assert np.abs(normal[..., :2].mean((0, 1))).max() < 0.05  # a tile that repeats does not rise


def test_normals_point_away_from_a_bump() -> None:
    x, y = noise.grid(64, 64)
    bump = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.02).astype(np.float32)
    normal = surfaces.normal_map(0.1 * bump).astype(int) - 128
    assert normal[32, 44, 0] > 20  # right of the top it leans right
    assert normal[20, 32, 1] > 20  # above it, up: +Y
    assert abs(normal[32, 44, 1]) < 6


def test_a_surface_is_neither_flat_nor_black_nor_burnt_out(surface: Surface) -> None:
    assert surface.albedo.astype(float).std() > 2
    assert np.ptp(surface.normal[..., :2], axis=(0, 1)).max() >= 2
    assert 25 < surface.albedo.mean() < 245
    assert surface.roughness.min() >= 0.05 * 255  # nothing is a perfect mirror


def test_only_metals_are_metallic(surface: Surface) -> None:
    if "metal" in surface.id or surface.id in ("tread-plate", "bubbles", "copper", "brass"):
        assert surface.metalness.max() > 150
        assert surface.albedo[surface.metalness > 250].size == 0 or surface.albedo[surface.metalness > 250].mean() > 100
    else:
        assert surface.metalness.max() == 0


def test_no_two_surfaces_look_alike() -> None:
    def thumb(id: str) -> NDArray[np.float64]:
        albedo = built(id).albedo.astype(np.float64)
        return np.asarray(albedo.reshape(64, 4, 64, 4, 3).mean((1, 3)))

    thumbs = {id: thumb(id) for id in SURFACES}
    for a, b in combinations(thumbs, 2):
        assert np.abs(thumbs[a] - thumbs[b]).mean() > 3, (a, b)


def test_a_sky_has_the_promised_map(sky: Sky) -> None:
    assert sky.radiance.shape == (SKY_HEIGHT, 2 * SKY_HEIGHT, 3)
    assert sky.radiance.dtype == np.float32
    assert np.isfinite(sky.radiance).all()
    assert sky.radiance.min() >= 0


def test_a_sky_has_mean_luminance_one(sky: Sky) -> None:
    rows = np.arange(SKY_HEIGHT // 2)
    upper, lower = np.cos(np.pi * rows / SKY_HEIGHT), np.cos(np.pi * (rows + 1) / SKY_HEIGHT)
    solid = upper - lower  # of each ring, over 2π: they sum to 1
    luminance = sky.radiance[: SKY_HEIGHT // 2].astype(np.float64) @ [0.2126, 0.7152, 0.0722]
    assert luminance.mean(1) @ solid == pytest.approx(1, abs=2e-3)


def test_a_sky_closes_around_and_at_the_zenith(sky: Sky) -> None:
    log = np.log(sky.radiance + 0.05)
    around = steps(log, 1)
    assert around[0] <= 1.15 * around[1:].max() + 0.01
    assert log[0].std(0).max() < 0.25  # one direction, one colour


def test_a_sky_has_no_sun(sky: Sky) -> None:
    """The sun is a light of its own: no small spot of the sky outshines all the rest together."""
    height, width, _ = sky.radiance.shape
    solid = np.cos(np.pi * (0.5 - (np.arange(height) + 0.5) / height))[:, None] * (np.pi / height) * (2 * np.pi / width)
    power = np.sort((sky.radiance.mean(-1) * solid).ravel())[::-1]
    brightest = power[: int(power.size * 0.002)]
    assert brightest.sum() < 0.5 * power.sum()


def test_a_sky_keeps_to_the_range_that_eight_bits_show_well(sky: Sky) -> None:
    assert np.quantile(sky.radiance, 0.9995) < 25  # what is brighter costs the rest its smoothness


def test_there_is_light_from_below_but_less(sky: Sky) -> None:
    lower = sky.radiance[SKY_HEIGHT // 2 + 8 :].mean()
    assert 0.02 < lower < 1


def test_no_two_skies_look_alike() -> None:
    maps = {id: np.log(built(id).radiance[: SKY_HEIGHT // 2] + 0.05) for id in SKIES}
    for a, b in combinations(maps, 2):
        assert np.abs(maps[a] - maps[b]).mean() > 0.1, (a, b)


def test_another_process_builds_the_same() -> None:
    ids = ["grass", "brick", "sprinkles", "garden", "warm-lamp"]
    code = f"""
from diorama.assets.procedural import SURFACES, SKIES
for id in {ids}:
    print({{**SURFACES, **SKIES}}[id].args[2]().hash)
"""
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [built(id).hash for id in ids]


def test_an_id_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="grass"):
        surfaces.surface("grass", metres=1)(lambda t: surfaces.Look(t.x, t.y, 1))
    with pytest.raises(ValueError, match="garden"):
        skies.sky("garden")(lambda d: d.x)


class TestNoise:
    x, y = noise.grid(64, 64)

    @pytest.mark.parametrize("frequency", [4, (5, 3)])
    def test_it_repeats(self, frequency: int | tuple[int, int]) -> None:
        for function in (noise.perlin, noise.fbm):
            here, there = function("a", self.x, self.y, frequency), function("a", self.x + 1, self.y - 2, frequency)
            np.testing.assert_allclose(here, there, atol=1e-3)
        near, far = noise.cells("a", self.x, self.y, frequency), noise.cells("a", self.x - 1, self.y + 1, frequency)
        np.testing.assert_allclose(near.near, far.near, atol=1e-4)
        assert (near.point == far.point).mean() > 0.999

    @pytest.mark.parametrize("frequency", [4, (5, 3), (96, 2), 1])
    def test_a_grid_is_as_its_places(self, frequency: int | tuple[int, int]) -> None:
        x, y = np.broadcast_arrays(self.x, self.y)
        grid = noise.perlin("a", self.x, self.y, frequency)
        np.testing.assert_allclose(grid, noise.perlin("a", x, y, frequency), atol=1e-5)

    def test_it_is_smooth_centred_and_of_the_stated_spread(self) -> None:
        x, y = noise.grid(256, 256)
        for frequency in (8, 16):
            field = noise.perlin("b", x, y, frequency)
            assert abs(field.mean()) < 0.05
            assert 0.3 < field.std() < 0.45
            assert np.abs(field).max() < 1.3
            assert np.abs(np.diff(field)).max() < 4.5 * frequency / 256

    def test_each_name_has_its_own(self) -> None:
        a, b = (noise.fbm(name, self.x, self.y, 4).ravel() for name in "ab")
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.3

    def test_cells_agree_with_a_search_of_all_points(self) -> None:
        n = 6
        moved = noise.uniforms("c", n * n, 2) - 0.5
        column, row = np.meshgrid(np.arange(n), np.arange(n))
        points = np.stack([column.ravel(), row.ravel()], -1) + 0.5 + moved
        away = np.stack(np.broadcast_arrays(self.x, self.y), -1)[:, :, None] * n - points
        away -= n * np.round(away / n)  # the nearest of its repeats
        distance = np.sort(np.linalg.norm(away, axis=-1), axis=-1)
        cells = noise.cells("c", self.x, self.y, n)
        np.testing.assert_allclose(cells.near, distance[..., 0], atol=1e-4)
        assert (cells.border <= (distance[..., 1] - distance[..., 0]) / 2 + 0.75).all()
        assert cells.border.min() >= 0

    def test_the_higher_stroke_hides_the_lower(self) -> None:
        def row(*values: float) -> noise.F32:
            return np.array(values, np.float32)

        drawn = noise.strokes(
            64,
            np.array([[0.75, 0.5], [0.0, 0.25]], np.float32),
            row(0, np.pi / 2),
            row(0.5, 0.5),
            row(0.05, 0.05),
            row(0.2, 0.8),
            outline="bar",
        )
        assert drawn.owner[32, 50] == 0  # along x from 0.75 …
        assert drawn.owner[32, 12] == 0  # … around the edge to 0.25
        assert drawn.owner[32, 0] == 1  # where they cross
        assert drawn.owner[0, 32] == -1
        assert drawn.top[32, 50] == pytest.approx(0.2)
        assert drawn.along[32, 50] < drawn.along[32, 12]

    def test_blur_keeps_the_mean_and_wraps(self) -> None:
        spot = np.zeros((32, 32), np.float32)
        spot[0, 0] = 1
        soft = noise.blur(spot, 0.05)
        assert soft.mean() == pytest.approx(spot.mean(), rel=1e-4)
        assert soft[0, 1] == pytest.approx(soft[0, 31], rel=1e-4)
        assert soft[0, 1] > soft[0, 2] > 0
