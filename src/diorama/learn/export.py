"""A classifier as ONNX, for programs without PyTorch."""

import warnings
from pathlib import Path

import numpy as np
import torch

from diorama.dataset import files
from diorama.errors import ModelError
from diorama.extras import require
from diorama.learn.classifier import Classifier

TOLERANCE = 1e-4
"""Largest difference of a probability between PyTorch and onnxruntime."""


def export_onnx(classifier: Classifier, path: str | Path) -> Path:
    """Writes `pixels` (B, 3, S, S) in 0..1 → `probabilities` (B, C), and checks them with onnxruntime.

    Args:
        classifier: What to export; its heads' mean is what the file gives. It must lie on the CPU.
        path: The file; large weights are within it.

    Raises:
        ExtraError: If ONNX is not installed.
        ModelError: If the file computes something else than PyTorch.
        OutputError: If it cannot be written.
    """
    require("onnx", "onnxruntime", "onnxscript", extra="export")
    import onnxruntime

    path, size = Path(path), classifier.backbone.size
    classifier = classifier.cpu().eval()
    ramp = torch.linspace(0, 1, 2 * 3 * size * size).reshape(2, 3, size, size)
    with warnings.catch_warnings(), files.replacing(path) as temporary:
        warnings.simplefilter("ignore")  # remarks of the exporter on itself
        torch.onnx.export(
            classifier,
            (ramp,),
            str(temporary),
            input_names=["pixels"],
            output_names=["probabilities"],
            dynamic_shapes=({0: torch.export.Dim("batch", min=1)},),
            external_data=False,
            verbose=False,
        )
        session = onnxruntime.InferenceSession(str(temporary), providers=["CPUExecutionProvider"])
        x = torch.cat([ramp, ramp.flip(0, 3)])[:3]
        (found,) = session.run(None, {"pixels": x.numpy()})
        with torch.inference_mode():
            wanted = classifier(x).numpy()
        worst = float(np.abs(found - wanted).max())
        if not worst <= TOLERANCE:
            raise ModelError(str(path), f"differs from PyTorch by {worst:.2g}", "Export with a newer onnxscript")
    return path
