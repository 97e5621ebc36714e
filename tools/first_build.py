"""How long the whole embedded catalogue takes to build on all cores, into a folder that is removed again.

    python tools/first_build.py

Prints a row as `docs/benchmarks/first_build.jsonl` has it: models, surfaces and skies built, seconds without this
program's own imports but with those of the processes that build, seconds of all processors, and the computer's load.
"""

import json
import os
import tempfile
import time

from diorama.assets.library import Catalogue
from diorama.generate import MANY, build
from diorama.randomize.recipe import Recipe


def main() -> None:
    """The command."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIORAMA_CACHE"] = folder
        catalogue = Catalogue.open()
        recipe = Recipe.preset("paper", classes=catalogue.classes, per_class=MANY)  # so many show all there is
        built = sum(1 for _ in build(catalogue, recipe))
        seconds = time.perf_counter() - start
    times = os.times()
    processor = times.user + times.system + times.children_user + times.children_system
    row = {"built": built, "seconds": round(seconds, 1), "processor_seconds": round(processor, 1)}
    print(json.dumps(row | {"load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
