"""The public names."""

import importlib.metadata
import subprocess
import sys

import pytest

import diorama


def test_the_public_names_are_these() -> None:
    assert diorama.__all__ == [
        "AssetError",
        "Assets",
        "Catalogue",
        "Classifier",
        "Cluster",
        "Dataset",
        "DeviceError",
        "DioramaError",
        "ExtraError",
        "ImageError",
        "ModelError",
        "OutputError",
        "Progress",
        "Recipe",
        "RecipeError",
        "Settings",
        "TrainingError",
        "UnseenSubjectError",
        "__version__",
        "counterfactuals",
        "curate",
        "evaluate",
        "explain",
        "generate",
        "preview",
        "score_maps",
        "stream",
        "train",
        "worth",
    ]
    for name in diorama.__all__:
        assert getattr(diorama, name) is not None
        assert name in dir(diorama)
    assert diorama.__version__ == importlib.metadata.version("diorama")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        diorama.generat  # noqa: B018


@pytest.mark.parametrize(
    "first", ["import diorama.generate, diorama.preview", "from diorama.generate import resolve", ""]
)
def test_functions_keep_their_names_beside_modules_of_the_same_name(first: str) -> None:
    script = f"{first}\nimport diorama\nfrom diorama import generate, preview\n"
    script += "assert callable(generate) and callable(preview) and callable(diorama.generate)"
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
