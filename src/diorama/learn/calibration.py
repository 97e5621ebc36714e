"""Calibration: one number that makes probabilities as sure as they should be."""

import numpy as np
from torch import Tensor
from torch.nn import functional as F

WIDEST = np.log(20.0)
"""A temperature lies between 1/20 and 20: few held out images, all of them right, would otherwise ask for 0."""


def temperature(logits: Tensor, labels: Tensor) -> float:
    """What logits (N, C) are to be divided by, so that the labels (N,) are likeliest.

    Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML 2017.
    """

    from scipy.optimize import minimize_scalar  # half a second, for those who calibrate

    def loss(log: float) -> float:
        return F.cross_entropy(logits.double() / np.exp(log), labels).item()

    found = minimize_scalar(loss, bounds=(-WIDEST, WIDEST), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x))
