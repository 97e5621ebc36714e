"""What a dataset takes does not grow with it; tests/dataset/scale.py measures more of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from diorama.dataset import output as module
from diorama.dataset import storage as storage_module
from diorama.dataset.layout import Layout
from diorama.dataset.storage import storage
from tests.dataset import scale, stored


def test_a_manifest_of_a_hundred_thousand_shards_opens_in_two_seconds(tmp_path: Path) -> None:
    place = storage(tmp_path)
    scale.write_manifest(place, 100_000)
    manifest, seconds = scale.opened(place)
    assert (len(manifest), manifest.total) == (100_000, 100_000_000)
    assert next(manifest.files()).name == "data/train-000000.tar"
    assert seconds < 2


def test_merging_labels_takes_memory_that_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_module, "_flush", lambda _: None)
    monkeypatch.setattr(module, "ROW_GROUP", 200)
    chunks, held = module._chunks, list[int]()

    def noted(tables: Any, size: int) -> Iterator[pa.Table]:
        before = pa.total_allocated_bytes()
        for chunk in chunks(tables, size):
            held.append(pa.total_allocated_bytes() - before)
            yield chunk

    monkeypatch.setattr(module, "_chunks", noted)
    peaks = []
    for images in (400, 4000):
        stored.make(stored.output(tmp_path / str(images), images // 2, Layout.of("parquet", 100)))
        peaks.append(max(held))
        held.clear()
    assert peaks[0] > 0
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("format", ["folder", "webdataset", "parquet"])
def test_the_measurement_runs(format: str, tmp_path: Path) -> None:
    row = scale.measured(40, format, 20, tmp_path)
    assert (row["images"], row["shards"]) == (40, 2)
    assert min(float(str(value)) for value in row.values()) >= 0
