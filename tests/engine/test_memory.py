import subprocess
import sys
from pathlib import Path

import pytest

from diorama.engine.memory import used, watched

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not tell")

HOLD = "x = bytearray(b'x') * 50_000_000; print('ready', flush=True); input()"


def test_it_counts_what_children_use() -> None:
    before = used()
    with watched() as peak:
        child = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        child.stdout.readline()
        during = used()
        peak.look()
        during = min(during, used())  # what ran before in this process may be given back meanwhile
        child.communicate("\n")
    assert during - before > 50_000_000
    assert peak.bytes >= during - 10_000_000
    assert used() - before < 20_000_000
