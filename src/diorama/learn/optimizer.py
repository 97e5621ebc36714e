"""Adam by PyTorch's own arithmetic, without its class: that imports a compiler, which takes longer than a head."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim.adam import adam

WARM = 0.1
"""Share of the steps in which learning rates rise."""


class Adam:
    """As `torch.optim.Adam`, to the last bit.

    Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.

    Args:
        groups: Parameters ("params", a list) with their learning rate ("lr").
    """

    def __init__(self, groups: Iterable[Mapping[str, Any]]) -> None:
        self._groups = [(list(group["params"]), float(group["lr"])) for group in groups]
        self._state: dict[int, dict[str, Tensor]] = {}

    def zero_grad(self) -> None:
        """Forgets all gradients."""
        for parameters, _ in self._groups:
            for parameter in parameters:
                parameter.grad = None

    def step(self, scale: float = 1.0) -> None:
        """Moves the parameters by their gradients, all learning rates times `scale`."""
        first = 0
        with torch.no_grad():
            for parameters, rate in self._groups:
                moved = [(first + k, own, own.grad) for k, own in enumerate(parameters) if own.grad is not None]
                rows = [self._row(k, own) for k, own, _ in moved]
                first += len(parameters)
                adam(
                    [own for _, own, _ in moved],
                    [gradient for _, _, gradient in moved],
                    [row["exp_avg"] for row in rows],
                    [row["exp_avg_sq"] for row in rows],
                    [],
                    [row["step"] for row in rows],
                    amsgrad=False, beta1=0.9, beta2=0.999, lr=rate * scale, weight_decay=0.0, eps=1e-8, maximize=False,
                )  # fmt: skip

    def tensors(self) -> dict[str, Tensor]:
        """Its state by "parameter.name"."""
        return {f"{key}.{name}": value for key, row in self._state.items() for name, value in row.items()}

    def fill(self, tensors: Mapping[str, Tensor]) -> None:
        """Takes over what `tensors` gave."""
        parameters = [own for group, _ in self._groups for own in group]
        for name, value in tensors.items():
            key, _, rest = name.partition(".")
            device = "cpu" if rest == "step" else parameters[int(key)].device
            self._state.setdefault(int(key), {})[rest] = value.clone().to(device)

    def _row(self, key: int, own: Tensor) -> dict[str, Tensor]:
        if key not in self._state:
            self._state[key] = {
                "step": torch.tensor(0.0),
                "exp_avg": torch.zeros_like(own, memory_format=torch.preserve_format),
                "exp_avg_sq": torch.zeros_like(own, memory_format=torch.preserve_format),
            }
        return self._state[key]


def cosine(share: float) -> float:
    """What learning rates are multiplied by when a share of all steps is done: up in a tenth of them, then down to 0.

    Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without the
    restarts; the rise is that of P. Goyal et al., "Accurate, large minibatch SGD", 2017.
    """
    if share < WARM:
        return share / WARM
    return 0.5 + 0.5 * math.cos(math.pi * (share - WARM) / (1 - WARM))
