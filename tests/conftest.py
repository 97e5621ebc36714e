"""What all tests share: a renderer, a cache of built content, and a folder of other people's models if there is one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.clusters import Nodes

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Built content is kept apart from the user's, and from run to run; child processes inherit the setting."""
    if config.cache is not None:
        os.environ.setdefault("DIORAMA_CACHE", str(config.cache.mkdir("diorama")))


@pytest.fixture(scope="session")
def renderer() -> object:
    """One renderer for all tests: opening a device and compiling its shaders takes a second."""
    from diorama.render.renderer import Renderer

    return Renderer()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of models, photos and papers that lies beside the repository, or where DIORAMA_SHARED says."""
    folder = Path(os.environ.get("DIORAMA_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def nodes() -> "Iterator[Nodes]":
    """A Ray cluster of two nodes, to which the tests are connected; starting one takes seconds."""
    pytest.importorskip("ray", reason="Ray is not installed", exc_type=ImportError)
    from tests.clusters import cluster

    with cluster() as started:
        yield started
