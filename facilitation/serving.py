"""How Buurtboom is served, in one place: `make run`, the tests and the bench start the same thing."""

import sys


def serve_command(port: int, *, interface: str = "0.0.0.0") -> list[str]:  # noqa: S104  phones on the wifi join
    """The command that serves on this port."""
    # The backlog lets a whole hall scan at once: with daphne's own 50 that takes half a minute.
    endpoint = f"tcp:port={port}:interface={interface}:backlog=2048"
    return [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "facilitation.asgi:application"]
