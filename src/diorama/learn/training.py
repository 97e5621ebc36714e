"""Training a classifier, from folders of images to a model folder: the main job of this package on one page."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import diorama
from diorama.assets.hashing import content_hash
from diorama.dataset import files
from diorama.engine.progress import Report, silent
from diorama.errors import ImageError, OutputError, TrainingError
from diorama.learn import checkpoint, devices
from diorama.learn.backbones import Backbone, generator, load_backbone
from diorama.learn.calibration import temperature
from diorama.learn.checkpoint import Checkpoint
from diorama.learn.classifier import CONFIG, Classifier, head
from diorama.learn.features import features, resolved
from diorama.learn.log import Log
from diorama.learn.loop import Task, fit, predict, rank
from diorama.learn.mixture import Mixture, mixture
from diorama.learn.networks import initialize
from diorama.learn.pixels import Decoded, Look
from diorama.learn.settings import Settings
from diorama.learn.sources import Files, Rows, Source
from diorama.learn.views import PRESETS, Views


@dataclass(frozen=True, eq=False)
class Trained:
    """What a training gave.

    Attributes:
        classifier: The classifier, as it lies in the folder.
        folder: Its folder.
        history: A row per epoch and head: loss and accuracy, and those on the held out part.
        skipped: Images that could not be read.
        new: False if the folder held this very classifier already.
    """

    classifier: Classifier
    folder: Path
    history: list[dict[str, float]]
    skipped: tuple[str, ...]
    new: bool = True


def train(
    data: str | Path | Sequence[str | Path],
    out: str | Path,
    settings: Settings | None = None,
    *,
    mix: Sequence[tuple[str | Path, float]] = (),
    classes: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    weights: str | Path | None = None,
    strict: bool = False,
    log: bool = False,
    report: Report = silent,
) -> Trained:
    """Trains a classifier, or goes on with one that was interrupted, and writes its folder.

    Args:
        data: A folder of images in classes, or several.
        out: The model's folder: new, empty, or of the same training.
        settings: How; the seed paper's if not given.
        mix: Further folders, and the share of what is trained on that comes from each.
        classes: Which classes, in this order; all of the first folder if not given.
        mapping: Name of a sub-folder → the class it counts as; "" leaves it out.
        limit: At most so many images per class of each folder.
        weights: A file of the backbone's weights.
        strict: Whether an image that cannot be read ends the training, rather than being left out.
        log: Whether to write TensorBoard logs to `out`/log.
        report: Is told how far it is.

    Raises:
        DioramaError: ImageError, ModelError, TrainingError or OutputError, for what a person can mend.
        KeyboardInterrupt: After a signal; the same call goes on from there.
    """
    settings, out = settings or Settings(), Path(out)
    folders = [Path(data)] if isinstance(data, str | Path) else [Path(item) for item in data]
    mixed = [(Path(folder), share) for folder, share in mix]
    logged = Log(out / "log" if log else None)
    found = mixture(folders, mixed, classes=classes, mapping=mapping, limit=limit, validation=settings.validation)
    backbone = load_backbone(settings.backbone, None if weights is None else Path(weights), settings.seed)
    trained = settings.unfreeze or not backbone.architecture.pretrained
    if trained:
        _ = backbone.net  # built, if it is not yet
    chosen = {name: value for name, value in settings.as_dict().items() if name != "backbone"}  # its hash says more
    run = content_hash(*chosen.items(), found.train.hash, found.held.hash, found.shares, backbone.hash())
    earlier = _look(out, run)
    if earlier is not None:
        return earlier
    accelerator = devices.accelerator(trained, mixed=trained and _mixed(settings))
    skipped: list[ImageError] = []
    bad: dict[int, ImageError] = {}
    source: Source
    held: Source | None = None
    views = Views(settings.views, PRESETS[settings.preset], settings.seed)
    if trained:
        source, held = _files(found, views, backbone, accelerator.device, bad)
    else:
        found, source, held = _rows(found, views, backbone, settings, strict, skipped, report, accelerator.device)
    _check(found, skipped)
    weight = balance(found) if settings.balance else torch.ones(len(found.train.classes))
    task = Task(
        settings, found, source, held if len(found.held) else None, weight.to(accelerator.device), accelerator, bad,
        strict, logged, report,
    )  # fmt: skip
    with files.output(out):
        out.mkdir(parents=True, exist_ok=True)
    at = Checkpoint(out / checkpoint.NAME, run)
    at.load()
    nets: list[nn.Sequential] = []
    temperatures: list[float] = []
    for number in range(settings.seeds):
        own = deepcopy(backbone) if trained else None
        net = _net(own, backbone.width, len(found.train.classes), settings, number)
        done = at.parts.get(f"done.{number}")
        if done is None:
            rate = settings.backbone_lr if backbone.architecture.pretrained else settings.lr
            groups: list[dict[str, Any]] = [{"params": list(net[-1].parameters()), "lr": settings.lr}]
            if own is not None:
                own.requires_grad_(True)
                groups.append({"params": list(own.parameters()), "lr": rate})
            with _threads(None if trained else 1):
                fit(task, net, groups, own if backbone.architecture.pretrained else None, at)
            at.parts = {name: part for name, part in at.parts.items() if name.startswith("done.")}
            at.parts[f"done.{number}"] = dict(net.state_dict())
            at.number, at.epoch, at.step = number + 1, 0, 0
        else:
            net.load_state_dict(done)
        if settings.calibrate and task.held is not None:
            temperatures.append(temperature(*predict(net, task.held, found.held.labels, settings.batch)))
        net.cpu().eval().requires_grad_(False)
        nets.append(net)
    if bad:
        skipped += [bad[place] for place in sorted(bad)]
        good = np.setdiff1d(np.arange(len(found.train)), list(bad))
        found = Mixture(found.train.subset(good), found.held, found.source[good], found.shares)
        _check(found, skipped)
    backbones = [backbone.cpu()]
    if trained:
        backbones = [cast(Backbone, net[0]) for net in nets]
    about = _about(settings, backbone.name, found, folders, mixed, at, skipped, run)
    model = Classifier(
        found.train.classes, backbones, [cast(nn.Sequential, net[-1]) for net in nets], about, temperatures or None
    )
    if accelerator.is_main_process:
        model.save(out)
        with files.output(out):
            (out / checkpoint.NAME).unlink(missing_ok=True)
    accelerator.wait_for_everyone()
    return Trained(model, out, at.history, tuple(str(error) for error in skipped))


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """Computes with so many threads. A head's steps are too short to be shared by several."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _look(out: Path, run: str) -> Trained | None:
    """What the folder holds already: this very classifier, or nothing that would be lost."""
    if out.is_dir() and (out / CONFIG).is_file():
        model = Classifier.load(out)
        about = model.training_config
        if about.get("run") == run:
            return Trained(model, out, about["history"], tuple(about["skipped"]), new=False)
        raise OutputError(str(out), "already holds another classifier", "Choose another folder, or remove that one")
    if out.exists() and not out.is_dir():
        raise OutputError(str(out), "is a file", "Choose another name for the model's folder")
    known = {checkpoint.NAME, "log", "model.safetensors", "README.md"}
    others = sorted({path.name for path in out.iterdir()} - known) if out.is_dir() else []
    if others:
        raise OutputError(str(out), f"already holds other files ({others[0]})", "Choose an empty or new folder")
    return None


