"""The stream: no image twice, the same pixels as on disk, and the very next one after a resumption."""

import copy
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import simplejpeg
import torch
from torch.utils.data import DataLoader
from torchdata.stateful_dataloader import StatefulDataLoader

from diorama.dataset.schema import schema
from diorama.errors import RecipeError, TrainingError
from diorama.generate import generate
from diorama.learn.stream import Stream, stream
from tests import tiny

Batch = dict[str, Any]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.models(tmp_path_factory.mktemp("models"))


@pytest.fixture(autouse=True)
def _own_ranks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)


def indices(made: Iterable[Any], count: int | None = None) -> list[int]:
    return [item["index"] for item in islice(made, count)]


def test_items_are_what_generate_writes(models: Path, tmp_path: Path) -> None:
    recipe = tiny.recipe(per_class=6)
    generate(tmp_path / "data", recipe, models, workers=1)
    made = stream(recipe, models, batch=5)
    for index, (image, label) in enumerate(islice(made, 12)):
        file = tmp_path / "data" / made.classes[label] / f"{index // 2:06d}.jpg"
        there = torch.from_numpy(simplejpeg.decode_jpeg(file.read_bytes())).permute(2, 0, 1)
        assert image.dtype == torch.uint8
        assert torch.equal(image, there)
        assert label == index % 2
    drawn = next(iter(stream(recipe, models, jpeg=False)))[0]
    assert not torch.equal(drawn, next(iter(stream(recipe, models)))[0])


def test_a_stream_is_in_order_though_some_images_are_drawn_again(models: Path) -> None:
    recipe = tiny.recipe().replace(visibility={"min_share": 0.2, "min_visible": 0.8})
    columns = ["attempt.camera", "attempt.obstructors"]
    rows = list(islice(stream(recipe, models, columns=columns, batch=7), 40))
    assert [row["index"] for row in rows] == list(range(40))
    assert {row["attempt.camera"] for row in rows} > {0}


def test_every_epoch_shows_other_images(models: Path) -> None:
    made = stream(tiny.recipe(), models, epoch_size=6, columns=[], start=100)
    assert [indices(made) for _ in range(3)] == [[*range(k, k + 6)] for k in (100, 106, 112)]
    endless = stream(tiny.recipe(), models, columns=[])
    assert indices(endless, 3) == [0, 1, 2]
    assert not {0, 1, 2} & {*indices(endless, 3)}


def test_ranks_share_an_epoch(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [stream(tiny.recipe(), models, epoch_size=10, columns=[], rank=k, world_size=3) for k in range(3)]
    assert [indices(one) for one in made] == [[0, 1, 6, 7], [2, 3, 8, 9], [4, 5]]
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "3")
    assert indices(stream(tiny.recipe(), models, epoch_size=10, columns=[])) == [2, 3, 8, 9]


def test_a_forked_worker_is_refused(models: Path) -> None:
    loader = DataLoader(stream(tiny.recipe(), models), num_workers=1, multiprocessing_context="fork")
    with pytest.raises(RuntimeError, match=r'DeviceError: DataLoader: its workers are forked.*context="spawn"'):
        next(iter(loader))


def test_a_state_resumes_at_the_next_image(models: Path) -> None:
    made, other = (stream(tiny.recipe(), models, epoch_size=8, columns=[], batch=4) for _ in range(2))
    running = iter(made)
    indices(running, 5)
    state = copy.deepcopy(made.state_dict())
    rest = indices(running) + indices(made)
    other.load_state_dict(state)
    assert indices(other) + indices(other) == rest == [5, 6, 7, *range(8, 16)]
    with pytest.raises(TrainingError, match="start is 0 there and 9 here"):
        stream(tiny.recipe(), models, epoch_size=8, start=9).load_state_dict(state)
    with pytest.raises(TrainingError, match=r"recipe is .* there"):
        stream(tiny.recipe(seed=1), models, epoch_size=8).load_state_dict(state)


