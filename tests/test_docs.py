"""What the documentation shows works as shown."""

import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from diorama.assets import procedural
from diorama.assets.animate import pose, skin
from diorama.assets.subject import PROPORTIONS, Subject

DOCS = Path(__file__).parents[1] / "docs"


def test_the_fox_of_the_worked_example_is_a_sound_subject(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (DOCS / "add-a-species.md").read_text(encoding="utf-8")
    code, row = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "fox.py"
    path.write_text(code, encoding="utf-8")
    fox = ModuleType("diorama.assets.procedural.fox")
    fox.__file__ = str(path)
    monkeypatch.setitem(sys.modules, fox.__name__, fox)
    exec(compile(code, str(path), "exec"), fox.__dict__)
    registered = eval(row, {**vars(procedural), "fox": fox})
    assert list(registered) == ["fox"]
    assert sorted(registered["fox"]) == ["fox/arctic", "fox/red"]
    red: Subject = registered["fox"]["fox/red"]()
    mesh = red.levels[0]
    assert red.id == "fox/red"
    assert len(red.coats) == 2
    assert 5000 <= len(mesh.indices) <= 15000
    assert np.isfinite(mesh.positions).all()
    assert mesh.weights.sum(axis=1) == pytest.approx(np.ones(len(mesh.weights)), abs=1e-5)
    tail = [i for i, name in enumerate(red.skeleton.names) if name.startswith("tail")]
    assert np.isin(mesh.joints[:, 0], tail).sum() > 100  # a brush, not a string
    stand = [clip.name for clip in red.clips].index("stand")
    palette = pose(red, np.array([stand]), np.zeros(1), np.ones((1, len(PROPORTIONS))))[0]
    positions, _ = skin(red, palette)
    paws = [i for i, name in enumerate(red.skeleton.names) if "_toes_" in name]
    assert positions[np.isin(mesh.joints[:, 0], paws), 1].min() == pytest.approx(0.0, abs=0.01)
    assert 0.38 < np.ptp(positions[:, 1]) < 0.75
