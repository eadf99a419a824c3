"""Halls with a network of their own, each in a network namespace of Linux: a laptop with wifi, a VPN, or neither."""

import ctypes
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000


def can_make_halls() -> bool:
    return shutil.which("ip") is not None and os.geteuid() == 0 and Path("/proc/self/ns/net").exists()


class Hall:
    """A network that only what runs `inside` is part of."""

    def __init__(self) -> None:
        self.name = f"zaal-{uuid.uuid4().hex[:8]}"
        run("netns", "add", self.name)
        self.ip("link", "set", "lo", "up")

    def ip(self, *words: str) -> None:
        """Change something in this network, as `ip` does."""
        run("-n", self.name, *words)

    def connect(self, name: str, address: str, *, route: bool = False) -> None:
        """An interface comes up; with `route` it is also the way out."""
        self.ip("link", "add", name, "type", "veth", "peer", "name", f"air-{name}")
        self.ip("address", "add", f"{address}/24", "dev", name)
        for end in (name, f"air-{name}"):
            self.ip("link", "set", end, "up")
        if route:
            self.ip("route", "replace", "default", "via", address.rpartition(".")[0] + ".1", "dev", name)

    def disconnect(self, name: str) -> None:
        self.ip("link", "delete", name)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and what it starts, is in the hall."""
        with open("/proc/thread-self/ns/net") as before, open(f"/var/run/netns/{self.name}") as there:  # noqa: PTH123
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(before.fileno())

    def close(self) -> None:
        run("netns", "delete", self.name)


def run(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _enter(network: int) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if system.setns(network, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
