"""Pretend participants: they join, vote and change their minds at human pace, over the same doors as real phones."""

import asyncio
import contextlib
import http.client
import json
import logging
import random
import re
import socket
import subprocess
import sys
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import websockets
from django.conf import settings

from sessions.rules.refusals import Reason, Refused

logger = logging.getLogger(__name__)

PHONES = 24
# A hall as it usually is: mostly residents, some professionals, a few civil servants.
HALL = (
    "inwoner",
    "inwoner",
    "inwoner",
    "wijkprofessional",
    "inwoner",
    "inwoner",
    "beleidsambtenaar",
    "wijkprofessional",
)
JOIN_SECONDS = (0.2, 9)
THINK_SECONDS = (2, 14)
DOUBT_SECONDS = (3, 9)
DOUBT = 0.25
PATIENCE_SECONDS = 60  # how long a pretend phone looks for a server that went away

MOST_HALLS = 4  # with pretend participants at the same time, in all sessions of this process

_running: dict[str, subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


def start_simulator(code: str) -> None:
    """Let pretend participants into a session, in a process of their own. Raises Refused."""
    with _lock:
        for other, process in list(_running.items()):
            if process.poll() is not None:
                del _running[other]
        if code in _running:
            raise Refused(Reason.SIMULATED)
        if len(_running) >= MOST_HALLS:
            raise Refused(Reason.TOO_MANY_SIMULATED)
        process = subprocess.Popen(  # noqa: S603  our own command, with a code that we made
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "simulate", code, "--url", settings.SELF_URL],
            stdin=subprocess.DEVNULL,
        )
        _running[code] = process
    threading.Thread(target=process.wait, daemon=True).start()  # nobody stays behind as a zombie


async def simulate(url: str, code: str, *, phones: int = PHONES, pace: float = 1.0) -> None:
    """Run pretend phones until the session ends. `pace` 0.1 is ten times as fast as people are."""
    runs = (SimulatedPhone(url, code, number, pace).run() for number in range(phones))
    for outcome in await asyncio.gather(*runs, return_exceptions=True):
        if isinstance(outcome, BaseException):
            logger.warning("A pretend phone went away: %s", outcome)


class SimulatedPhone:
    """One pretend participant."""

    def __init__(self, url: str, code: str, number: int, pace: float) -> None:
        self.url, self.code, self.pace = url, code, pace
        self.role = HALL[number % len(HALL)]
        self.cookies = ""
        self._voted_in = 0
        self._votes = 0
        self._thoughts: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Join, and stay until the session ends or the server has been silent for a while."""
        await self._wait(JOIN_SECONDS)
        self.cookies = await asyncio.to_thread(join, self.url, self.code, self.role)
        address = self.url.replace("http", "ws", 1) + f"/m/{self.code}/ws"
        headers = {"Cookie": self.cookies}
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            try:
                async with websockets.connect(
                    address, additional_headers=headers, origin=websockets.Origin(self.url)
                ) as connection:
                    await self._follow(connection)
                    return
            except websockets.ConnectionClosed as closed:
                if closed.rcvd and closed.rcvd.code >= 4000:
                    return  # this session is gone
                patience = time.monotonic() + PATIENCE_SECONDS
            except (OSError, websockets.WebSocketException):
                logger.debug("The server is silent.", exc_info=True)
            await asyncio.sleep(1)

    async def _follow(self, connection: websockets.ClientConnection) -> None:
        """Watch the session until it ends; voting happens beside it."""
        while True:
            frame = json.loads(await connection.recv())
            if frame["type"] == "state":
                if frame["scene"] == "ended":
                    return
                self._consider(connection, frame)

    def _consider(self, socket: websockets.ClientConnection, frame: dict) -> None:
        is_open = frame["status"] == "open" and frame["scene"] == "question"
        if not is_open or not frame.get("choices") or frame["round"] == self._voted_in:
            return
        self._voted_in = frame["round"]
        thought = asyncio.create_task(self._vote(socket, frame["round"], frame["choices"]))
        self._thoughts.add(thought)
        thought.add_done_callback(self._thoughts.discard)

    async def _vote(self, socket: websockets.ClientConnection, round_number: int, choices: list[str]) -> None:
        try:
            await self._wait(THINK_SECONDS)
            await self._send_vote(socket, round_number, choices)
            if random.random() < DOUBT:  # noqa: S311  nothing secret here
                await self._wait(DOUBT_SECONDS)
                await self._send_vote(socket, round_number, choices)
        except websockets.ConnectionClosed:
            self._voted_in = 0  # vote again once the socket is back

    async def _send_vote(self, socket: websockets.ClientConnection, round_number: int, choices: list[str]) -> None:
        self._votes += 1
        # The first answers are a little more popular, so that a result has a shape.
        weights = [1 / (place + 1.5) for place in range(len(choices))]
        answer = random.choices(choices, weights)[0]  # noqa: S311
        await socket.send(
            json.dumps({"type": "vote", "id": f"v{self._votes}", "round": round_number, "answer": answer})
        )

    async def _wait(self, seconds: tuple[float, float]) -> None:
        await asyncio.sleep(random.uniform(*seconds) * self.pace)  # noqa: S311


def wait_for_server(url: str, *, seconds: float = 30) -> None:
    """Return when somebody listens there, or when it took too long."""
    parts = urlsplit(url)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((parts.hostname, parts.port or 80), 1):
            return
        time.sleep(0.2)


def join(url: str, code: str, role: str) -> str:
    """Choose a role as a browser does: get the page, keep its cookies, post the form. Returns the Cookie header."""
    page, cookies = _request(url, "GET", f"/m/{code}/rol", {})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise RuntimeError(f"no form to join {code}")
    body = urlencode({"csrfmiddlewaretoken": token[1], "role": role})
    _, more = _request(url, "POST", f"/m/{code}/rol", cookies, body)
    return _header(cookies | more)


def _request(
    url: str, method: str, path: str, cookies: dict[str, str], body: str | None = None
) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=20)
    headers = {"Cookie": _header(cookies), "Origin": url}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        got: SimpleCookie = SimpleCookie()
        for header in answer.headers.get_all("Set-Cookie") or []:
            got.load(header)
        return text, {name: morsel.value for name, morsel in got.items()}
    finally:
        connection.close()


def _header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