def _mixed(settings: Settings) -> bool:
    """Whether networks are trained in bfloat16: on a GPU that has it, on a CPU only if asked for."""
    if settings.precision == "auto" and not torch.cuda.is_available():
        return False
    return resolved(settings.precision) == "bfloat16"


def _net(own: Backbone | None, width: int, classes: int, settings: Settings, number: int) -> nn.Sequential:
    """A head with its initial weights, over a backbone that is trained, if there is one."""
    last = head(width, settings.hidden, classes, settings.dropout)
    initialize(last, generator(settings.seed + number, "head"))
    return nn.Sequential(own, last) if own is not None else nn.Sequential(last)


def _files(
    found: Mixture, views: Views, backbone: Backbone, device: torch.device, bad: dict[int, ImageError]
) -> tuple[Source, Source]:
    look = Look(views.augmentation, backbone.size, backbone.architecture.resize)
    centre = Look(None, look.size, look.resize)
    read = Decoded(2 * look.resize)
    return Files(found.train, views, look, bad, device, read), Files(found.held, views, centre, {}, device, read)


def _rows(
    found: Mixture,
    views: Views,
    backbone: Backbone,
    settings: Settings,
    strict: bool,
    skipped: list[ImageError],
    report: Report,
    device: torch.device,
) -> tuple[Mixture, Source, Source]:
    """Frozen features, and the mixture without the images that cannot be read."""
    list_ = None if strict else skipped
    values = features(backbone, found.train, views, precision=settings.precision, skipped=list_, report=report)
    outside = features(backbone, found.held, precision=settings.precision, skipped=list_, report=report)
    backbone.cpu()
    train, held = found.train, found.held
    good, also = ~np.isnan(values[0, :, 0]), ~np.isnan(outside[0, :, 0])
    if not (good.all() and also.all()):
        values, outside = values[:, good], outside[:, also]
        found = Mixture(train.subset(good), held.subset(also), found.source[good], found.shares)
    return found, Rows(values, device), Rows(outside, device)


