"""Values that are drawn have the same bits whatever the processor offers."""

import os
import platform
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from diorama import exact
from diorama.randomize.compose import compose
from diorama.randomize.growth import grown
from diorama.randomize.recipe import Recipe
from diorama.randomize.spaces import LogUniform, Normal
from tests.randomize.fakes import FakeCatalogue

U = np.linspace(0, 1, 20001)
ROOT = Path(__file__).parents[2]


def drawn() -> str:
    """A digest of whatever is drawn: columns, what follows from them, and what of scenes is not posed."""
    recipe = Recipe(classes=("cat", "dog", "bike")).pin("texturize_subject.applied", True)
    made = compose(recipe, FakeCatalogue(), np.arange(300))
    arrays = [*made.columns.values(), *made.derived.values(), *grown(U, 2 * U - 1)]
    arrays += [made.scene.sun_direction, made.scene.coat, made.scene.tint, made.scene.fov]
    arrays += [space.sample(U[:, None]) for space in (LogUniform(low=0.3, high=40), Normal(mean=1, sd=2, high=4))]
    return sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="switches features of x86")
def test_an_older_processor_draws_the_same_bits() -> None:
    newer = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    older = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(newer),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-FMA,-AVX512VL",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    script = "from tests.randomize.test_exact import drawn; print(drawn())"
    told = subprocess.run([sys.executable, "-c", script], env={**os.environ, **older}, capture_output=True, check=True)
    assert told.stdout.decode().strip() == drawn()


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        (exact.sin(1.0), "0x1.aed548f090ceep-1"),
        (exact.cos(1.0), "0x1.14a280fb5068cp-1"),
        (exact.tan(1.0), "0x1.8eb245cbee3a5p+0"),
        (exact.exp(1.0), "0x1.5bf0a8b14576ap+1"),
        (exact.log(3.0), "0x1.193ea7aad030bp+0"),
        (exact.arcsin(0.3), "0x1.380159e14f6fep-2"),
        (exact.arctan2(-1.0, -2.0), "-0x1.56c6e7397f5aep+1"),
        (exact.power(2.0, 0.3), "0x1.3b2c47bff8329p+0"),
        (exact.normal_quantile(0.01), "-0x1.29c5c4630ff0ep+1"),
        (exact.normal_share(1.5), "0x1.ddcb724ed3702p-1"),
    ],
)
def test_bits_are_known(value: float, bits: str) -> None:
    assert float(value).hex() == bits


@pytest.mark.parametrize(
    ("name", "x"), [(name, 40 * U - 20) for name in ("sin", "cos", "tan", "exp")] + [("arcsin", 2 * U - 1)]
)
def test_functions_are_those_of_numpy(name: str, x: np.ndarray) -> None:
    np.testing.assert_allclose(getattr(exact, name)(x), getattr(np, name)(x), rtol=2e-15, atol=0)


def test_logarithms_and_powers_are_those_of_numpy() -> None:
    x = np.exp(1400 * U - 700)
    np.testing.assert_allclose(exact.log(x), np.log(x), rtol=1e-15, atol=0)
    np.testing.assert_allclose(exact.power(0.1 + 5 * U, 2.3), (0.1 + 5 * U) ** 2.3, rtol=4e-15)


def test_arctangents_are_those_of_numpy_all_around() -> None:
    y, x = np.sin(71 * U), np.cos(711 * U)
    np.testing.assert_allclose(exact.arctan2(y, x), np.arctan2(y, x), rtol=2e-15)
    axes = np.array([[0, 0], [0, 1], [0, -1], [1, 0], [-1, 0], [-0.0, -1], [0, -0.0]], float).T
    np.testing.assert_array_equal(exact.arctan2(*axes), np.arctan2(*axes))


def test_the_normal_distribution_is_that_of_scipy() -> None:
    share = np.concatenate([U[1:-1], 10.0 ** -np.arange(1, 17), 1 - 10.0 ** -np.arange(1, 16)])
    np.testing.assert_allclose(exact.normal_quantile(share), stats.norm.ppf(share), rtol=2e-15, atol=1e-15)
    for x in (-np.inf, -9.0, -8.0, -3.3, 0.0, 1e-9, 0.7, 5.0, np.inf):
        assert exact.normal_share(x) == pytest.approx(stats.norm.cdf(x), abs=1e-15)
