"""Many small heads trained at once on frozen features, each on images of its own.

Learning curves are made of them, and the judges of a curation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from diorama.draws import Draws
from diorama.learn.classifier import head
from diorama.learn.networks import initialize

STEPS = 300
"""Steps of the optimizer at least. Ten epochs of two photos are ten steps: too few for some backbones, whose curve of
real photos would then start too low, and flatter the synthetic ones."""


@dataclass(frozen=True)
class Fitting:
    """How heads are trained: as the classifier's own were.

    Attributes:
        hidden: Units of the hidden layer; 0 for none.
        dropout: Of it.
        rate: Learning rate of Adam.
        epochs: Times that each image is seen, at least.
        batch: Images to a step.
    """

    hidden: int = 128
    dropout: float = 0.3
    rate: float = 1e-3
    epochs: int = 10
    batch: int = 64

    @classmethod
    def of(cls, training: Mapping[str, Any]) -> "Fitting":
        """That of a classifier's training, as its config.json tells."""
        names = {"hidden": "hidden", "dropout": "dropout", "rate": "lr", "epochs": "epochs", "batch": "batch"}
        return cls(**{name: training[key] for name, key in names.items() if training.get(key) is not None})


def fit(
    values: Tensor,
    labels: Tensor,
    chosen: Tensor,
    classes: int,
    fitting: Fitting,
    draws: Draws,
    name: str,
    share: tuple[int, float] | None = None,
) -> nn.ModuleList:
    """H heads, each trained on n images of its own.

    Args:
        values: (V, N, D) features of V views of all images; each step takes a view of each of its images.
        labels: (N,) their classes.
        chosen: (H, n) images of each head.
        classes: C.
        fitting: How.
        draws: The seed of weights, batches, views and dropout.
        name: Of the draws.
        share: (m, s): the last m images of each head make up the share s of its batches, however few they are.
    """
    heads, count = chosen.shape
    views, _, width = values.shape
    batch, threads = min(fitting.batch, count), torch.get_num_threads()
    steps = max(STEPS, fitting.epochs * -(-count // batch))
    modules = nn.ModuleList(head(width, fitting.hidden, classes, fitting.dropout) for _ in range(heads))
    with torch.random.fork_rng(devices=[]):  # dropout takes PyTorch's own source: nothing of before may reach it
        torch.manual_seed(_seed(draws, f"{name}/train"))
        torch.set_num_threads(1)  # steps are too short to be shared by several
        for k, module in enumerate(modules):
            initialize(module, torch.Generator().manual_seed(_seed(draws, f"{name}/weights", k)))
        state, _ = stack_module_state(list(modules))
        optimizer = torch.optim.Adam(state.values(), lr=fitting.rate)

        def loss(own: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
            return nn.functional.cross_entropy(functional_call(modules[0], own, x), y)

        losses = vmap(loss, randomness="different")
        modules.train()
        order = torch.empty(heads, 0, dtype=torch.int64)
        for _ in range(steps):
            if share is not None:
                place = _mixed(heads, count, batch, *share)
            else:
                if order.shape[1] < batch:
                    order = torch.rand(heads, count).argsort(1)
                place, order = order[:, :batch], order[:, batch:]
            index = chosen.gather(1, place)
            view = torch.randint(views, index.shape)
            optimizer.zero_grad()
            losses(state, values[view, index], labels[index]).sum().backward()
            optimizer.step()
        torch.set_num_threads(threads)
    with torch.no_grad():
        for k, module in enumerate(modules):
            module.load_state_dict({key: value[k] for key, value in state.items()})
    return modules.eval()


def right(modules: nn.ModuleList, values: Tensor, labels: Tensor) -> NDArray[np.bool_]:
    """(H, N) whether each head is right about features (N, D) of the classes (N,)."""
    with torch.inference_mode():
        return np.stack([(module(values).argmax(1) == labels).numpy() for module in modules])


def _mixed(heads: int, count: int, batch: int, few: int, share: float) -> Tensor:
    """(H, batch) places, the last `few` of `count` with the chance `share`, the others else."""
    rare = torch.rand(heads, batch) < share
    return torch.where(rare, torch.randint(count - few, count, rare.shape), torch.randint(count - few, rare.shape))


def _seed(draws: Draws, name: str, number: int = 0) -> int:
    return int(draws.uniform(name, [number], [0], 1)[0, 0] * (1 << 53))
