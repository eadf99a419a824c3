"""A browser's two doors as cheaply as Python can: HTTP/1.1 with cookies, and a websocket.

Thousands of these share one core, and what they cost may not show in what they measure. So there are no streams and no
tasks here: a protocol gets bytes, notes the time and hands them over.
"""

import asyncio
import base64
import gzip
import hashlib
import os
import socket as sockets
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from tests.load.frames import CLOSE, PING, PONG, TEXT, FrameError, FrameReader, mask_frame

HOST = "127.0.0.1"
_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class DoorClosed(Exception):  # noqa: N818
    """The server refused, went away, or said something that is not the protocol. The message says what."""


class Answer(NamedTuple):
    """An HTTP answer. `headers` has small letters, the last one of a name; cookies are in `cookies`."""

    status: int
    headers: dict[bytes, bytes]
    cookies: dict[str, str]
    body: bytes


class AnswerReader:
    """Bytes from a server -> one HTTP answer."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Answer | None:
        """The answer once it is complete. Bytes after it are kept for `rest`."""
        self._data += data
        head, found, body = self._data.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.split(b"\r\n")
        status = int(first.split(b" ", 2)[1])
        headers: dict[bytes, bytes] = {}
        cookies: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            headers[name] = value
            if name == b"set-cookie":
                key, _, kept = value.partition(b";")[0].decode().partition("=")
                cookies[key] = kept
        if status in (101, 204, 304):
            size: int | None = 0
        elif headers.get(b"transfer-encoding") == b"chunked":
            whole = _join_chunks(body)
            if whole is None:
                return None
            self._data = b""
            return Answer(status, headers, cookies, whole)
        else:
            size = int(headers.get(b"content-length", 0))
        if len(body) < size:
            return None
        self._data = body[size:]
        return Answer(status, headers, cookies, body[:size])

    @property
    def rest(self) -> bytes:
        return self._data


def _join_chunks(data: bytes) -> bytes | None:
    """The body of an answer in chunks, or None when the last chunk is not here yet."""
    parts = []
    while True:
        line, found, data = data.partition(b"\r\n")
        if not found:
            return None
        size = int(line.partition(b";")[0], 16)
        if len(data) < size + 2:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(data[:size])
        data = data[size + 2 :]


class _Line(asyncio.Protocol):
    """One connection on which a request waits for its answer."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._reader = AnswerReader()
        self._waiting: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        answer = self._reader.feed(data)
        if answer and self._waiting and not self._waiting.done():
            self._waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(DoorClosed("the server closed the connection"))

    async def ask(self, request: bytes) -> Answer:
        assert self.transport
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._waiting


