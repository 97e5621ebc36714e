"""How far plans are from what then happens: one measurement, then a real run of each size, on a quiet computer.

python tools/plan_check.py 2000 8000
"""

import argparse
import json
from pathlib import Path
from time import perf_counter

from diorama.bench import apart, place
from diorama.dataset.layout import Layout
from diorama.generate import generate, own_workers
from diorama.plan import foresee, plan
from diorama.randomize.recipe import Recipe


def made(out: Path, recipe: Recipe, workers: int) -> tuple[float, int]:
    """Seconds that a dataset takes, and its bytes."""
    start = perf_counter()
    generate(out, recipe, format="webdataset", workers=workers)
    took = perf_counter() - start
    return took, sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def main() -> None:
    """Prints a row of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", type=int, nargs="+")
    parser.add_argument("--measure", type=int, default=1500)
    parser.add_argument("--size", type=int, default=256)
    options = parser.parse_args()
    recipe, workers = Recipe.preset("paper", size=options.size), own_workers()
    first = plan(options.images[0], recipe, workers_per_node=workers, format="webdataset", measure=options.measure)
    with place(None) as folder:
        for images in options.images:
            expected = foresee(first.measured, images, 1, Layout.of("webdataset").shard_size)
            sized = recipe.replace(per_class=images // len(recipe.classes))
            took, size = apart(made, Path(folder) / str(images), sized, workers)
            row = {
                "images": images,
                "workers": workers,
                "planned, s": round(expected.seconds, 1),
                "took, s": round(took, 1),
            }
            row |= {"error, %": round(100 * (expected.seconds / took - 1), 1)}
            row |= {"planned, MB": round(expected.bytes / 1e6, 1), "are, MB": round(size / 1e6, 1)}
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
