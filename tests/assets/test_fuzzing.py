"""Short runs of the fuzz target; `tests/assets/fuzzing.py` says how to make a long one."""

import os
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.assets.fuzzing import fill, one, seeds, unpacked

SEEDS = seeds()
ODD = np.array([0, 1, 127, 128, 255], np.uint8)


@pytest.mark.parametrize("k", range(len(SEEDS)))
def test_changed_bytes_load_or_are_refused(k: int) -> None:
    """Bytes of the binary chunk and digits of the JSON are changed, some at a time."""
    rng = np.random.default_rng(k)
    data = np.frombuffer(SEEDS[k], np.uint8)
    json_end = 20 + struct.unpack_from("<I", SEEDS[k], 12)[0]
    digits = np.flatnonzero((data[:json_end] >= 48) & (data[:json_end] <= 57))
    loaded = [one(SEEDS[k])]
    for _ in range(40):
        changed = data.copy()
        places = rng.integers(json_end + 8, len(data), rng.choice([1, 2, 8]))
        changed[places] = np.where(rng.random(len(places)) < 0.5, rng.choice(ODD, len(places)), rng.integers(0, 256))
        if rng.random() < 0.4:
            changed[rng.choice(digits)] = rng.integers(48, 58)
        cut = len(data) if rng.random() < 0.9 else int(rng.integers(20, len(data)))
        loaded.append(one(changed[:cut].tobytes()))
    assert loaded[0]
    assert not all(loaded)


def test_the_first_corpus_is_of_models(tmp_path: Path) -> None:
    """What is mutated must be read as models are, or nothing behind their containers would be reached."""
    fill(tmp_path, others=None)
    assert all(one(path.read_bytes()) for path in tmp_path.iterdir())
    glb = tmp_path / "whole.glb"
    glb.write_bytes(SEEDS[0])
    assert one(unpacked(glb))


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_a_run_that_is_guided_by_coverage_finds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.assets.fuzzing", str(tmp_path), "-runs=200", "-seed=1"]
    small = {**os.environ, "DIORAMA_SHARED": str(tmp_path / "none")}  # our own models alone
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=small)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 200 runs" in done.stderr
