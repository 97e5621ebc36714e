"""Frames: what the renderer gives back for a batch of scenes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SKY, GROUND, SUBJECT, OBJECT = 0, 1, 2, 3
"""Ids in `Frames.ids`: object k of a scene is OBJECT + k."""


@dataclass(slots=True, eq=False)
class Frames:
    """B images and their exact labels.

    Pixel (row y, column x) covers [x, x + 1) × [y, y + 1), y down from the upper edge; its sample lies at the centre.
    With four samples to a pixel the counts are in quarters of a pixel, and a box holds every pixel that has a sample;
    ids, masks, depth and normals are those at pixel centres all the same.
    """

    rgba: NDArray[np.uint8]  # (B, S, S, 4) sRGB; alpha is 255
    visible: NDArray[np.float32]  # (B,) pixels of the subject that are seen
    whole: NDArray[np.float32]  # (B,) pixels of the subject were nothing in front of it, inside the frame
    box: NDArray[np.int32]  # (B, 4) of the seen pixels: left, top, right, bottom, the last two exclusive; zeros if none
    whole_box: NDArray[np.int32]  # (B, 4) the same, were nothing in front of it
    extent: NDArray[np.float32]  # (B, 4) left, top, right, bottom of its projected vertices, in the frame or beyond
    ids: NDArray[np.uint8] | None = None  # (B, S, S) on request
    whole_mask: NDArray[np.bool_] | None = None  # (B, S, S) on request: the subject were nothing in front of it
    depth: NDArray[np.float32] | None = None  # (B, S, S) on request: metres along the camera's axis, inf for the sky
    normals: NDArray[np.float32] | None = None  # (B, S, S, 3) on request: camera axes, unit, 0 for the sky

    def __len__(self) -> int:
        return len(self.rgba)
