"""What may stand between a phone and the server: something that carries bytes, and does it badly."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

from tests.load.client import HOST

PIECE = 64 * 1024
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Carries bytes to this port and back.

    `blocks` says what becomes of a websocket: "refuse" answers 403, "swallow" never answers. A connection on which
    neither side said anything for `idle` seconds is cut. All bytes come `delay` seconds late, in both directions.
    """

    def __init__(self, target: int, *, blocks: str = "", idle: float = 0, delay: float = 0) -> None:
        self.target, self.blocks, self.idle, self.delay = target, blocks, idle, delay
        self.port = 0
        self.blocked = self.cuts = 0
        self._visits: set[asyncio.Task[None]] = set()

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from the first byte to the last."""
        task = asyncio.current_task()
        assert task
        self._visits.add(task)
        # Whoever hangs up in the middle of a word, and a test that is over, end it just so.
        with closing(writer), suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        self._visits.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n") if self.blocks else b""
        if b"upgrade: websocket" in head.lower():
            self.blocked += 1
            if self.blocks == "refuse":
                writer.write(REFUSAL)
                await writer.drain()
            await reader.read()  # until the phone gives up
            return
        server_reader, server_writer = await asyncio.open_connection(HOST, self.target)
        with closing(server_writer):
            server_writer.write(head)
            await self._carry_both(reader, server_writer, server_reader, writer)

    async def _carry_both(
        self,
        reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        line = _Line(self.delay)
        ways = [
            asyncio.create_task(way)
            for way in (line.carry(reader, server_writer), line.carry(server_reader, writer), self._watch(line))
        ]
        try:
            # As soon as one side has said its last word the other one is told, by the end of its connection.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _watch(self, line: "_Line") -> None:
        """Return when both sides were silent for too long."""
        while not self.idle or line.silence < self.idle:
            await asyncio.sleep(self.idle - line.silence if self.idle else 3600)
        self.cuts += 1

    async def close(self) -> None:
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits)


class _Line:
    """What travels over one connection."""

    def __init__(self, delay: float) -> None:
        self._delay, self._heard_at = delay, time.monotonic()

    @property
    def silence(self) -> float:
        return time.monotonic() - self._heard_at

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Bring what one side says to the other, in order, and return after the last word was brought."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        bringer = asyncio.create_task(self._bring(under_way, writer))
        try:
            data = b"?"
            while data:
                data = await reader.read(PIECE)
                self._heard_at = time.monotonic()
                under_way.put_nowait((self._heard_at + self._delay, data))
            await bringer
        finally:
            bringer.cancel()

    async def _bring(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, data = await under_way.get()
            if due > time.monotonic():
                await asyncio.sleep(due - time.monotonic())
            if not data:
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def open_proxy(target: int, **faults: str | float) -> AsyncIterator[Proxy]:
    proxy = Proxy(target, **faults)
    server = await asyncio.start_server(proxy.visit, HOST, 0, backlog=512)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
