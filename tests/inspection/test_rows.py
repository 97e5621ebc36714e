"""Label rows are read as they were written: in part, by number, and by pandas and DuckDB under documented names."""

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from diorama.dataset.reader import Dataset
from diorama.errors import OutputError
from diorama.generate import generate
from diorama.inspection import rows
from tests import tiny


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    place = tmp_path_factory.mktemp("rows")
    generate(place / "data", tiny.recipe(per_class=15), tiny.models(place / "models"), workers=1)
    return Dataset.open(place / "data")


def test_batches_are_all_rows_in_turn(dataset: Dataset) -> None:
    found = list(rows.batches(dataset, ["index", "class"], 7))
    assert [table.num_rows for table in found] == [7, 7, 7, 7, 2]
    assert [number for table in found for number in table["index"].to_pylist()] == list(range(30))


def test_rows_of_images_come_in_the_order_asked_for(dataset: Dataset) -> None:
    found = rows.rows_of(dataset, [17, 3, 3, 29])
    assert found.to_pylist() == [dataset.labels.to_pylist()[k] for k in (17, 3, 3, 29)]
    with pytest.raises(OutputError, match=r"labels\.parquet"):
        rows.rows_of(dataset, [30])


def test_a_part_is_whole_rounds_of_the_classes_evenly_spread(dataset: Dataset) -> None:
    found = rows.read(dataset, ["index", "class", "obstructors.size"], most=10)
    assert found["index"].tolist() == [0, 1, 6, 7, 12, 13, 18, 19, 24, 25]
    assert found["class"].tolist() == ["cat", "dog"] * 5
    assert found["obstructors.size"].shape == (10, 5)


def test_pandas_and_duckdb_read_every_column_and_each_is_documented(dataset: Dataset) -> None:
    path = dataset.root / "labels.parquet"
    frame = pytest.importorskip("pandas").read_parquet(path)
    columns = duckdb.execute("select column_name from (describe from read_parquet(?))", [str(path)]).fetchall()
    schema = pq.read_schema(path)
    assert list(frame) == [name for (name,) in columns] == schema.names
    for field in schema:
        assert field.metadata[b"description"].endswith(b".")
        assert b"unit" in field.metadata
    query = 'select avg("camera.distance"), max("box.right") from read_parquet(?)'
    assert duckdb.execute(query, [str(path)]).fetchone() == pytest.approx(
        (frame["camera.distance"].mean(), frame["box.right"].max())
    )
    assert np.array_equal(
        np.stack(frame["obstructors.size"]), rows.read(dataset, ["obstructors.size"])["obstructors.size"]
    )
