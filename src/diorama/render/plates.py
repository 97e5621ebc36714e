"""Photos behind the scenes of a batch: cut out of their files and uploaded, a layer per scene, for this batch alone.

Nothing of them stays on the device, so that thousands take no more memory than one batch.
"""

from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.surroundings import Photo
from diorama.render.pipelines import COLOR, Pipelines
from diorama.render.targets import Targets
from diorama.scene.batch import SceneBatch

U8 = NDArray[np.uint8]


class Plates:
    """What the photos of one set of targets are put into: a layer per scene."""

    def __init__(self, device: Any, pipelines: Pipelines, targets: Targets) -> None:
        import wgpu

        use = wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST
        self._queue, self._size = device.queue, targets.size
        sizes = (targets.size, targets.size, targets.capacity)
        self._texture = device.create_texture(size=sizes, format=COLOR, usage=use)
        view = self._texture.create_view(dimension="2d-array")
        self.group = pipelines.group(pipelines.plate_layout, [view])

    def put(self, batch: SceneBatch) -> None:
        """Uploads the photos of the scenes that have one."""
        if batch.photo is None or batch.photo_crop is None:
            return
        size = self._size
        for scene in np.flatnonzero(batch.photo >= 0).tolist():
            pixels = cut_out(batch.photos[batch.photo[scene]], batch.photo_crop[scene], size)
            where = {"texture": self._texture, "mip_level": 0, "origin": (0, 0, scene)}
            how = {"offset": 0, "bytes_per_row": size * 4, "rows_per_image": size}
            self._queue.write_texture(where, pixels, how, (size, size, 1))


def cut_out(photo: Photo, crop: NDArray[np.float32], size: int) -> U8:
    """(size, size, 4) sRGB of a square of a photo.

    Args:
        photo: The photo.
        crop: (4,) left, top and side of the square in shorter sides of the photo; below 0: mirrored.
        size: Pixels along each side.
    """
    left, top, side, mirrored = (float(part) for part in crop)
    least = min(int(np.ceil(size / side)), min(photo.width, photo.height))  # decoded no finer than is shown
    pixels = simplejpeg.decode_jpeg(photo.jpeg, "RGB", min_height=least, min_width=least)
    height, width = pixels.shape[:2]
    short = min(width, height)
    edges = (left * short, top * short, (left + side) * short, (top + side) * short)
    box = (max(edges[0], 0), max(edges[1], 0), min(edges[2], width), min(edges[3], height))
    how = Image.Resampling.BOX if side * short >= size else Image.Resampling.BICUBIC
    shown = np.asarray(Image.fromarray(pixels).resize((size, size), how, box))
    out = np.full((size, size, 4), 255, np.uint8)
    out[..., :3] = shown[:, ::-1] if mirrored < 0 else shown
    return out
