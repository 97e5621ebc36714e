"""Measure accuracy on real photos against the number of models per class: the seed paper's finding as a curve.

    python tools/breeds_curve.py OUT.jsonl --measure "python yardstick.py --test photos" [--counts 1,3,10,0]

For each count, with and without individual variation, and for each seed, it draws that many models of each class,
makes a dataset of them with the preset `best`, and appends a row to OUT: what was made, and what the measuring command
(which is given `--train DIR --limit N` and prints JSON last) said of it. A count of 0 stands for all models.
"""

import argparse
import json
import shlex
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import diorama
from diorama.assets.library import Catalogue
from diorama.draws import Draws

CLASSES = ("cat", "dog")
INDIVIDUAL = ("coat", "model")
"""Keys of the factor `subject` that stay drawn without individuals: a breed keeps its several coats."""


def recipe(count: int, individuals: bool, seed: int, per_class: int) -> diorama.Recipe:
    """The preset `best`, limited to `count` models of each class."""
    catalogue = Catalogue.open(None, CLASSES)
    chosen: list[str] = []
    for name in CLASSES:
        models = np.array(catalogue.subjects(name))
        order = Draws(seed).uniform(f"models.{name}", np.zeros(1, np.int64), np.zeros(1, np.uint32), len(models))[0]
        chosen += sorted(models[np.argsort(order)][: count or None].tolist())
    made = diorama.Recipe.preset("best", per_class=per_class, seed=seed, classes=CLASSES)
    if not individuals:
        drawn = made.factors["subject"]
        fixed = made.omit("subject").pin("subject.size", 1).factors["subject"]
        assert not isinstance(drawn, str)
        assert not isinstance(fixed, str)
        kept = {name: (drawn if name in INDIVIDUAL else fixed)[name] for name in drawn}
        made = made.replace(factors={**made.factors, "subject": kept})
    return made.pin("subject.model", {"space": "choice", "options": chosen})


def main() -> None:
    """Append a row for each dataset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", required=True, help="command that measures a folder of images")
    parser.add_argument("--counts", default="1,3,10,0", help="models per class; 0: all")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--per-class", type=int, default=200)
    arguments = parser.parse_args()
    for count in (int(text) for text in arguments.counts.split(",")):
        for individuals in (True, False):
            for seed in range(arguments.seeds):
                with tempfile.TemporaryDirectory() as folder:
                    data = Path(folder) / "data"
                    diorama.generate(data, recipe(count, individuals, seed, arguments.per_class))
                    command = [*shlex.split(arguments.measure), "--train", str(data), "--limit", "0"]
                    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                measured = json.loads(said.strip().splitlines()[-1])
                row = {"models": count or "all", "individuals": individuals, "seed": seed, **measured}
                with arguments.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                print(row["models"], individuals, seed, measured.get("accuracy"), measured.get("auc"), flush=True)


if __name__ == "__main__":
    main()