@pytest.mark.filterwarnings("ignore:'set_vital' is deprecated")
def test_loader_workers_share_an_epoch_and_each_resumes(models: Path) -> None:
    def loader() -> tuple[Stream, StatefulDataLoader[Any]]:
        made = stream(tiny.recipe(), models, epoch_size=20, columns=[], batch=4)
        return made, StatefulDataLoader(made, batch_size=4, num_workers=2, multiprocessing_context="spawn")

    made, undisturbed = loader()
    first, states = [], []
    for batch in undisturbed:
        first.append(batch)
        states.append(undisturbed.state_dict())
    assert sorted(numbers(first)) == list(range(20))
    for batch in first:
        cats, dogs = Counter(batch["label"].tolist()).values()
        assert cats == dogs
    assert sorted(numbers(undisturbed)) == list(range(20, 40)), "new processes, new images"
    with pytest.raises(TrainingError, match=r"begun in 2 shards .* now read in 1"):
        iter(made)
    _, resumed = loader()
    resumed.load_state_dict(states[1])
    assert numbers(resumed) == numbers(first[2:])


@pytest.mark.filterwarnings("ignore:'set_vital' is deprecated")
def test_torchdatas_loader_resumes_without_workers(models: Path) -> None:
    made = [stream(tiny.recipe(), models, epoch_size=20, columns=[], batch=4) for _ in range(2)]
    one, two = (StatefulDataLoader(each, batch_size=4) for each in made)
    running = iter(one)
    assert numbers(islice(running, 2)) == list(range(8))
    two.load_state_dict(one.state_dict())
    assert numbers(two) + numbers(two) == numbers(running) + numbers(one) == list(range(8, 40))


def numbers(batches: Iterable[Batch]) -> list[int]:
    return [index for batch in batches for index in batch["index"].tolist()]


def test_dicts_hold_the_columns_asked_for(models: Path) -> None:
    columns = ["class", "box.left", "camera.distance", "obstructors.size", "obstructors.shape"]
    made = stream(tiny.recipe(), models, epoch_size=4, columns=columns, transform=halved)
    (batch,) = DataLoader(made, batch_size=4)
    assert list(batch) == ["image", "label", "index", *columns]
    assert batch["image"].shape == (4, 3, 64, 64)
    assert batch["image"].max() <= 0.5
    assert batch["obstructors.size"].shape == (4, 5)
    assert batch["class"] == ["cat", "dog", "cat", "dog"]
    assert set(columns) < set(schema().names)


def test_dicts_hold_the_planes_that_the_recipe_asks_for(models: Path) -> None:
    made = stream(tiny.recipe(labels=("mask", "depth", "keypoints")), models, columns=["box.top"], epoch_size=4)
    (batch,) = DataLoader(made, batch_size=4)
    assert (batch["mask"].shape, batch["mask"].dtype) == ((4, 64, 64), torch.bool)
    assert (batch["depth"].shape, batch["depth"].dtype) == ((4, 64, 64), torch.float32)
    assert batch["mask"].any(2).int().argmax(1).tolist() == batch["box.top"].tolist()


def halved(image: torch.Tensor) -> torch.Tensor:
    return image / 510


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["camera.distence"]}, "columns: camera.distence: no such column .* 'camera.distance'"),
        ({"epoch_size": 0}, "epoch_size: is 0. Give 1 or more"),
        ({"start": -1}, "start: is -1"),
        ({"rank": 1}, "rank: is given without"),
        ({"rank": 2, "world_size": 2}, "rank: is 2 of 2. Give 0 to 1"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], message: str, models: Path) -> None:
    with pytest.raises(RecipeError, match=message):
        stream(tiny.recipe(), models, **options)


def test_memory_does_not_grow(models: Path) -> None:
    script = (
        "import resource, sys\n"
        "from itertools import islice\n"
        "import diorama\n"
        "from tests import tiny\n"
        "made = iter(diorama.stream(tiny.recipe(), sys.argv[1], batch=16))\n"
        "peaks = []\n"
        "for count in (120, 240):\n"
        "    for _ in islice(made, count): pass\n"
        "    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        "assert peaks[1] - peaks[0] < 8 << 10, peaks\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(models)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
