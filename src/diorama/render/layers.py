"""Texture arrays on the device whose layers are given to what is wanted, and taken from what has waited longest."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Layers:
    """Texture arrays of one size with mip maps, in step: layer k of each belongs to one key.

    They double when they are full, up to `most` layers; then the layer used longest ago is given away. What is written
    to a layer comes after the batches that were submitted before it, as the queue of the device has it.

    Attributes:
        textures: An array for each format; None until the first layer is added.
        levels: Mip levels.
    """

    def __init__(self, device: Any, formats: Sequence[str], most: int, capacity: int = 32) -> None:
        self._device, self._formats, self.most = device, formats, most
        self._capacity = max(1, min(capacity, most))
        self._layer: OrderedDict[str, int] = OrderedDict()  # the one used longest ago comes first
        self.textures: tuple[Any, ...] = ()
        self.levels = 1

    def __contains__(self, key: str) -> bool:
        return key in self._layer

    def __getitem__(self, key: str) -> int:
        """The layer of what is there."""
        return self._layer[key]

    def __len__(self) -> int:
        return len(self._layer)

    def reserve(self, count: int) -> None:
        """Makes room for so many, as far as `most` goes: at once, as what is left behind by each growth is not all
        given back to the system."""
        wanted = self._capacity
        while wanted < min(count, self.most):
            wanted = min(2 * wanted, self.most)
        if wanted > self._capacity:
            self._capacity = wanted
            self.textures = tuple(map(self._grown, self._formats, self.textures))

    def use(self, keys: Collection[str]) -> None:
        """Notes that these are used now, where they are there."""
        for key in keys:
            if key in self._layer:
                self._layer.move_to_end(key)

    def add(self, key: str, *chains: Sequence[NDArray[Any]]) -> str | None:
        """Uploads one layer's mip levels, finest first, each (H, W, 4), for each format.

        Returns:
            Whose layer was taken for it.
        """
        if not self.textures:
            self.levels = len(chains[0])
            self.textures = tuple(self._create(kind, chains[0][0].shape[:2]) for kind in self._formats)
        gone = None
        if len(self._layer) == self.most:
            gone, k = self._layer.popitem(last=False)
        else:
            k = len(self._layer)
            self.reserve(k + 1)
        self._layer[key] = k
        for texture, chain in zip(self.textures, chains, strict=True):
            for level, pixels in enumerate(chain):
                height, width = pixels.shape[:2]
                where = {"texture": texture, "mip_level": level, "origin": (0, 0, k)}
                how = {"offset": 0, "bytes_per_row": width * 4 * pixels.itemsize, "rows_per_image": height}
                self._device.queue.write_texture(where, np.ascontiguousarray(pixels), how, (width, height, 1))
        return gone

    def _create(self, kind: str, size: tuple[int, ...]) -> Any:
        import wgpu

        use = wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST | wgpu.TextureUsage.COPY_SRC
        return self._device.create_texture(
            size=(size[1], size[0], self._capacity),
            format=kind,
            mip_level_count=self.levels,
            usage=use,
        )

    def _grown(self, kind: str, old: Any) -> Any:
        width, height, layers = old.size
        new = self._create(kind, (height, width))
        encoder = self._device.create_command_encoder()
        for level in range(self.levels):
            size = (max(width >> level, 1), max(height >> level, 1), layers)
            here, there = ({"texture": texture, "mip_level": level} for texture in (old, new))
            encoder.copy_texture_to_texture(here, there, size)
        self._device.queue.submit([encoder.finish()])
        return new
