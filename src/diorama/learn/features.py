"""Features of images: each computed once per content, view, backbone and precision, and kept."""

from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from diorama.assets.hashing import content_hash
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import ImageError, ModelError
from diorama.learn import devices
from diorama.learn.backbones import Backbone, channels_last, folded
from diorama.learn.images import ImageSet
from diorama.learn.pixels import Look, as_input
from diorama.learn.store import Store
from diorama.learn.views import CENTRE, Views, parameters

Precision = Literal["auto", "float32", "bfloat16"]

SHARD = 2048
"""Rows that are kept at once: what an interruption loses at most."""

_VERSION = 1  # of the arithmetic of views: other pixels, other features


def features(
    backbone: Backbone,
    images: ImageSet,
    views: Views = CENTRE,
    *,
    precision: Precision = "auto",
    skipped: list[ImageError] | None = None,
    report: Report = silent,
) -> NDArray[np.float32]:
    """(V, N, D) features of every view of every image, from the cache as far as it has them.

    Args:
        backbone: Whose.
        images: Of what.
        views: Which.
        precision: Of the arithmetic; "auto" is bfloat16 where the device has it, else float32.
        skipped: Takes an error for each image that cannot be read, whose features are then NaN.
        report: Is told how far it is.

    Raises:
        ImageError: For an image that cannot be read, if there is no list for it.
    """
    precision = resolved(precision)
    store = Store(f"{backbone.hash()}-{precision}", backbone.width)
    keys, uniforms = view_keys(images, views), parameters(views, images.hashes)
    missing = store.missing(keys.reshape(-1))
    bad: dict[int, ImageError] = {}
    state = devices.processes()
    state.wait_for_everyone()  # all have seen the same rows missing
    if len(missing):
        net = channels_last(folded(backbone).to(state.device))
        mine = missing[np.argsort(missing % len(images), kind="stable")]  # all views of an image together: decoded once
        mine = mine[state.process_index :: state.num_processes]
        _compute(net, images, views, uniforms, keys, mine, store, precision, bad, report)
        if state.num_processes > 1:
            state.wait_for_everyone()
            store.refresh()
            left = store.missing(keys.reshape(-1))  # what another could not read, to be told here too
            left = left[~np.isin(left % len(images), list(bad))]
            _compute(net, images, views, uniforms, keys, left, store, precision, bad, report)
    if bad and skipped is None:
        raise bad[min(bad)]
    if skipped is not None:
        skipped += [bad[place] for place in sorted(bad)]
    good = np.setdiff1d(np.arange(len(images)), list(bad))
    if len(good) == len(images):
        return store.gather(keys)
    out = np.full((*keys.shape, backbone.width), np.nan, np.float32)
    out[:, good] = store.gather(keys[:, good])
    return out


def resolved(precision: Precision) -> Precision:
    """What "auto" is on this machine: bfloat16 where the device computes in it, else float32."""
    if precision != "auto":
        return precision
    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    native = torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return "bfloat16" if native and torch.cpu._is_avx512_bf16_supported() else "float32"


def view_keys(images: ImageSet, views: Views) -> NDArray[np.void]:
    """(V, N) 16 bytes that tell a view of an image from all others."""
    what = [
        content_hash("view", _VERSION, None if views.augmentation is None else (views.augmentation, views.seed, number))
        for number in range(views.first, views.first + views.count)
    ]
    salt = np.array([np.frombuffer(bytes.fromhex(text), "<u8") for text in what])  # (V, 2)
    own = images.hashes.view("<u8").reshape(-1, 2)
    return np.ascontiguousarray(own[None] ^ salt[:, None]).view("V16")[..., 0]


def _compute(
    net: Backbone,
    images: ImageSet,
    views: Views,
    uniforms: NDArray[np.float32],
    keys: NDArray[np.void],
    missing: NDArray[np.int64],
    store: Store,
    precision: Precision,
    bad: dict[int, ImageError],
    report: Report,
) -> None:
    """Adds missing rows to the store."""
    device = net.mean.device
    view, place = np.divmod(missing, len(images))
    look = Look(views.augmentation, net.size, net.architecture.resize)
    kept, done = [], 0
    dtype = np.float32 if precision == "float32" else np.float16
    try:
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"):
            for rows, x in look.batches(images, place, uniforms[view, place], bad, devices.together(device)):
                if not len(rows):
                    continue
                values = net(as_input(x, device)).float().cpu().numpy()
                if not np.isfinite(values).all():
                    where = str(images.paths[place[rows[~np.isfinite(values).all(1)][0]]])
                    raise ModelError(
                        net.name, f"gives features that are no numbers for {where}", "Try --precision float32"
                    )
                kept.append((keys[view[rows], place[rows]], np.clip(values, -65504, 65504).astype(dtype)))
                done += len(rows)
                report(Progress("features", done, len(place), "views"))
                if sum(len(some) for some, _ in kept) >= SHARD:
                    _keep(store, kept)
    finally:  # an interruption loses nothing
        _keep(store, kept)


def _keep(store: Store, kept: list[tuple[NDArray[np.void], NDArray[Any]]]) -> None:
    if kept:
        store.add(np.concatenate([keys for keys, _ in kept]), np.concatenate([rows for _, rows in kept]))
        kept.clear()
