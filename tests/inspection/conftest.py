"""What the tests of inspection share."""

from pathlib import Path

import pytest

from diorama.generate import generate
from tests import tiny
from tests.inspection.data import SEED, datasets


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of each format, `plain` without planes and splits, and the `models` of all. Not to be changed."""
    folder = tmp_path_factory.mktemp("inspection")
    datasets(folder)
    generate(folder / "plain", tiny.recipe(per_class=12, seed=SEED), folder / "models", workers=1)
    return folder
