"""Heat maps of networks whose answers are known, and against the formulas written out."""

import numpy as np
import pytest
import torch
from torch import nn

from diorama.errors import RecipeError
from diorama.explain.curves import area, blurred, curves
from diorama.explain.maps import GREY, gradcam, occlusion
from tests.explain.networks import BLOCK, SIZE, Blocks, blocks

RED_GREEN = [[2.0, 0.0, 0.0], [0.0, 3.0, 0.0]]


def noise(count: int = 2) -> torch.Tensor:
    return torch.rand((count, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(0))


def test_grad_cam_marks_the_block_that_a_class_looks_at() -> None:
    net = Blocks(RED_GREEN)
    x = blocks({(0, 1): (1.0, 0.0, 0.0), (2, 3): (0.0, 1.0, 0.0)})
    for target, (row, column), weight in ((0, (0, 1), 2.0), (1, (2, 3), 3.0)):
        found = gradcam(net, net.maps, x, target, "logit")
        small = np.zeros((1, 1, 4, 4), np.float32)
        small[0, 0, row, column] = weight  # the gradient of each field of the map is the weight, and so is their mean
        large = nn.functional.interpolate(torch.tensor(small), (SIZE, SIZE), mode="bilinear", align_corners=False)
        np.testing.assert_allclose(found, large[:, 0], atol=1e-6)
        assert np.unravel_index(found[0].argmax(), found[0].shape)[0] // BLOCK == row


def test_grad_cam_is_its_formula() -> None:
    """ReLU Σ_k A_k mean ∂z_c/∂A_k, of a network whose gradients depend on the image: ∂z_c/∂A_k = 2 w_ck A_k."""
    weights = [[1.0, -2.0, 0.5], [0.3, 1.0, -1.0]]
    net, x = Blocks(weights, squared=True), noise()
    target = np.array([1, 0])
    maps = net.maps(x).numpy().astype(np.float64)
    alpha = 2 * np.array(weights)[target] * maps.mean((2, 3))
    small = np.maximum((alpha[..., None, None] * maps).sum(1), 0)
    assert (small == 0).any(), "nothing is cut off"
    found = gradcam(net, net.maps, x, target, "logit")
    large = nn.functional.interpolate(torch.tensor(small)[:, None], (SIZE, SIZE), mode="bilinear", align_corners=False)
    np.testing.assert_allclose(found, large[:, 0], rtol=1e-4, atol=1e-6)


def test_odds_are_free_of_what_all_logits_share() -> None:
    weights, x = [[1.0, -2.0, 0.5], [0.3, 1.0, -1.0]], noise()
    net, shifted = Blocks(weights), Blocks([[w + 7 for w in row] for row in weights])
    for target in (0, 1):
        same = [gradcam(z, z.maps, x, target, "odds") for z in (net, shifted)]
        np.testing.assert_allclose(same[0], same[1], rtol=1e-3, atol=1e-5)
        apart = [gradcam(z, z.maps, x, target, "logit") for z in (net, shifted)]
        assert np.abs(apart[0] - apart[1]).max() > 0.1
    one, other = (occlusion(net, x, target, "odds") for target in (0, 1))
    np.testing.assert_allclose(one, -other, atol=1e-5)  # of two classes, what speaks for one speaks against the other


def test_occlusion_is_the_fall_that_each_square_causes() -> None:
    net, x = Blocks(RED_GREEN), noise()
    found = occlusion(net, x, 0, "logit", window=BLOCK, stride=BLOCK)
    red = net.maps(x)[:, 0].numpy()
    expected = 2.0 * (red - GREY)  # z falls by what the block had, less what the grey square has
    np.testing.assert_allclose(found, np.repeat(np.repeat(expected, BLOCK, 1), BLOCK, 2), atol=1e-5)
    p = torch.softmax(net(x), -1)[:, 0]
    hidden = x.clone()
    hidden[:, :, :BLOCK, :BLOCK] = GREY
    fall = p - torch.softmax(net(hidden), -1)[:, 0]
    np.testing.assert_allclose(occlusion(net, x, 0, "p", window=BLOCK, stride=BLOCK)[:, 0, 0], fall, atol=1e-6)


def test_overlapping_squares_are_averaged_and_batches_change_nothing() -> None:
    net, x = Blocks(RED_GREEN), blocks({(1, 1): (1.0, 0.0, 0.0)})
    found = [occlusion(net, x, 0, "logit", window=16, stride=8, batch=batch) for batch in (1, 5, 64)]
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0], found[2], atol=1e-6)
    black, red = 2.0 * -GREY, 2.0 * (1 - GREY)  # what a block's hiding takes from z
    assert found[0][0, 12, 12] == pytest.approx(3 * black + red, abs=1e-5)  # all four squares over it hide the red
    assert found[0][0, 0, 0] == pytest.approx(3 * black + red, abs=1e-5)  # the one square over the corner does
    assert found[0][0, -1, -1] == pytest.approx(4 * black, abs=1e-5)


def test_a_layer_without_rows_and_columns_is_refused() -> None:
    class Flat(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(3, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.line(x.mean((2, 3)))  # type: ignore[no-any-return]

    net = Flat()
    with pytest.raises(RecipeError, match="its output has 2 axes"):
        gradcam(net, net.line, noise(), 0)


def test_curves_follow_the_probability_along_the_order_of_the_map() -> None:
    net, x = Blocks([[0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]), blocks({(0, 1): (1.0, 0.0, 0.0), (2, 2): (1.0, 0.0, 0.0)})
    heat = x[:, 0].numpy()
    deletion, insertion = curves(net, x, heat, 0, steps=16)
    z = 0.5 * np.array([2 - 0.5 * min(k, 2) + 0.5 * max(k - 2, 0) for k in range(17)])
    np.testing.assert_allclose(deletion[0], 1 / (1 + np.exp(-z)), atol=1e-6)
    assert insertion[0, -1] == pytest.approx(deletion[0, 0])
    np.testing.assert_allclose(insertion[0, 0], torch.softmax(net(blurred(x)), -1)[0, 0], atol=1e-6)
    assert insertion[0, 2] == insertion[0].max()  # all red is there, and little of the blurred red elsewhere is gone
    backwards = curves(net, x, -heat, 0, steps=16)
    assert area(backwards[0])[0] > area(deletion)[0]
    assert area(backwards[1])[0] < area(insertion)[0]


def test_areas_under_known_curves() -> None:
    assert area(np.array([[1.0, 0.5, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])) == pytest.approx([0.5, 1.0, 0.5])


def test_blurring_keeps_the_mean_of_a_plain_image_and_spreads_a_point_evenly() -> None:
    plain = torch.full((1, 3, 24, 24), 0.3)
    torch.testing.assert_close(blurred(plain), plain)
    point = torch.zeros(1, 3, 57, 57)
    point[0, 1, 28, 28] = 1
    soft = blurred(point)[0, 1]
    assert float(soft.sum()) == pytest.approx(1, abs=1e-4)
    torch.testing.assert_close(soft, soft.T)
    where = torch.arange(57.0) - 28
    assert float((soft.sum(0) * where**2).sum()) == pytest.approx((5 / 224 * 57) ** 2, rel=0.05)
