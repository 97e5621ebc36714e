"""Coats as data: their arrays, crosses, and which need noise per pixel."""

import numpy as np
import pytest

from diorama.assets.coat import FIELDS, LAYERS, ROWS, STRIPES, STYLE, Coat, crossed, speckled
from diorama.assets.procedural.coats import COATS

BLACK = Coat("black", (0.03, 0.02, 0.02), white=(0.6, 0.5, 0.4), white_amount=0.4)
RED = Coat("red", (0.3, 0.2, 0.02), mark=(0.1, 0.05, 0.01), mark_amount=0.8, stripes="mackerel")


def test_a_row_holds_a_layer_and_its_amount() -> None:
    array = BLACK.as_array()
    assert array.shape == (ROWS, 4)
    assert tuple(array[LAYERS.index("base"), :3]) == BLACK.base
    assert tuple(array[LAYERS.index("white")]) == (*BLACK.white, 0.4)
    assert RED.as_array()[STYLE, 0] == STRIPES.index("mackerel")


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_cross_without_one_parent_wears_the_colours_of_the_other(share: float) -> None:
    a, b = BLACK.as_array()[None], RED.as_array()[None]
    mixed, parent = crossed(a, b, np.array([share])), (a, b)[int(share)]
    assert np.allclose(mixed[0, : len(LAYERS), 3], parent[0, : len(LAYERS), 3])
    worn = mixed[0, : len(LAYERS), 3] > 0
    worn[0] = True
    assert np.allclose(mixed[0, : len(LAYERS), :3][worn], parent[0, : len(LAYERS), :3][worn], atol=1e-9)
    assert np.array_equal(mixed[0, STYLE:], a[0, STYLE:])


def test_a_layer_that_one_parent_lacks_keeps_its_colour() -> None:
    half = crossed(BLACK.as_array()[None], RED.as_array()[None], np.array([0.5]))[0]
    assert np.allclose(half[LAYERS.index("mark")], (*RED.mark, 0.4))
    assert np.allclose(half[LAYERS.index("white")], (*BLACK.white, 0.2))
    assert np.allclose(half[0, :3], np.sqrt(np.multiply(BLACK.base, RED.base)), rtol=0.01)  # the geometric mean


def test_only_spots_and_small_patches_need_noise_per_pixel() -> None:
    rows = np.stack(
        [
            COATS[name].as_array()
            for name in ("black", "brown tabby", "ginger and white", "calico", "bengal", "merle", "dalmatian")
        ]
    )
    assert speckled(rows).tolist() == [False, False, False, True, True, True, True]
    assert speckled(COATS["blue belton"].as_array()[None])[0]


def test_the_table_has_every_kind_of_coat_in_natural_colours() -> None:
    assert len(COATS) >= 100
    for name, coat in COATS.items():
        assert coat.name == name
        array = coat.as_array()
        colours, amounts = array[: len(LAYERS), :3], array[: len(LAYERS), 3]
        assert ((amounts >= 0) & (amounts <= 1)).all(), name
        assert (colours[0] >= 0.01).all(), name  # no hair is as black as soot
        assert (colours <= 0.7).all(), name  # nor like snow
        assert (colours[0, 0] >= 0.85 * colours[0]).all(), name  # pigments are warm, but for a blue cast
    assert {coat.stripes for coat in COATS.values()} == set(STRIPES)
    lightness = np.array([coat.as_array()[0, 1] for coat in COATS.values()])
    assert (lightness < 0.05).mean() > 0.15  # as among real animals, many are black
    assert (lightness > 0.4).mean() > 0.15


def test_there_are_as_many_fields_as_a_vertex_holds() -> None:
    assert len(FIELDS) == 8
