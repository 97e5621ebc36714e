from pathlib import Path

import pyarrow.parquet as pq
import pytest

from diorama.dataset.reader import Dataset
from diorama.errors import OutputError
from diorama.generate import generate
from tests import tiny


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reader")
    generate(place / "data", tiny.recipe(per_class=3), tiny.models(place / "models"), workers=1)
    return place / "data"


def test_a_dataset_gives_recipe_labels_and_images(data: Path) -> None:
    dataset = Dataset.open(data)
    assert dataset.recipe == tiny.recipe(per_class=3)
    assert {"catalogue", "adapter", "driver"} < set(dataset.made)
    assert len(dataset) == 6
    assert dataset.labels.equals(pq.read_table(data / "labels.parquet"))
    assert dataset.jpeg(3) == (data / "dog" / "000001.jpg").read_bytes()
    assert dataset.jpegs([5, 0]) == [(data / "dog/000002.jpg").read_bytes(), (data / "cat/000000.jpg").read_bytes()]


def test_what_is_no_dataset_or_no_image_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not a dataset of Diorama"):
        Dataset.open(tmp_path)
    with pytest.raises(OutputError, match=r"has no image 6. Give numbers below 6"):
        Dataset.open(data).jpeg(6)
