"""A wire between a phone and the server that can go dead: open on both ends, and nothing comes through any more."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Carries bytes to this port of our machine and back."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._age = 0
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._welcome, daemon=True).start()

    def go_dead(self) -> None:
        """Nobody is told: what is connected now stays open, and is silent. A new connection works."""
        self._age += 1

    def close(self) -> None:
        for end in (self._door, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _welcome(self) -> None:
        with suppress(OSError):  # closed
            while True:
                here, _ = self._door.accept()
                there = socket.create_connection(("127.0.0.1", self.target))
                self._ends += (here, there)
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(*ends, self._age), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, age: int) -> None:
        with suppress(OSError):  # the other end hung up
            while data := one.recv(65536):
                if age == self._age:
                    other.sendall(data)
        if age == self._age:
            with suppress(OSError):
                other.shutdown(socket.SHUT_WR)
