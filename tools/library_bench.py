"""What a large library costs against a small one, and photos against skies: a row of JSON for each run, in turns.

    python tools/many_models.py /tmp/ten --count 10
    python tools/many_models.py /tmp/thousand --count 1000
    python tools/library_bench.py /tmp/ten /tmp/thousand --images 600 --photos PHOTOS >> docs/benchmarks/libraries.jsonl

The cache begins empty; a run with the small library, which is not counted, fills it with surfaces and skies. The large
library is then met for the first time, and a second time with all that the first time has kept.
"""

import argparse
import json
import os
import resource
from pathlib import Path
from time import perf_counter

from diorama.assets.sources import Assets
from diorama.bench import apart, place
from diorama.engine.memory import watched
from diorama.generate import Progress, generate, with_photos
from diorama.randomize.recipe import Recipe


def run(out: Path, assets: Assets, images: int, workers: int) -> dict[str, float]:
    """Wall time, time of all processors, and memory of a dataset with this library."""
    first: list[tuple[float, int]] = []

    def note(progress: Progress) -> None:
        if progress.made and not first:
            first.append((perf_counter(), progress.made))

    recipe = with_photos(Recipe.preset("paper", classes=("cat", "dog"), per_class=images // 2), assets)
    with watched() as peak:
        start = perf_counter()
        made = generate(out, recipe, assets, workers=workers, report=note).made
        end = perf_counter()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    (at, early), busy = first[0], sum(usage.ru_utime + usage.ru_stime for usage in used)
    return {
        "images": made,
        "workers": workers,
        "first images, s": round(at - start, 2),
        "first images": early,
        "images/s after": round((made - early) / (end - at), 1),
        "all, s": round(end - start, 2),
        "processors, s": round(busy, 2),
        "peak, MB": round(peak.bytes / 1e6),
    }


def main() -> None:
    """Prints the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("large", type=Path)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--photos", type=Path, help="a folder of photos, for runs with them")
    options = parser.parse_args()
    small, large = Assets(models=options.small), Assets(models=options.large)
    runs = [("", small), ("small", small), ("large, never seen", large), ("small", small), ("large, kept", large)]
    if options.photos:
        pictured = Assets(models=options.small, photos=(str(options.photos),))
        runs += [("", pictured), ("small, photos", pictured), ("small", small), ("small, photos", pictured)]
    with place(None) as folder:
        os.environ["DIORAMA_CACHE"] = f"{folder}/cache"
        for number, (name, assets) in enumerate(runs):
            row = apart(run, Path(folder) / str(number), assets, options.images, options.workers)
            if name:
                models = sum(1 for path in (assets.models or Path()).rglob("*.glb"))
                print(json.dumps({"library": name, "models": models, **row}), flush=True)


if __name__ == "__main__":
    main()
