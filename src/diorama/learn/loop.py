"""The training loop: one head, or one network, from its first step or its last checkpoint to its last epoch."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from diorama.draws import Draws
from diorama.engine.progress import Progress, Report
from diorama.errors import ImageError, TrainingError
from diorama.learn.checkpoint import Checkpoint
from diorama.learn.devices import Accelerator, agreed
from diorama.learn.log import Log
from diorama.learn.mixture import Mixture
from diorama.learn.optimizer import Adam, cosine
from diorama.learn.settings import Settings
from diorama.learn.sources import Source


@dataclass(frozen=True, eq=False)
class Task:
    """What all heads of a training share.

    Attributes:
        settings: How.
        mixture: On what.
        source: Gives its input.
        held: Gives the input of the part that is held out, if there is one.
        weights: (C,) of the classes in the loss.
        accelerator: The device, mixed precision and other processes.
        bad: Errors of images that could not be read, by place.
        strict: Whether the first of them ends the training.
        log: Takes each epoch's figures.
        report: Is told how far it is.
    """

    settings: Settings
    mixture: Mixture
    source: Source
    held: Source | None
    weights: Tensor
    accelerator: Accelerator
    bad: dict[int, ImageError]
    strict: bool
    log: Log
    report: Report


def fit(task: Task, net: nn.Module, groups: Sequence[dict[str, Any]], still: nn.Module | None, at: Checkpoint) -> None:
    """Trains a network; afterwards it holds the weights of the epoch that the settings select.

    Args:
        task: What all heads share.
        net: Input → (B, C) logits.
        groups: Its parameters with their learning rates.
        still: A part of it whose normalization keeps its pretrained statistics.
        at: Where to begin, and where to keep how far it is.

    Raises:
        TrainingError: If the loss is no number any more.
        ImageError: For the first image that cannot be read, where that is not allowed.
        KeyboardInterrupt: After a signal, when the checkpoint is written.
    """
    settings, accelerator = task.settings, task.accelerator
    model, optimizer = accelerator.prepare(net), Adam(groups)
    if "net" in at.parts:
        net.load_state_dict(at.parts["net"])
        optimizer.fill(at.parts["optimizer"])
    seed, labels = settings.seed + at.number, torch.from_numpy(task.mixture.train.labels)
    with torch.random.fork_rng(), _signals() as stopped:
        while at.epoch < settings.epochs:
            order = _own(task.mixture.order(seed, at.epoch), settings.batch, accelerator)
            batch = settings.batch // accelerator.num_processes
            drops = _seeds(seed, at.epoch, -(-len(order) // batch))
            model.train()
            if still is not None:
                still.eval()
            for rows, x in task.source.batches(order[at.step * batch :], at.epoch, batch):
                # of this step's dropout: an interrupted epoch goes on the same, and no two processes leave out alike
                torch.manual_seed(drops[at.step] + accelerator.process_index)
                at.step += 1
                if task.strict and task.bad:
                    raise task.bad[min(task.bad)]
                if len(rows):
                    y = labels[rows].to(x.device)
                    logits = model(x)
                    loss = F.cross_entropy(logits, y, task.weights)
                    value = loss.item()
                    if not np.isfinite(value):
                        raise TrainingError(
                            f"head {at.number + 1}, epoch {at.epoch + 1}, step {at.step}",
                            f"the loss is {value}",
                            "Give a lower --lr, or --backbone-lr with --unfreeze; what was finished before is kept",
                        )
                    optimizer.zero_grad()
                    accelerator.backward(loss)
                    done = (at.epoch + (at.step - 0.5) / len(drops)) / settings.epochs
                    optimizer.step(cosine(done) if settings.schedule == "cosine" else 1.0)
                    right = int((logits.argmax(1) == y).sum())
                    for k, more in enumerate((value * len(rows), right, len(rows))):
                        at.sums[k] += more
                _tell(task, at, len(drops))
                if agreed(accelerator, stopped.is_set()):
                    _keep(task, at, net, optimizer)
                    where = f"epoch {at.epoch + 1} of {settings.epochs}, head {at.number + 1} of {settings.seeds}"
                    raise KeyboardInterrupt(f"in {where}; the same command goes on from there")
            _end_epoch(task, at, net)
            _keep(task, at, net, optimizer)
    if settings.select == "validation":
        net.load_state_dict(at.parts["best"])


def _end_epoch(task: Task, at: Checkpoint, net: nn.Module) -> None:
    sums = torch.tensor(at.sums, dtype=torch.float64, device=task.accelerator.device)
    loss, right, count = task.accelerator.reduce(sums, "sum").tolist()
    count = max(count, 1.0)
    row = {"head": at.number + 1, "epoch": at.epoch + 1, "loss": loss / count, "accuracy": right / count}
    if task.held is not None:
        logits, labels = predict(net, task.held, task.mixture.held.labels, task.settings.batch)
        row["held_out_loss"] = F.cross_entropy(logits, labels).item()
        row["held_out_accuracy"] = (logits.argmax(1) == labels).double().mean().item()
        earlier = [old for old in at.history if old["head"] == row["head"]]
        if all(rank(row) > rank(old) for old in earlier):
            at.parts["best"] = {name: value.clone() for name, value in net.state_dict().items()}
    at.history.append(row)
    task.log(row)
    at.epoch, at.step, at.sums = at.epoch + 1, 0, [0.0, 0.0, 0.0]


def rank(row: dict[str, float]) -> tuple[float, float]:
    """Of an epoch: the more right answers on the held out part the better, and among equals the less loss."""
    return row["held_out_accuracy"], -row["held_out_loss"]


def predict(net: nn.Module, source: Source, labels: NDArray[np.int64], batch: int) -> tuple[Tensor, Tensor]:
    """(M, C) logits and (M,) labels of those images of a source that can be read."""
    net.eval()
    logits, places = [], []
    with torch.inference_mode():
        for rows, x in source.batches(np.arange(len(labels)), 0, batch):
            if len(rows):
                logits.append(net(x).double().cpu())
                places.append(rows)
    return torch.cat(logits), torch.from_numpy(labels[np.concatenate(places)])


def _keep(task: Task, at: Checkpoint, net: nn.Module, optimizer: Adam) -> None:
    at.parts["net"] = dict(net.state_dict())
    at.parts["optimizer"] = optimizer.tensors()
    if task.accelerator.is_main_process:
        at.save()


def _own(order: NDArray[np.int64], batch: int, accelerator: Accelerator) -> NDArray[np.int64]:
    """This process's share of an epoch's images: as much of each batch as the others', full batches only."""
    world = accelerator.num_processes
    if world == 1:
        return order
    if batch % world or len(order) < batch:
        raise TrainingError("batch", f"{batch} of {len(order)} images for {world} processes", "Give a multiple of them")
    whole = order[: len(order) // batch * batch].reshape(-1, world, batch // world)
    return whole[:, accelerator.process_index].reshape(-1)


def _seeds(seed: int, epoch: int, steps: int) -> list[int]:
    uniforms = Draws(seed).uniform("learn.dropout", np.arange(steps), np.full(steps, epoch), 1)[:, 0]
    return [int(value) for value in uniforms * (1 << 53)]


def _tell(task: Task, at: Checkpoint, steps: int) -> None:
    settings, (loss, right, count) = task.settings, at.sums
    done = (at.number * settings.epochs + at.epoch) * steps + at.step
    note = f"loss {loss / count:.3f}, accuracy {right / count:.1%}" if count else ""
    task.report(Progress("training", done, settings.seeds * settings.epochs * steps, "steps", note))


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets, so that a step is finished before the end; a second one ends at once."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    try:
        for number in before:
            signal.signal(number, stop)
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
