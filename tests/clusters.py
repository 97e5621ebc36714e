"""A Ray cluster of several processes on this computer, nodes of which can be killed."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

SMALL = {"object_store_memory": 80 * 2**20}
ALERT = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 500, "health_check_failure_threshold": 4}
"""A dead node is missed in two seconds, not in fifteen; one that is slow to answer has ten, as always."""


class Nodes:
    """A cluster whose head runs no jobs; each of the others is a raylet with processes of its own.

    Attributes:
        address: What `--address` takes.
    """

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._cluster: Any = Cluster(
            initialize_head=True,
            head_node_args={"num_cpus": 0, "include_dashboard": False, "_system_config": ALERT, **SMALL},
        )
        self.address: str = self._cluster.address
        self._nodes: list[Any] = []

    def want(self, count: int) -> None:
        """Starts nodes of one CPU until there are so many."""
        while len(self._nodes) < count:
            self._nodes.append(self._cluster.add_node(num_cpus=1, **SMALL))

    def kill(self, which: int = -1) -> None:
        """Kills a node, by default the newest, with all its processes, without a word."""
        node = self._nodes.pop(which)
        with suppress(AssertionError):  # it asks at once whether all are gone, and some take a moment
            self._cluster.remove_node(node, allow_graceful=False)
        for _ in range(200):
            if not node.any_processes_alive():
                return
            time.sleep(0.05)
        raise AssertionError("a node's processes outlive it")

    def close(self) -> None:
        self._cluster.shutdown()


@contextmanager
def cluster() -> Iterator[Nodes]:
    """A cluster, and a connection to it."""
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    nodes = Nodes()
    try:
        ray.init(address=nodes.address, log_to_driver=False, logging_level=logging.ERROR)
        try:
            yield nodes
        finally:
            ray.shutdown()
    finally:
        nodes.close()
