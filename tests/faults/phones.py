"""A phone that looks after itself: what static/js/live.js and phone.js do, without a page around it."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from typing import Any

import msgspec

from tests.load.client import Browser, DoorClosed, Socket, open_socket
from tests.load.frames import TEXT, mask_frame
from tests.load.systems import read_seat

# As in the table of docs/protocol.md, in seconds.
PING, PONG, CONNECT, POLL, PATIENCE, ANSWER = 20, 5, 5, 4, 3, 6
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Phone:
    """One participant. What it shows comes from the server, and is forgotten when the connection is lost."""

    def __init__(self, port: int, code: str, role: str = "inwoner") -> None:
        self.code, self.role = code, role
        self.browser, self._poller = Browser(port), Browser(port)  # a connection for votes, and one for polls
        self.seat = ""
        self.socket: Socket | None = None
        self.state: dict[str, Any] | None = None
        self.own: tuple[int, str] | None = None  # round and answer, as the server last told
        self.own_ack: dict[str, Any] | None = None  # the last acknowledgement, until a state contradicts it
        self.version = self.revision = 0
        self.pending: dict[str, Any] | None = None
        self.is_late = False  # the vote says "nog niet verzonden"
        self.acked: dict[int, str] = {}  # round -> the answer that was acknowledged last
        self.refusals: list[tuple[str, str]] = []  # code and sentence
        self.closes: list[int] = []
        self.polls = self.posts = 0
        self.back_at = 0.0  # when it showed a state again after the connection was lost
        self.on_ack: Callable[[], None] = lambda: None
        self._tries = 0
        self._life = asyncio.Event()  # any frame is a sign of life
        self._lost: asyncio.Future[int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._jobs: dict[str, asyncio.Task[None]] = {}

    def __repr__(self) -> str:
        told = {name: value for name, value in (self.state or {}).items() if name != "html"}
        return f"<Phone {self.is_open=} {told=} {self.own=} {self.pending=} {self.closes=} {self._jobs=}>"

    async def join(self) -> None:
        """Take a seat as the protocol page says. Raises DoorClosed."""
        path = f"/m/{self.code}/rol"
        page = await self.browser.get(path)
        token = _TOKEN.search(page.body)
        if page.status != 200 or not token:
            raise DoorClosed(f"no page with the roles: status {page.status}")
        chosen = await self.browser.post(path, {"csrfmiddlewaretoken": token[1].decode(), "role": self.role})
        if chosen.status != 302:
            raise DoorClosed(f"no seat: status {chosen.status}")
        self._poller.cookies = self.browser.cookies
        self.seat = read_seat(self.browser.cookies[f"stoel_{self.code}"])
        self.browser.hang_up()

    def start(self) -> None:
        """Connect, and stay connected until `leave`."""
        self._do("stay", self._stay())

    def vote(self, round_number: int, answer: str) -> None:
        """Cast a vote. It is kept and sent again until there is an answer."""
        self.pending = {"type": "vote", "id": f"{random.random():.12f}", "round": round_number, "answer": answer}
        self.is_late, self.own_ack = False, None
        self._deliver()

    async def leave(self) -> None:
        if self._timer:
            self._timer.cancel()
        for job in self._jobs.values():
            job.cancel()
        await asyncio.gather(*self._jobs.values(), return_exceptions=True)
        if self.socket:
            self.socket.close()
        self.browser.hang_up()
        self._poller.hang_up()

    def shows(self, **fields: Any) -> bool:
        return self.state is not None and {name: self.state.get(name) for name in fields} == fields

    @property
    def is_open(self) -> bool:
        return self.socket is not None and self.socket.is_open

    def send(self, frame: dict[str, Any]) -> bool:
        if not self.is_open:
            return False
        assert self.socket
        self.socket.send(mask_frame(TEXT, msgspec.json.encode(frame)))
        return True

    # ---- live.js ----

    def _do(self, name: str, job: Any) -> None:
        self._drop(name)
        self._jobs[name] = asyncio.create_task(job)

    def _drop(self, name: str) -> None:
        if job := self._jobs.pop(name, None):
            job.cancel()

    async def _stay(self) -> None:
        while True:
            self._lost = asyncio.get_running_loop().create_future()
            self._life.clear()
            try:
                async with asyncio.timeout(CONNECT):
                    self.socket = await open_socket(self.browser, f"/m/{self.code}/ws", self._hear, self.lose)
                self._do("ping", self._ping())
                code = await self._lost
            except (DoorClosed, TimeoutError):
                code = 1006
            self._drop("ping")
            if self.socket:  # a try that fails takes away nothing that a poll brought
                self.socket = self.state = self.own = None
            self.closes.append(code)
            if code in (4401, 4404):
                return  # a browser asks for the page now
            if "poll" not in self._jobs:
                self._do("poll", self._poll())
            self._tries += 1
            await asyncio.sleep(min(10, 0.4 * 2**self._tries) * random.uniform(0.5, 1.5))

    def lose(self, code: int) -> None:
        if self._lost and not self._lost.done():
            self._lost.set_result(code)

    async def _ping(self) -> None:
        while True:
            try:
                # `wait_for` of Python 3.11 loses a cancel that comes as it ends, and who leaves would wait for ever.
                async with asyncio.timeout(PONG):
                    await self._life.wait()
            except TimeoutError:
                assert self.socket
                self.socket.close()
                self.lose(1006)
            await asyncio.sleep(PING)
            self._life.clear()
            self.send({"type": "ping"})

    async def _poll(self) -> None:
        await asyncio.sleep(POLL)
        while True:  # until a frame comes over a socket
            try:
                async with asyncio.timeout(ANSWER):
                    answer = await self._poller.get(f"/m/{self.code}/stand", accept="application/json")
                if answer.status == 200:
                    self.polls += 1
                    self._receive(msgspec.json.decode(answer.body))
            except (DoorClosed, TimeoutError):
                self._poller.hang_up()
            await asyncio.sleep(POLL * random.uniform(0.75, 1.25))

    def _hear(self, text: bytes, now: float) -> None:
        frame = msgspec.json.decode(text)
        self._life.set()
        if frame["type"] != "refused":
            self._drop("poll")
            self._tries = 0
        self._receive(frame)

    def _receive(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "pong":
            if frame["revision"] > self.revision:
                self.send({"type": "state"})
        elif frame["type"] == "state":
            self._show(frame)
        else:
            self._settle(frame)

    # ---- phone.js ----

    def _show(self, frame: dict[str, Any]) -> None:
        if frame["revision"] < self.revision:
            return
        if self.state is None:
            self.back_at = time.monotonic()
        self.state, self.revision, self.version = frame, frame["revision"], frame["version"]
        if own := frame.get("own"):
            self._believe(own)
        vote = self.pending
        if vote and self.own == (vote["round"], vote["answer"]):
            self._settle({"type": "ack", "id": vote["id"], "round": vote["round"], "answer": vote["answer"]})
        elif vote and frame.get("round") != vote["round"]:
            self._settle({"type": "refused", "id": vote["id"], "code": "gone", "message": ""})
        elif vote:
            self._deliver()

    def _believe(self, told: dict[str, Any]) -> None:
        ack = self.own_ack
        if ack and told["round"] == ack["round"] and told["answer"] != ack["answer"]:
            self.own_ack = None
            self.send({"type": "state"})
        else:
            self.own = (told["round"], told["answer"]) if told["answer"] else None

    def _settle(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "refused":
            self.refusals.append((frame["code"], frame["message"]))
        if not self.pending or frame.get("id") != self.pending["id"]:
            return
        self._wait(None)
        if frame["type"] == "refused" and frame["code"] == "busy":
            self.is_late = True
            self._wait(self._deliver)
            return
        self.pending = None
        if frame["type"] == "ack":
            self.own, self.own_ack = (frame["round"], frame["answer"]), frame
            self.acked[frame["round"]] = frame["answer"]
            self.on_ack()

    def _wait(self, then: Callable[[], None] | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, then) if then else None

    def _deliver(self) -> None:
        self._wait(None)
        if self.pending and self.send(self.pending):
            self._wait(self._start_post)
        elif self.pending:
            self._start_post()

    def _start_post(self) -> None:
        self._do("post", self._post())

    async def _post(self) -> None:
        mine = self.pending
        if mine is None:
            return
        self.posts += 1
        fields = {name: str(mine[name]) for name in ("id", "round", "answer")}
        fields["csrfmiddlewaretoken"] = self.browser.cookies["csrftoken"]
        try:
            async with asyncio.timeout(ANSWER):
                answer = await self.browser.post(f"/m/{self.code}/stem", fields, accept="application/json")
            frame = msgspec.json.decode(answer.body)  # a fault is a page
        except (DoorClosed, TimeoutError, msgspec.DecodeError):
            self.browser.hang_up()
            if self.pending is mine:
                self.is_late = True
                self._wait(self._deliver)
            return
        if self.pending is mine:
            self._receive(frame)
