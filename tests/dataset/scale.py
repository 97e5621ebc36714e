"""How memory and time grow with a dataset: `python -m tests.dataset.scale 1000 10000 100000 1000000`.

Rendering is simulated: labels and images are made up, all else is done as `generate` does it. Each row is measured in a
process of its own; times are of the processor, so that other work on the computer counts for little.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from diorama.dataset import manifest
from diorama.dataset.layout import Layout
from diorama.dataset.manifest import Manifest
from diorama.dataset.samples import File
from diorama.dataset.storage import Storage, storage
from tests.dataset import stored


def tars(count: int) -> Iterator[File]:
    """The files of so many shards."""
    for number in range(count):
        yield File.of(f"data/train-{number:06d}.tar", str(number).encode(), number * 1000, 1000)


def write_manifest(place: Storage, shards: int) -> None:
    """A manifest of so many shards."""
    out = stored.output(place.root, shards * 500, Layout.of("webdataset"))
    manifest.write(place, tars(shards), out.total, out.recipe.hash, stored.MADE | out.layout.description)


def opened(place: Storage) -> tuple[Manifest, float]:
    """The manifest there, and seconds of the processor that opening it takes."""
    start = process_time()
    found = Manifest.read(place)
    assert found.layout.format == "webdataset"
    return found, process_time() - start


def measured(images: int, format: str, shard_size: int, folder: Path) -> dict[str, object]:
    """A row: what a dataset of so many images takes, but for rendering them."""
    stored.make(stored.output(folder / "first", shard_size // 2, Layout.of(format, shard_size)))  # imports, say
    out = stored.output(folder / "data", images // 2, Layout.of(format, shard_size))
    out.begin()
    shards = out.missing()
    times = [process_time()]
    stored.put(out, shards)
    times.append(process_time())
    assert out.missing() == []
    times.append(process_time())
    out.finish("the card")
    times.append(process_time())
    put, resumed, finished = (1e6 * (after - before) / images for before, after in pairwise(times))
    return {
        "images": images,
        "shards": len(shards),
        "shard, µs per image": round(put, 1),
        "resuming, µs per image": round(resumed, 2),
        "end, µs per image": round(finished, 1),
        "peak memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Prints a row of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--format", default="parquet")
    parser.add_argument("--shard-size", type=int, default=1000)
    parser.add_argument("--manifest", type=int, metavar="SHARDS", help="open a manifest of so many shards instead")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        if options.manifest:
            write_manifest(storage(folder), options.manifest)
            print(json.dumps({"shards": options.manifest, "opening, s": round(opened(storage(folder))[1], 3)}))
        elif len(options.images) == 1:
            row = measured(options.images[0], options.format, options.shard_size, Path(folder))
            print(json.dumps(row, ensure_ascii=False), flush=True)
        else:
            rest = ["--format", options.format, "--shard-size", str(options.shard_size)]
            for images in options.images:
                subprocess.run([sys.executable, "-m", "tests.dataset.scale", str(images), *rest], check=True)


if __name__ == "__main__":
    main()
