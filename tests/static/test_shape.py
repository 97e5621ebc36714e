"""Files stay small, say what they are, and talk of nothing but the project."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from diorama import errors

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "diorama"
MODULES = sorted(SOURCE.rglob("*.py"))
SHADERS = sorted(SOURCE.rglob("*.wgsl"))
LOCKS = ("requirements.lock", "requirements-learn.lock", "requirements-dev.lock")
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))], ids=_name)
def test_a_module_is_one_thing(path: Path) -> None:
    most = 360 if path in MODULES else 500  # tests are lists, and lists may be longer
    assert len(path.read_text("utf-8").splitlines()) < most


@pytest.mark.parametrize("path", SHADERS, ids=_name)
def test_a_shader_is_one_thing_and_says_what(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < 180
    assert lines[0].startswith("// ")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_and_public_names_are_documented(path: Path) -> None:
    """ruff checks this too, but lets an empty phrase pass."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    documented = {"module": ast.get_docstring(tree)} | {node.name: ast.get_docstring(node) for node in nodes}
    empty = [name for name, text in documented.items() if not text or len(text.split()) < 2]
    assert empty == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_public_functions_that_raise_say_so(path: Path) -> None:
    """A DioramaError raised in a public function itself is in its docstring, under "Raises:"."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        raised = {
            re.sub(r"\(.*", "", ast.unparse(inner.exc), flags=re.DOTALL)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Raise) and inner.exc is not None
        }
        for error in raised & ERRORS:
            said = ast.get_docstring(node) or ""
            assert error in said or "DioramaError" in said, f"{node.name} raises {error}"


def test_the_lock_files_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked: dict[str, str] = {}
    for name in LOCKS:
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                package, version = line.partition(";")[0].split("==")
                locked[package] = version
    wanted = project["dependencies"] + [item for extra in project["optional-dependencies"].values() for item in extra]
    names = {re.split(r"[<>=!~\[; ]", want)[0].lower().replace("_", "-") for want in wanted}
    assert names <= set(locked)


@pytest.mark.parametrize("name", [*LOCKS, "pyproject.toml", "README.md", "Makefile"])
def test_no_registry_or_local_path_is_named(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"index-url|find-links|file://|/home/|/tmp/", text)
