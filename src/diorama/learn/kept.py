"""Backbones of Hugging Face's folders, kept as their weights and architecture: reading one takes no transformers.

Where all features are there already, a training then needs neither that library, which takes seconds to import, nor the
network itself.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from diorama.assets.cache import cache_folder
from diorama.dataset import files
from diorama.errors import OutputError
from diorama.learn import pretrained
from diorama.learn.backbones import Architecture, Backbone

_VERSION = 1  # of what a file holds


def hugging_face(name: str, weights: Path | None) -> Backbone:
    """A Hugging Face vision model; of a folder that was read before, its network is built when it is first needed.

    Raises:
        ModelError: If there is none, or it takes no pictures.
    """
    path = _place(Path(name), weights)
    if path is None:
        return pretrained.hugging_face(name, weights)
    found = _read(path)
    if found is None:
        found = pretrained.hugging_face(name, weights)
        _write(path, found)
    return found


def _place(folder: Path, weights: Path | None) -> Path | None:
    """Where a folder's backbone is kept, by the content of its files; None for what is no folder, or not readable."""
    digest = hashlib.blake2b(f"{_VERSION} {version('transformers')} {folder.name}".encode(), digest_size=16)
    try:
        read = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".safetensors"))
        for path in [*read, *([weights] if weights else [])]:
            with path.open("rb") as file:
                digest.update(f"{path.name} {path.suffix} ".encode() + hashlib.file_digest(file, "blake2b").digest())
    except OSError:
        return None
    return cache_folder() / "backbones" / f"{digest.hexdigest()}.safetensors"


def _read(path: Path) -> Backbone | None:
    try:
        with safe_open(path, "pt") as file:
            architecture = Architecture(**json.loads(file.metadata()["architecture"]))
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError):  # none, or damaged: made anew
        return None
    return Backbone(architecture, None, state).eval()


def _write(path: Path, backbone: Backbone) -> None:
    state = {name: value.detach().cpu().contiguous() for name, value in backbone.net.state_dict().items()}
    with suppress(OSError, OutputError):  # read-only or full: it is read by transformers again
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.replacing(path) as temporary:
            temporary.write_bytes(save(state, {"architecture": json.dumps(asdict(backbone.architecture))}))
