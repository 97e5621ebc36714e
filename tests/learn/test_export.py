"""What is exported computes what PyTorch computes, for any number of images."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from diorama.errors import ExtraError, ModelError
from diorama.extras import require
from diorama.learn import export
from diorama.learn.backbones import load_backbone
from diorama.learn.classifier import Classifier, head
from diorama.learn.export import export_onnx


@pytest.fixture
def classifier() -> Classifier:
    backbone = load_backbone("small")
    heads = [head(backbone.width, 8, 3, 0.3) for _ in range(2)]
    return Classifier(("a", "b", "c"), [backbone], heads, {"hidden": 8, "dropout": 0.3}, [0.5, 2.0])


def test_the_file_computes_what_pytorch_does(classifier: Classifier, tmp_path: Path) -> None:
    path = export_onnx(classifier, tmp_path / "model.onnx")
    assert [item.name for item in tmp_path.iterdir()] == ["model.onnx"]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    x = torch.rand(5, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    (found,) = session.run(None, {"pixels": x.numpy()})
    with torch.inference_mode():
        assert np.abs(found - classifier(x).numpy()).max() < 1e-5


def test_a_file_that_differs_is_refused(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "TOLERANCE", -1.0)
    with pytest.raises(ModelError, match="differs from PyTorch"):
        export_onnx(classifier, tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


def test_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(ExtraError, match=r"no_such_package: not installed.*pip install 'diorama\[log\]'"):
        require("torch", "no_such_package", extra="log")
