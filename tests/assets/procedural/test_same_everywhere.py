"""What is built has the same bytes whatever the processor offers."""

import os
import platform
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from diorama.assets import portable, procedural
from diorama.assets.cache import pack
from diorama.render.prepare import prepared_sky, prepared_subject, prepared_surface

ROOT = Path(__file__).parents[3]
MODELS = ("cat/mixed_large", "dog/puppy_shaggy", "bike/longtail", "car/coupe")
SURFACES, SKIES = ("tweed", "leaves-on-grass"), ("clear-noon", "playroom")


def built() -> dict[str, str]:
    """Digests of some assets of each kind, by id; that of an id with a star is as it is uploaded."""
    made: dict[str, object] = {}
    for id in MODELS:
        subject = procedural.SUBJECTS[id.partition("/")[0]][id]()
        made |= {id: subject, f"{id}*": prepared_subject(subject)}
    for id in SURFACES:
        surface = procedural.SURFACES[id]()
        made |= {id: surface, f"{id}*": prepared_surface(surface)}
    for id in SKIES:
        sky = procedural.SKIES[id]()
        made |= {id: sky, f"{id}*": prepared_sky(sky)}
    return {id: sha256(b"".join(a.tobytes() for a in pack(value).values())).hexdigest() for id, value in made.items()}


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="switches features of x86")
def test_an_older_processor_builds_the_same_bytes(tmp_path: Path) -> None:
    newer = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    older = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(newer),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-FMA,-AVX512VL",
        "OPENBLAS_CORETYPE": "Nehalem",
        "DIORAMA_CACHE": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    script = "from tests.assets.procedural.test_same_everywhere import built; print(built())"
    told = subprocess.run([sys.executable, "-c", script], env={**os.environ, **older}, capture_output=True, check=True)
    assert told.stdout.decode().strip() == str(built())


X = np.linspace(-20, 20, 20001)


@pytest.mark.parametrize("name", ["sin", "cos", "exp"])
def test_functions_are_those_of_numpy(name: str) -> None:
    np.testing.assert_allclose(getattr(portable, name)(X), getattr(np, name)(X), rtol=1e-14, atol=4e-15)
    single = X.astype(np.float32)
    found = getattr(portable, name)(single)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, getattr(np, name)(single.astype(np.float64)), rtol=1e-7, atol=1e-7)


def test_angles_are_those_of_numpy() -> None:
    sines = np.linspace(-1, 1, 2001)
    np.testing.assert_allclose(portable.arccos(sines), np.arccos(sines), atol=2e-15)
    np.testing.assert_allclose(portable.arcsin(sines), np.arcsin(sines), atol=2e-15)
    np.testing.assert_allclose(portable.arctan2(sines, X[:2001]), np.arctan2(sines, X[:2001]), atol=2e-15)
    np.testing.assert_allclose(portable.tan(sines), np.tan(sines), rtol=1e-14, atol=1e-15)


def test_powers_begin_at_zero() -> None:
    base = np.linspace(0, 3, 301)
    for exponent in (0.4, 1.5, 2.2, 3, 6):
        np.testing.assert_allclose(portable.power(base, exponent), base**exponent, rtol=1e-14)
    assert portable.power(-2.0, 3) == -8


@pytest.mark.parametrize(
    ("a", "b"), [((3,), (3,)), ((5, 3), (3,)), ((3,), (3, 4)), ((7, 2, 3), (3, 4)), ((6, 3, 3),) * 2]
)
def test_products_are_those_of_numpy(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    one, two = np.sin(np.arange(np.prod(a))).reshape(a), np.cos(np.arange(np.prod(b))).reshape(b)
    np.testing.assert_allclose(portable.matmul(one, two), one @ two, atol=1e-15)
    assert portable.norm(one) == pytest.approx(np.linalg.norm(one))
