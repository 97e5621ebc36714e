"""`import diorama` costs a script nothing that it does not use."""

import json
import os
import subprocess
import sys

HEAVY = {
    "torch",
    "torchvision",
    "transformers",
    "accelerate",
    "captum",
    "wgpu",
    "scipy",
    "pandas",
    "matplotlib",
    "datasets",
    "trimesh",
}


def test_importing_is_quick_and_opens_no_gpu() -> None:
    """Best of five, in fresh interpreters, without what Python itself takes to start."""
    script = (
        "import time; start = time.perf_counter(); import diorama; took = time.perf_counter() - start\n"
        "import sys, json; print(json.dumps([took, sorted(sys.modules)]))"
    )
    runs = [json.loads(_python(script)) for _ in range(5)]
    assert not HEAVY & set(runs[0][1])
    assert min(took for took, _ in runs) < 0.3


def test_the_public_names_are_there_without_a_gpu() -> None:
    """Each can be imported, and even that opens no device."""
    script = (
        "import sys, diorama\n"
        "extra = ('learn', 'evaluate', 'explain')\n"
        "for name in diorama.__all__:\n"
        "    if diorama._PLACES.get(name, '').split('.')[0] not in extra: getattr(diorama, name)\n"
        "assert 'torch' not in sys.modules and 'wgpu.backends.wgpu_native' not in sys.modules"
    )
    _python(script)


def test_every_module_but_those_of_the_extra_can_be_imported_without_torch() -> None:
    script = (
        "import importlib, pkgutil, sys, diorama\n"
        "extra = ('learn', 'evaluate', 'explain')\n"
        "for module in pkgutil.walk_packages(diorama.__path__, 'diorama.'):\n"
        "    if module.name.split('.')[1] not in (*extra, '__main__'): importlib.import_module(module.name)\n"
        "assert 'torch' not in sys.modules and 'wgpu.backends.wgpu_native' not in sys.modules"
    )
    _python(script)


def _python(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