class Browser:
    """The cookies of one visitor, and the connection that is kept alive between pages."""

    def __init__(self, port: int) -> None:
        self.port, self.origin = port, f"http://{HOST}:{port}"
        self.cookies: dict[str, str] = {}
        self._line: _Line | None = None

    async def get(self, path: str, *, accept: str = "text/html") -> Answer:
        """Raises DoorClosed."""
        return await self._ask("GET", path, accept, b"")

    async def post(self, path: str, fields: dict[str, str], *, accept: str = "text/html") -> Answer:
        """Post a form. Raises DoorClosed."""
        return await self._ask("POST", path, accept, urlencode(fields).encode())

    def hang_up(self) -> None:
        """Close the connection between pages, as a browser does after a while; the cookies stay."""
        if self._line and self._line.transport:
            self._line.transport.close()
        self._line = None

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def _ask(self, method: str, path: str, accept: str, body: bytes) -> Answer:
        if self._line is None or self._line.transport is None or self._line.transport.is_closing():
            self._line = await _connect(_Line, self.port)
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            f"Accept: {accept}",
            "Accept-Language: nl",
            "Accept-Encoding: gzip",
        ]
        if self.cookies:
            head.append(f"Cookie: {self.cookie_header}")
        if method == "POST":
            head += [
                f"Origin: {self.origin}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        answer = await self._line.ask("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        if answer.headers.get(b"content-encoding") == b"gzip":
            answer = answer._replace(body=gzip.decompress(answer.body))
        self.cookies |= answer.cookies
        if answer.headers.get(b"connection", b"").lower() == b"close":
            self.hang_up()
        return answer


class Socket(asyncio.Protocol):
    """A websocket to the server. `hear` gets each text with the moment at which its bytes came in (perf_counter).

    `lose` gets the close code once, when it was not we who closed.
    """

    def __init__(self, hear: Callable[[bytes, float], None], lose: Callable[[int], None] | None = None) -> None:
        self._hear, self._lose = hear, lose
        self._transport: asyncio.Transport | None = None
        self._handshake: AnswerReader | None = AnswerReader()
        self._reader = FrameReader()
        self.accepted: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.close_code: int | None = None  # of a close by the server, 1006 when it just went away

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def send(self, frame: bytes) -> None:
        """Send a frame that `mask_frame` made. Nothing happens when the socket is gone."""
        if self._transport:
            self._transport.write(frame)

    def stop_reading(self) -> None:
        """Leave in the system's buffers what comes in, until `read_again`."""
        if self._transport:
            self._transport.pause_reading()

    def read_again(self) -> None:
        if self._transport:
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport:
            self._transport.write(mask_frame(CLOSE, (1000).to_bytes(2, "big")))
            self._transport.close()
            self._transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if self._handshake:
            answer = self._handshake.feed(data)
            if answer is None:
                return
            data, self._handshake = self._handshake.rest, None
            if not self.accepted.done():
                self.accepted.set_result(answer)
        try:
            messages = self._reader.feed(data)
        except FrameError:
            self._drop(1002)
            return
        for opcode, payload in messages:
            if opcode == TEXT:
                self._hear(payload, now)
            elif opcode == PING:
                self.send(mask_frame(PONG, payload))
            elif opcode == CLOSE:
                self._drop(int.from_bytes(payload[:2], "big") or 1005)
                return

    def connection_lost(self, exc: Exception | None) -> None:
        self._drop(1006)
        if not self.accepted.done():
            self.accepted.set_exception(DoorClosed("the socket was closed before it opened"))

    def _drop(self, code: int) -> None:
        if self._transport:
            self.close_code = code
            self._transport.close()
            self._transport = None
            if self._lose:
                self._lose(code)


async def open_socket(
    browser: Browser,
    path: str,
    hear: Callable[[bytes, float], None],
    lose: Callable[[int], None] | None = None,
    *,
    options: Sequence[tuple[int, int, int]] = (),
) -> Socket:
    """Open a websocket with a browser's cookies, on a connection with these options of setsockopt.

    Raises DoorClosed with the status of a refusal.
    """
    key = base64.b64encode(os.urandom(16))
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{browser.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key.decode()}\r\nOrigin: {browser.origin}\r\n"
        f"Cookie: {browser.cookie_header}\r\n\r\n"
    )
    socket = await _connect(lambda: Socket(hear, lose), browser.port, options)
    socket.send(request.encode())
    try:
        answer = await socket.accepted
    except asyncio.CancelledError:
        socket.close()
        raise
    expected = base64.b64encode(hashlib.sha1(key + _ACCEPT_SALT).digest())
    if answer.status != 101 or answer.headers.get(b"sec-websocket-accept") != expected:
        socket.close()
        raise DoorClosed(f"no websocket at {path}: status {answer.status}")
    return socket


async def _connect(make: Callable[[], asyncio.Protocol], port: int, options: Sequence[tuple[int, int, int]] = ()):
    loop = asyncio.get_running_loop()
    plug = sockets.socket()
    try:
        for option in options:
            plug.setsockopt(*option)
        plug.setblocking(False)
        await loop.sock_connect(plug, (HOST, port))
        _, protocol = await loop.create_connection(make, sock=plug)
    except OSError as error:
        plug.close()
        raise DoorClosed(f"no connection: {error}") from error
    except BaseException:
        plug.close()
        raise
    return protocol