def _check(found: Mixture, skipped: Sequence[ImageError]) -> None:
    counts = np.bincount(found.train.labels, minlength=len(found.train.classes))
    if not counts.all():
        name = found.train.classes[int(counts.argmin())]
        raise TrainingError(
            f"class {name!r}",
            f"has no image that can be read ({skipped[0] if skipped else 'none is left'})",
            "Mend them",
        )


def balance(found: Mixture) -> Tensor:
    """(C,) weights that make every class count alike, N / (C · n_c), as often as an epoch shows its images."""
    share = np.array(found.shares)[found.source] / np.bincount(found.source)[found.source]  # of each in an epoch
    counts = np.bincount(found.train.labels, share, len(found.train.classes))
    return torch.from_numpy(counts.sum() / (len(counts) * counts)).float()


def _about(
    settings: Settings,
    backbone: str,
    found: Mixture,
    folders: Sequence[Path],
    mixed: Sequence[tuple[Path, float]],
    at: Checkpoint,
    skipped: Sequence[ImageError],
    run: str,
) -> dict[str, Any]:
    """What config.json tells of a training."""
    counts: NDArray[np.int64] = np.bincount(found.train.labels, minlength=len(found.train.classes))
    last = [row for row in at.history if row["epoch"] == settings.epochs]
    kept = last
    if settings.select == "validation":
        heads = [[row for row in at.history if row["head"] == number + 1] for number in range(settings.seeds)]
        kept = [max(rows, key=rank) for rows in heads]
    figures = {
        name: [round(row[name], 6) for row in kept]
        for name in ("epoch", "loss", "accuracy", "held_out_accuracy")
        if kept and name in kept[0]
    }
    return {
        **settings.as_dict(),
        "backbone": backbone,
        "precision": str(resolved(settings.precision)),
        "selection": settings.rule,
        "kept": figures,
        "data": [folder.name for folder in folders],
        "mix": [[folder.name, share] for folder, share in mixed],
        "images": dict(zip(found.train.classes, counts.tolist(), strict=True)),
        "held_out": len(found.held),
        "held_out_by": "subject" if found.held.subjects else "image",
        "data_hash": found.train.hash,
        "skipped": [str(error.where) for error in skipped],
        "versions": {"diorama": diorama.__version__, "torch": torch.__version__.partition("+")[0]},
        "run": run,
        "history": at.history,
    }
