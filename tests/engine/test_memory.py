import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not tell")

HOLD = "x = bytearray(b'x') * 50_000_000; print('ready', flush=True); input()"

# In a process of its own: what a large one shares with others changes its share by more than is measured here.
LOOK = f"""
import subprocess, sys
from diorama.engine.memory import used, watched
before = used()
with watched() as peak:
    child = subprocess.Popen([sys.executable, "-c", {HOLD!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    during = used()
    peak.look()
    child.communicate("\\n")
print(before, during, peak.bytes, used())
"""


def test_it_counts_what_children_use() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    before, during, peak, after = map(int, done.stdout.split())
    assert before > 0
    assert during - before > 50_000_000
    assert peak >= during - 10_000_000
    assert after - before < 20_000_000
