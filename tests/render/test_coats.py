"""Coats as drawn: what covers what, how far, and that chance differs between individuals but never between runs."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.coat import FIELDS, SEED, Coat
from diorama.assets.subject import Material, Subject
from diorama.render.renderer import Renderer
from tests.reference import rigs, scenes

A, B, C = (0.05, 0.05, 0.05), (0.4, 0.2, 0.1), (0.6, 0.6, 0.6)
FUR, PAINT = Material(fur=0.2), Material()


def subject(fields: Mapping[str, float], material: Material = FUR, amount: int = 255) -> Subject:
    """A box with the same fields everywhere; those not given are ½."""
    box = rigs.box(material=material)
    mesh = box.levels[0]
    row = [round(255 * fields.get(name, 0.5)) for name in FIELDS]
    coat = np.tile(np.array(row, np.uint8), (len(mesh.positions), 1))
    marked = replace(mesh, coat=coat, coat_amount=np.full(len(coat), amount, np.uint8))
    return replace(box, levels=(marked,))


def laid(base: Coat, /, **changes: Any) -> Coat:
    return replace(base, **changes)


def picture(renderer: Renderer, coat: Coat, worn: Subject, place: float = 0.0) -> NDArray[np.int16]:
    """(N, 3) the pixels of the subject, which fills the frame."""
    scene = scenes.plain(worn, eye=(0, 0.5, 2.0), fov=0.3)
    scene.coat[0] = coat.as_array()
    scene.coat[0, SEED, :3] = place
    return renderer.render(scene).rgba[0, ..., :3].astype(np.int16).reshape(-1, 3)


def test_without_layers_all_is_base(renderer: Renderer) -> None:
    ends = [picture(renderer, Coat("", A), subject(dict.fromkeys(FIELDS, v))) for v in (0.0, 0.5, 1.0)]
    assert np.array_equal(ends[0], ends[1])
    assert np.array_equal(ends[0], ends[2])


LAYER = {
    "pale": ("pale", 0.0), "shade": ("shade", 0.0), "white": ("white", 0.0), "tan": ("tan", 1.0),
    "point": ("mask", 1.0), "mark": ("bars", 1.0),
}  # fmt: skip
"""Each layer with the field that lays it on, and the field's value where it is all over."""


@pytest.mark.parametrize("layer", LAYER)
def test_each_layer_covers_the_base_where_its_field_says(renderer: Renderer, layer: str) -> None:
    field, there = LAYER[layer]
    coat = laid(Coat("", A, unevenness=0.0), **{layer: B, f"{layer}_amount": 1.0})
    only = Coat("", B, unevenness=0.0)
    covered = subject({field: there})
    assert np.array_equal(picture(renderer, coat, covered), picture(renderer, only, covered))
    if layer not in ("pale", "shade", "white"):  # a share, not an order: without it there is nothing of the layer
        bare = subject({field: 1 - there})
        assert np.array_equal(picture(renderer, coat, bare), picture(renderer, laid(only, base=A), bare))


@pytest.mark.parametrize("layer", ["pale", "shade", "white"])
def test_a_layer_extends_as_far_as_its_amount(renderer: Renderer, layer: str) -> None:
    worn = subject({LAYER[layer][0]: 0.5})
    soft: dict[str, Any] = {f"{layer}_softness": 0.05} if layer != "white" else {}
    for extent, color in ((0.25, A), (0.75, B)):
        coat = laid(Coat("", A, unevenness=0.0), **{layer: B, f"{layer}_amount": extent}, **soft)
        assert np.array_equal(picture(renderer, coat, worn), picture(renderer, Coat("", color), worn))


def test_later_layers_lie_over_earlier_ones(renderer: Renderer) -> None:
    worn = subject({"white": 0, "tan": 1, "mask": 1, "bars": 1, "shade": 0, "pale": 0})
    order = ("pale", "shade", "mark", "point", "tan", "white")
    for below, above in pairwise(order):
        both: dict[str, Any] = {below: B, f"{below}_amount": 1.0, above: C, f"{above}_amount": 1.0}
        coat = laid(Coat("", A, unevenness=0.0), **both)
        assert np.array_equal(picture(renderer, coat, worn), picture(renderer, Coat("", C), worn)), (below, above)


@pytest.mark.parametrize(
    "coat",
    [
        Coat("patches", A, patch=C, patch_amount=0.5),
        Coat("small patches", A, patch=C, patch_amount=0.5, patch_frequency=6.0),
        Coat("spots", A, patch=C, patch_amount=0.4, patch_frequency=-8.0),
        Coat("white", A, white=C, white_amount=0.5, unevenness=1.0),
        Coat("stripes", A, mark=C, mark_amount=1.0, stripes="mackerel", frequency=9.0),
        Coat("whorls", A, mark=C, mark_amount=1.0, stripes="classic"),
        Coat("dots", A, mark=C, mark_amount=1.0, stripes="spotted", frequency=9.0),
        Coat("brindle", A, mark=C, mark_amount=1.0, stripes="brindle", frequency=12.0),
    ],
    ids=lambda coat: coat.name,
)
def test_chance_lays_a_pattern_out_anew_for_each_place(renderer: Renderer, coat: Coat) -> None:
    worn = subject({"bars": 0, "flank": 1})
    one, again, other = (picture(renderer, coat, worn, place) for place in (5.3, 5.3, 17.7))
    assert np.array_equal(one, again)
    assert (np.abs(one - other).max(axis=1) > 40).mean() > 0.05
    light = one.mean(axis=1) > one.mean()
    assert 0.05 < light.mean() < 0.95  # a pattern: both colours are there


def test_what_has_no_coat_stays_as_it_is(renderer: Renderer) -> None:
    bare = subject({"flank": 0}, PAINT, 0)
    loud = Coat("", B, white=C, white_amount=1.0, leather=A, leather_amount=1.0)
    assert np.array_equal(picture(renderer, loud, bare), picture(renderer, Coat("", A), bare))


def test_leather_takes_its_colour(renderer: Renderer) -> None:
    nose = subject({"flank": 1}, PAINT, 0)
    black = picture(renderer, Coat("", A, leather=A, leather_amount=1.0), nose)
    assert black.max() < picture(renderer, Coat("", A), nose).min()


def test_paint_has_a_second_colour_without_chance(renderer: Renderer) -> None:
    coat = Coat("", A, patch=B, patch_amount=1.0, unevenness=0.0)
    for order, color in ((0.0, B), (1.0, B)):
        worn = subject({"white": 1, "pale": 0, "shade": order, "mask": 0}, PAINT)
        assert np.array_equal(picture(renderer, coat, worn), picture(renderer, Coat("", color), worn))
    half = laid(coat, patch_amount=0.5)
    far = subject({"white": 1, "pale": 0, "shade": 1, "mask": 0}, PAINT)
    assert np.array_equal(picture(renderer, half, far), picture(renderer, Coat("", A), far))
