"""Planes come back as they were, from this package and from Pillow alone."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from diorama.dataset.planes import PLANES, decode, encode, suffix
from diorama.errors import OutputError
from diorama.randomize.recipe import LABELS

SIDE = 24


def plane(name: str, seed: int) -> NDArray[Any]:
    """A plane of noise."""
    rng = np.random.default_rng(seed)
    if name == "ids":
        return rng.integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    if name == "depth":
        values = np.exp(rng.uniform(-5, 11, (SIDE, SIDE))).astype(np.float32)
        values[rng.random((SIDE, SIDE)) < 0.2] = np.inf
        return values
    if name == "normals":
        normals = rng.normal(size=(SIDE, SIDE, 3))
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        normals[rng.random((SIDE, SIDE)) < 0.2] = 0
        return normals.astype(np.float32)
    return rng.random((SIDE, SIDE)) < 0.3


@pytest.mark.parametrize("name", ["mask", "amodal", "ids"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_masks_and_ids_lose_nothing(name: str, seed: int) -> None:
    given_plane = plane(name, seed)
    back = decode(name, encode(name, given_plane))
    assert back.dtype == given_plane.dtype
    np.testing.assert_array_equal(back, given_plane)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_depth_keeps_eleven_bits_and_the_sky(seed: int) -> None:
    metres = plane("depth", seed)
    back = decode("depth", encode("depth", metres))
    assert back.dtype == np.float32
    np.testing.assert_array_equal(np.isinf(back), np.isinf(metres))
    seen = np.isfinite(metres)
    assert (np.abs(back[seen] / metres[seen] - 1) <= 2.0**-11 * 1.001).all()
    np.testing.assert_array_equal(decode("depth", encode("depth", back)), back)


def test_what_is_too_far_for_a_half_float_is_not_the_sky() -> None:
    far = np.full((SIDE, SIDE), 1e6, np.float32)
    assert (decode("depth", encode("depth", far)) == 65504).all()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_normals_keep_half_a_degree_and_the_sky(seed: int) -> None:
    normals = plane("normals", seed)
    back = decode("normals", encode("normals", normals))
    sky = (normals == 0).all(-1)
    np.testing.assert_array_equal((back == 0).all(-1), sky)
    cosine = (back * normals).sum(-1)[~sky] / np.linalg.norm(back[~sky], axis=-1)
    assert np.degrees(np.arccos(np.minimum(cosine, 1))).max() < 0.5
    np.testing.assert_array_equal(decode("normals", encode("normals", back)), back)


def test_pillow_alone_reads_them_as_the_documentation_says() -> None:
    metres = plane("depth", 5)
    with Image.open(io.BytesIO(encode("depth", metres))) as image:
        half = np.asarray(image).view(np.float16)
    np.testing.assert_array_equal(half, metres.astype(np.float16))
    normals = plane("normals", 5)
    with Image.open(io.BytesIO(encode("normals", normals))) as image:
        codes = np.asarray(image)
    assert np.abs((codes.astype(float) - 128) / 127 - normals).max() <= 0.5 / 127 + 1e-6


@pytest.mark.parametrize("name", list(PLANES))
def test_bytes_are_the_same_each_time(name: str) -> None:
    assert encode(name, plane(name, 1)) == encode(name, plane(name, 1).copy())
    assert encode(name, plane(name, 1)) != encode(name, plane(name, 2))


@pytest.mark.parametrize("name", list(PLANES))
def test_other_bytes_are_refused(name: str) -> None:
    other = "ids" if name != "ids" else "normals"
    whole = encode(name, plane(name, 1))
    for data in (b"", b"no picture", whole[:100], encode(other, plane(other, 1))):
        with pytest.raises(OutputError, match=name):
            decode(name, data)


def test_every_label_that_can_be_asked_for_is_a_plane_or_columns() -> None:
    assert {*PLANES, "keypoints"} == {*LABELS}
    assert suffix("mask") == ".mask.png"
