"""How Buurtboom is served, in one place: `make run`, the tests and the bench start the same thing."""

import sys

# Daphne keeps a message until it is whole. The longest that the protocol knows has 4096 characters of four bytes.
MESSAGE_BYTES = 16 * 1024
BODY_BYTES = 256 * 1024  # of a form: the longest of ours has a few KB


def serve_command(port: int, *, interface: str = "0.0.0.0") -> list[str]:  # noqa: S104  phones on the wifi join
    """The command that serves on this port."""
    # The backlog lets a whole hall scan at once: with daphne's own 50 that takes half a minute.
    endpoint = f"tcp:port={port}:interface={interface}:backlog=2048"
    limits = [f"--websocket-max-{part}-size={MESSAGE_BYTES}" for part in ("message", "frame")]
    daphne = [sys.executable, "-m", "facilitation.server.listening", "-v", "0"]
    return [*daphne, *limits, "-e", endpoint, "facilitation.asgi:application"]
