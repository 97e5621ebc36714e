"""A Ray cluster: where it is, what a worker holds of it, and how many it has room for."""

import logging
import math
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from diorama.errors import DioramaError, RecipeError
from diorama.extras import require

GPU_SHARE = 0.25
"""GPUs that a worker holds where the cluster has any: one process alone draws and encodes in turns."""


@dataclass(frozen=True)
class Cluster:
    """A Ray cluster, and what each worker holds of it.

    Attributes:
        address: As `ray.init` takes it: "auto", "host:6379", "ray://host:10001". If not given, RAY_ADDRESS, else the
            cluster of this computer, else a new one on it, for this run alone.
        cpus_per_worker: CPUs.
        gpus_per_worker: GPUs, or a part of one; by default GPU_SHARE where the cluster has GPUs, else none.
    """

    address: str | None = None
    cpus_per_worker: float = 1
    gpus_per_worker: float | None = None

    def __post_init__(self) -> None:
        """Raises RecipeError for a worker that needs less than nothing, or nothing that could be counted."""
        if not 0 <= self.cpus_per_worker < math.inf:
            raise RecipeError("CPUs per worker", f"is {self.cpus_per_worker:g}", "Give 0 or more, such as 1")
        gpus = self.gpus_per_worker or 0
        if not 0 <= gpus < math.inf or (gpus > 1 and gpus % 1):
            raise RecipeError("GPUs per worker", f"is {gpus:g}", "Give a part of one, such as 0.25, or a whole number")
        if self.cpus_per_worker == gpus == 0 and self.gpus_per_worker is not None:
            raise RecipeError("CPUs per worker", "and GPUs are none", "Give some of either, such as 1 CPU")

    def needs(self, ray: Any) -> dict[str, float]:
        """What each worker holds, by the names that Ray gives it."""
        gpus = self.gpus_per_worker
        if gpus is None:
            gpus = GPU_SHARE if any(offer.get("GPU") for offer in _offers(ray)) else 0
        return {name: need for name, need in (("CPU", self.cpus_per_worker), ("GPU", gpus)) if need > 0}


HERE = Cluster()
"""The cluster of this computer, or a new one on it."""


def room(ray: Any, needs: dict[str, float]) -> int:
    """How many workers the cluster has room for now, if it does nothing else."""
    fits = ([int(offer.get(name, 0) / need + 1e-6) for name, need in needs.items()] for offer in _offers(ray))
    return sum(min(counts, default=1) for counts in fits)


@contextmanager
def connected(cluster: Cluster) -> Iterator[Any]:
    """Ray, connected; a connection that is there already is used, and stays.

    Raises:
        DioramaError: If there is no cluster.
        ExtraError: If Ray is not installed.
    """
    require("ray", extra="ray")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report a new cluster to its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # as it will be by default; till then it warns
    import ray

    if ray.is_initialized():
        yield ray
        return
    try:
        _reach(cluster.address)
        ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        where = f"--address {cluster.address}" if cluster.address else "Ray"
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise DioramaError(
            where, f"no cluster answers ({reason})", "Start one (ray start --head), or give its address"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _reach(address: str | None) -> None:
    """Raises an OSError where nobody answers at all: Ray itself would try for minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=10).close()


def _offers(ray: Any) -> list[dict[str, float]]:
    return [node["Resources"] for node in ray.nodes() if node["Alive"]]
