"""The way out to one socket.

ASGI has no word for "this phone reads too slowly": daphne keeps in memory what was sent until the phone reads it,
however much that is. So under daphne we ask its transport. Once 64 KB wait there the socket is full: it gets no more
states, and nothing more is read from it. When it has been read empty it gets the newest state, not what it missed.
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from asgiref.typing import ASGISendCallable
from autobahn.websocket.protocol import PreparedMessage

FLOODED = 4429  # the standard's own 1008 is not for applications: autobahn refuses to send it


def _write_message(text: str) -> PreparedMessage:
    return PreparedMessage(text.encode(), isBinary=False, applyMask=False, doNotCompress=True)


# The bytes of a broadcast, made once for all sockets that get it.
_write_broadcast = lru_cache(maxsize=8)(_write_message)


class Outlet:
    """Sends frames to one socket. `on_ready` is called when a socket that missed a state can take one again."""

    def __init__(self, send: ASGISendCallable, on_ready: Callable[[], None]) -> None:
        self._send: Callable[[Any], Any] = send
        self._on_ready = on_ready
        self._is_full = self._missed = False
        self._showing: asyncio.Task[None] | None = None
        # Daphne hands its protocol to the application inside `send`; other servers make `send` wait for a slow reader.
        self._protocol: Any = next(iter(getattr(send, "args", ())), None)
        self._transport: Any = getattr(self._protocol, "transport", None)

    async def accept(self) -> None:
        await self._send({"type": "websocket.accept"})
        if self._transport is not None:
            self._transport.unregisterProducer()
            self._transport.registerProducer(self, True)

    async def send(self, text: str) -> None:
        """Send an answer to what this socket asked."""
        if self._transport is not None:
            self._put(_write_message(text))
        else:
            await self._send({"type": "websocket.send", "text": text})

    async def show(self, text: str) -> None:
        """Send a state without waiting for a slow reader: a full socket gets the newest one later."""
        if self._is_full:
            self._missed = True
        elif self._transport is not None:
            self._put(_write_broadcast(text))
        else:
            self._is_full = True
            self._showing = asyncio.create_task(self._show_slowly(text))

    async def close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    async def cut(self) -> None:
        """Drop the connection without waiting for a goodbye: whoever floods us does not read one."""
        await self.close(FLOODED)
        if self._transport is not None:
            self._transport.abortConnection()

    def _put(self, message: PreparedMessage) -> None:
        # Daphne's own `send` would hold what we say to the limit for what we hear, and a result is longer.
        if self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendPreparedMessage(message)

    async def _show_slowly(self, text: str) -> None:
        try:
            await self.send(text)
        finally:
            self._make_ready()

    def _make_ready(self) -> None:
        self._is_full = False
        if self._missed:
            self._missed = False
            self._on_ready()

    # What Twisted asks of whoever fills a transport (IPushProducer).

    def pauseProducing(self) -> None:  # noqa: N802
        self._is_full = True
        self._transport.pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802
        self._transport.resumeProducing()
        self._make_ready()

    def stopProducing(self) -> None:  # noqa: N802
        self._is_full = True
