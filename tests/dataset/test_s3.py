"""Datasets in a store that speaks S3 over the loopback address, on a line that is cut in the middle of uploads."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("s3fs", reason="the extra s3 is not installed")
pytest.importorskip("moto.server", reason="no server that speaks S3 is installed")

import s3fs

from diorama.dataset.layout import Layout
from diorama.dataset.reader import Dataset
from diorama.dataset.storage import storage
from diorama.errors import OutputError
from diorama.generate import Progress, generate
from tests import tiny
from tests.dataset import stored
from tests.dataset.lines import Line

ADDRESS = "s3://bucket/some/data"
LAYOUT = Layout.of("webdataset", 8)


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 120
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        line = Line(port)
        yield line
        line.close()
        server.kill()


@pytest.fixture
def store(line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, and an environment that leads to it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{line.port}")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 2)
    line.mend()
    system = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    system.mkdir("bucket")
    yield system
    line.mend()
    system.rm("bucket", recursive=True)


def content(system: Any) -> dict[str, bytes]:
    names = system.find("bucket")
    return {name.removeprefix("bucket/some/data/"): system.cat_file(name) for name in names}


def test_a_bucket_holds_the_same_bytes_as_a_folder(store: Any, tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path, 20, LAYOUT))
    out = stored.make(stored.output(ADDRESS, 12, LAYOUT))
    assert out.is_finished()
    stored.make(stored.output(ADDRESS, 20, LAYOUT))  # grows
    assert content(store) == tiny.content(tmp_path)
    dataset = Dataset.open(ADDRESS)
    assert dataset.jpegs([39, 0, 8]) == [stored.content(k) for k in (39, 0, 8)]


def test_what_was_broken_off_in_an_upload_is_finished_to_the_same_bytes(store: Any, line: Line, tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path, 20, LAYOUT))
    expected = tiny.content(tmp_path)
    before = line.sent
    stored.make(stored.output(ADDRESS, 20, LAYOUT))
    whole, breaks, kept = line.sent - before, 0, set[int]()
    for part in range(1, 8, 2):
        store.rm("bucket/some", recursive=True)
        line.cut(after=whole * part / 8)
        with pytest.raises(OutputError, match=r"s3://bucket/some/data.*: cannot be (read|written) \(.*run the same"):
            stored.make(stored.output(ADDRESS, 20, LAYOUT))
        line.mend()
        breaks += any(name not in expected for name in content(store)) or len(content(store)) < len(expected)
        out = stored.output(ADDRESS, 20, LAYOUT)
        out.begin()
        kept.add(5 - len(out.missing()))
        stored.make(out)
        assert content(store) == expected
        assert store.list_multipart_uploads("bucket") == []
    assert breaks == 4
    assert len(kept) > 1  # shards that had been recorded were not made again


def test_generate_goes_on_after_a_broken_upload(store: Any, line: Line, tmp_path: Path) -> None:
    models, recipe = tiny.models(tmp_path / "models"), tiny.recipe(per_class=12)
    options: dict[str, Any] = {"format": "webdataset", "shard_size": 4, "workers": 1, "batch": 4}
    generate(tmp_path / "data", recipe, models, **options)
    expected = tiny.content(tmp_path / "data")

    def report(progress: Progress) -> None:
        if progress.made >= 12:
            line.cut(after=len(expected["data/train-000003.tar"]) / 2)

    with pytest.raises(OutputError, match=r"s3://bucket/some/data/.*: cannot be written"):
        generate(ADDRESS, recipe, models, **options, report=report)
    line.mend()
    done = generate(ADDRESS, recipe, models, **options)
    assert done.total == done.kept + done.made == 24
    assert done.kept > 0
    assert content(store) == expected


@pytest.mark.parametrize(
    ("address", "environment", "message"),
    [
        (
            "s3://bucket/data",
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            "unable to locate credentials",
        ),
        ("s3://bucket/data", {"AWS_PROFILE": "nobody"}, r"the config profile \(nobody\) could not be found"),
        ("s3://bucket/data", {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}, "could not connect to the endpoint URL"),
        ("s3://bucket/data", {"AWS_ENDPOINT_URL_S3": "nonsense"}, "invalid endpoint: nonsense"),
        (
            "s3://nobody/data",
            {},
            "s3://nobody/data/recipe.yaml: cannot be written .the specified bucket does not exist",
        ),
        ("s3://", {}, "s3://: names no place"),
    ],
    ids=["no credentials", "no profile", "nobody there", "no endpoint", "no bucket", "no place"],
)
@pytest.mark.usefixtures("store")
def test_what_keeps_from_a_store_is_one_error(
    address: str,
    environment: dict[str, str | None],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name, value in environment.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(OutputError, match=message):
        stored.make(stored.output(address, 20, LAYOUT))


def test_an_error_names_the_object(store: Any) -> None:
    store.pipe_file("bucket/some/data/recipe.yaml", b"")
    place = storage(ADDRESS)
    with pytest.raises(OutputError, match=r"^s3://bucket/some/data/none: cannot be read \(.*\)\. Mend that, or make"):
        place.read("none")
