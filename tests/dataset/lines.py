"""A line to a server on this computer, which can be cut."""

import math
import select
import socket
import struct
import threading
from contextlib import suppress

RESET = struct.pack("ii", 1, 0)  # a socket that lingers for no time resets its connection when it is closed


class Line:
    """Listens on a port of its own, and hands on to another port.

    Attributes:
        port: Where it listens.
        sent: Bytes that have gone to the server.
    """

    def __init__(self, to: int) -> None:
        self._to, self._left, self.sent = to, math.inf, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def cut(self, after: float = 0) -> None:
        """Resets all connections once so many more bytes have gone to the server, and from then on each new one."""
        self._left = after

    def mend(self) -> None:
        """Works again."""
        self._left = math.inf

    def close(self) -> None:
        """Ends it."""
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                near, _ = self._listener.accept()
                thread = threading.Thread(target=self._connect, args=(near,))
                self._threads.append(thread)
                thread.start()

    def _connect(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(("127.0.0.1", self._to)) as far:
            while not self._closing.is_set():
                for source in select.select([near, far], [], [], 0.1)[0]:
                    data = source.recv(1 << 12)
                    if not data:
                        return
                    if source is far:
                        near.sendall(data)
                    else:
                        far.sendall(self._passing(data))
                if self._left <= 0:
                    for end in (near, far):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    return

    def _passing(self, data: bytes) -> bytes:
        """What of this still goes to the server."""
        passing = data[: int(min(len(data), max(self._left, 0)))]
        self._left -= len(data)
        self.sent += len(passing)
        return passing
