"""Nothing that an image depends on may come from chance, the clock, the process or the machine.

ruff bans the imports of generators; this scan of the syntax trees also finds calls, and allows a clock only where it
times things for a person to read.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "diorama"
FILES = sorted(SOURCE.rglob("*.py"))

CHANCE = {
    "random", "secrets", "uuid", "numpy.random", "os.urandom", "os.getrandom", "os.getpid", "os.getppid",
    "threading.get_ident", "socket.gethostname", "platform.node", "tempfile.mktemp",
}  # fmt: skip
CLOCK = {
    "time", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
}  # fmt: skip
ADDRESSES = {"id", "hash"}  # built-in functions whose results change from process to process
MAY_READ_A_CLOCK = {"engine", "cli"}  # how long things take; neither knows what an image is
MAY_NAME_A_PROCESS = {"assets/cache.py"}  # temporary file names, which are renamed away


def _names(tree: ast.Module) -> dict[str, str]:
    """Local name → dotted name of all that a module imports."""
    out = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                out[item.asname or item.name.split(".")[0]] = item.name if item.asname else item.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            out |= {item.asname or item.name: f"{node.module}.{item.name}" for item in node.names}
    return out


def ambient(source: str, banned: set[str]) -> list[str]:
    """Where the source uses something banned: "line: dotted name"."""
    tree = ast.parse(source)
    names = _names(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ADDRESSES - set(names):
            found.append(f"{node.lineno}: {node.func.id}()")
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            parts = ast.unparse(node).split(".")
            dotted = ".".join([names.get(parts[0], ""), *parts[1:]])
            if any(dotted == bad or dotted.startswith(bad + ".") for bad in banned):
                found.append(f"{node.lineno}: {dotted}")
    return found


def _excused(path: Path, places: set[str]) -> bool:
    relative = path.relative_to(SOURCE)
    return relative.as_posix() in places or relative.parts[0] in places


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_ambient_randomness_or_clock(path: Path) -> None:
    banned = set(CHANCE)
    if not _excused(path, MAY_READ_A_CLOCK):
        banned |= CLOCK
    if _excused(path, MAY_NAME_A_PROCESS):
        banned -= {"os.getpid", "threading.get_ident"}
    assert ambient(path.read_text("utf-8"), banned) == []


@pytest.mark.parametrize(
    "line",
    [
        "import random; x = random.random()",
        "import numpy as np; r = np.random.default_rng()",
        "from numpy.random import default_rng as d; r = d()",
        "import numpy; numpy.random.seed(1)",
        "from os import urandom; urandom(4)",
        "import os as o; seed = o.getpid()",
        "from time import time; seed = time()",
        "import datetime; d = datetime.datetime.now()",
        "from datetime import datetime as D; d = D.now()",
        "key = hash('name')",
        "import uuid; uuid.uuid4()",
    ],
)
def test_the_scan_finds_what_it_should(line: str) -> None:
    assert ambient(line, CHANCE | CLOCK)


def test_the_scan_passes_what_it_should() -> None:
    assert not ambient("from pathlib import Path\nclass A:\n  hash: str\nx = A().hash; pose.time = 1", CHANCE | CLOCK)
