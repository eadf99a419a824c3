"""The three systems side by side: how each is started, joined, led, and asked afterwards what it kept."""

import base64
import html
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.request
import uuid
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.load.client import Browser, DoorClosed, open_socket
from tests.load.crowd import Phone, Screen
from tests.load.measure import on_cores
from tests.servers import App, Process, free_port, is_listening, read_password, wait_until

JSON = "application/json"
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Room:
    """One session and who leads it. `version` is the newest that its facilitator has seen."""

    def __init__(self, code: str, facilitator: Browser) -> None:
        self.code, self.facilitator = code, facilitator
        self.version = 0
        self.status = "lobby"


class System(ABC):
    """A server that can be voted on. It runs on the cores it is given, and on no other."""

    name: str

    def __init__(self, folder: Path, cores: set[int]) -> None:
        self.folder, self.cores = folder, cores
        self.port = 0
        self._process: Process | None = None

    def start(self) -> None:
        """Start afresh, with an empty database."""
        self.stop()
        with on_cores(self.cores):
            self._process = self._launch()

    def stop(self) -> None:
        if self._process:
            self._process.kill()  # its data goes too; one that has collapsed would not listen anyway
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @abstractmethod
    def _launch(self) -> Process: ...

    @abstractmethod
    async def open_rooms(self, count: int) -> list[Room]: ...

    @abstractmethod
    async def take_seat(self, browser: Browser, room: Room, role: str) -> tuple[str, str]:
        """Get the pages that a phone gets before its socket. Returns its seat, and where that is. Raises DoorClosed."""

    @abstractmethod
    async def command(self, room: Room, name: str) -> int:
        """Press a button: start, open, plan, close or again. Returns the version it made. Raises DoorClosed."""

    @abstractmethod
    def read_votes(self, room: Room, round_number: int) -> list[tuple[str, str]]:
        """What the server kept of a round, as (seat, answer)."""

    async def add_plan_line(self, room: Room, number: int) -> None:
        """One more line in the plan, where there is one. Raises DoorClosed."""
        raise NotImplementedError

    async def fetch_paper(self, room: Room) -> None:
        """The plan as a PDF. Raises DoorClosed."""
        raise NotImplementedError

    async def count_hands(self, room: Room, number: int) -> None:
        """So many hands for the first answer, where they are counted. Raises DoorClosed."""
        raise NotImplementedError

    async def join(self, room: Room, role: str) -> Phone:
        """Come in as a phone: the pages, the socket, and the first state. Raises DoorClosed."""
        browser = Browser(self.port)
        seat, socket = await self.take_seat(browser, room, role)
        phone = Phone(browser, seat)
        phone.socket = await open_socket(browser, socket, phone.hear)
        await phone.entered.wait()
        return phone

    async def watch(self, room: Room) -> Screen:
        """Put the beamer on. Raises DoorClosed."""
        screen = Screen()
        screen.socket = await open_socket(room.facilitator, f"/ws/b/{room.code}/beamer", screen.hear)
        await screen.entered.wait()
        return screen


class Buurtboom(System):
    """Buurtboom as `make run` starts it."""

    name = "buurtboom"

    def __init__(self, folder: Path, cores: set[int], **settings: str) -> None:
        super().__init__(folder, cores)
        self.settings = settings
        self._password = ""
        self._team: dict[str, str] = {}

    def prepare(self) -> None:
        """Make what every start begins with: an empty database with the content, one account, the static files."""
        clean = self.folder / "clean"
        clean.mkdir(parents=True, exist_ok=True)
        app = App(clean, self.folder / "static", **self.settings)
        printed = app.prepare("collectstatic --no-input --verbosity 0", "make_facilitator begeleider")
        self._password = read_password(printed)
        (self.folder / "password").write_text(self._password)

    def take_over(self) -> None:
        """Begin with what stands in the folder: another process made it."""
        self._password = (self.folder / "password").read_text()

    def share(self, other: "Buurtboom") -> None:
        """Use what another one prepared: its database (PostgreSQL), its files and its account."""
        self.folder, self._password = other.folder, other._password

    def _launch(self) -> Process:
        if not self._password:
            self.prepare()
        data = Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))
        shutil.copytree(self.folder / "clean", data, dirs_exist_ok=True)
        app = App(data, self.folder / "static", **self.settings)
        app.start()
        self.app, self.port, self._database, self._team = app, app.port, data / "buurtboom.sqlite3", {}
        assert app.process
        return app.process

    async def _log_in(self) -> dict[str, str]:
        """The cookies of the facilitator; asked for once, for a password is slow on purpose."""
        if not self._team:
            browser = Browser(self.port)
            await browser.get("/inloggen")
            fields = {"username": "begeleider", "password": self._password, **_token(browser)}
            answer = await browser.post("/inloggen", fields)
            if answer.status != 302:
                raise DoorClosed(f"no login: status {answer.status}")
            browser.hang_up()
            self._team = browser.cookies
        return self._team

    async def open_rooms(self, count: int) -> list[Room]:
        cookies = await self._log_in()
        rooms = []
        for number in range(count):
            browser = Browser(self.port)
            browser.cookies = dict(cookies)
            fields = {"title": f"Meting {number}", "buurt": "Vogelbuurt", "phase": "startfase", **_token(browser)}
            answer = await browser.post("/bijeenkomsten", fields)
            found = re.search(rb"/b/(\w+)/console", answer.headers.get(b"location", b""))
            if not found:
                raise DoorClosed(f"no session: status {answer.status}")
            rooms.append(Room(found[1].decode(), browser))
        return rooms

    async def take_seat(self, browser: Browser, room: Room, role: str) -> tuple[str, str]:
        path = f"/m/{room.code}"
        page = await browser.get(path)
        token = _TOKEN.search(page.body)
        if page.status != 200 or not token:
            raise DoorClosed(f"no page with the roles: status {page.status}")
        chosen = await browser.post(f"{path}/rol", {"csrfmiddlewaretoken": token[1].decode(), "role": role})
        if chosen.status != 302:
            raise DoorClosed(f"no seat: status {chosen.status}")
        page = await browser.get(chosen.headers[b"location"].decode())
        if page.status != 200:
            raise DoorClosed(f"no phone's page: status {page.status}")
        return read_seat(browser.cookies[f"stoel_{room.code}"]), read_socket(page.body)

    async def add_plan_line(self, room: Room, number: int) -> None:
        fields = {"kind": "actie", "text-0": f"stap {number}", **_token(room.facilitator)}
        plan = await room.facilitator.get(f"/b/{room.code}/plan")
        answer = await room.facilitator.post(plan.headers[b"location"].decode() + "/nieuw", fields)
        if answer.status != 302:
            raise DoorClosed(f"no line: status {answer.status}")

    async def fetch_paper(self, room: Room) -> None:
        plan = await room.facilitator.get(f"/b/{room.code}/plan")
        paper = await room.facilitator.get(plan.headers[b"location"].decode() + ".pdf")
        if paper.status != 200 or not paper.body.startswith(b"%PDF"):
            raise DoorClosed(f"no paper: status {paper.status}")

    async def count_hands(self, room: Room, number: int) -> None:
        fields = {"round": "1", "probleem:inwoner": str(number), **_token(room.facilitator)}
        answer = await room.facilitator.post(f"/b/{room.code}/handen", fields, accept=JSON)
        if answer.status != 200:
            raise DoorClosed(f"no hands: status {answer.status}")

    async def command(self, room: Room, name: str) -> int:
        fields = {"command": name, "version": str(room.version), **_token(room.facilitator)}
        answer = await room.facilitator.post(f"/b/{room.code}/opdracht", fields, accept=JSON)
        if answer.status != 200:
            raise DoorClosed(f"no {name}: status {answer.status} {answer.body[:200]!r}")
        room.version = json.loads(answer.body)["version"]
        return room.version

    def read_votes(self, room: Room, round_number: int) -> list[tuple[str, str]]:
        query = (
            "SELECT p.seat, v.answer FROM live_sessions_vote v"
            " JOIN live_sessions_participant p ON p.id = v.participant_id"
            " JOIN live_sessions_round r ON r.id = v.round_id"
            " JOIN live_sessions_groupsession s ON s.id = r.session_id WHERE s.code = ? AND r.number = ?"
        )
        values = (room.code, round_number)
        if address := self.settings.get("DATABASE_URL"):
            with psycopg.connect(address) as server:
                rows = server.execute(query.replace("?", "%s"), values).fetchall()
        else:
            rows = _read_file(self._database, query, values)
        return [(uuid.UUID(str(seat)).hex, answer) for seat, answer in rows]


class Plain(System):
    """What baseline and floor share: a trivial page gives a seat, and a button is an address."""

    async def open_rooms(self, count: int) -> list[Room]:
        return [Room(uuid.uuid4().hex[:6], Browser(self.port)) for _ in range(count)]

    async def take_seat(self, browser: Browser, room: Room, role: str) -> tuple[str, str]:
        page = await browser.get(f"/m/{room.code}")
        if page.status != 200 or "seat" not in browser.cookies:
            raise DoorClosed(f"no page: status {page.status}")
        return browser.cookies["seat"], f"/ws/m/{room.code}"

    async def command(self, room: Room, name: str) -> int:
        answer = await room.facilitator.get(f"/b/{room.code}/opdracht?{urlencode({'command': name})}", accept=JSON)
        if answer.status != 200:
            raise DoorClosed(f"no {name}: status {answer.status}")
        room.version = json.loads(answer.body)["version"]
        return room.version


class Baseline(Plain):
    """Django and Channels as in the Channels tutorial, on daphne."""

    name = "baseline"

    def _launch(self) -> Process:
        self.port = free_port()
        self._database = self.folder / f"baseline-{self.port}-{time.monotonic_ns()}.sqlite3"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.load.baseline.settings",
            "BASELINE_DATABASE": str(self._database),
        }
        migrate = Process(
            [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"], self._log, environment
        )
        wait_until(lambda: not migrate.is_alive, "a database for the baseline")
        endpoint = f"tcp:port={self.port}:interface=127.0.0.1:backlog=2048"
        command = [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "tests.load.baseline.asgi:application"]
        return _await_port(Process(command, self._log, environment), self.port, self._log)

    @property
    def _log(self) -> Path:
        return self.folder / "baseline.log"

    def read_votes(self, room: Room, round_number: int) -> list[tuple[str, str]]:
        query = (
            "SELECT v.seat, v.answer FROM baseline_vote v JOIN baseline_session s ON s.id = v.session_id"
            " WHERE s.code = ? AND v.round = ?"
        )
        return _read_file(self._database, query, (room.code, round_number))


class Floor(Plain):
    """A bare websocket server that counts in memory."""

    name = "floor"

    def _launch(self) -> Process:
        self.port = free_port()
        log = self.folder / "floor.log"
        return _await_port(
            Process([sys.executable, "-m", "tests.load.floor", str(self.port)], log, dict(os.environ)), self.port, log
        )

    def read_votes(self, room: Room, round_number: int) -> list[tuple[str, str]]:
        address = f"http://127.0.0.1:{self.port}/b/{room.code}/stemmen?round={round_number}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            return [(seat, kept) for seat, kept in json.load(answer)]


SYSTEMS: dict[str, type[System]] = {kind.name: kind for kind in (Buurtboom, Baseline, Floor)}


def _await_port(process: Process, port: int, log: Path) -> Process:
    try:
        wait_until(lambda: is_listening(port), "a server that listens")
    except TimeoutError as error:
        process.kill()
        raise TimeoutError(f"{error}\n{log.read_text()}") from error
    return process


def _token(browser: Browser) -> dict[str, str]:
    return {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}


def read_seat(cookie: str) -> str:
    """The seat in a signed cookie, which hides nothing: base64 of JSON, then the signature."""
    text = cookie.strip('"').partition(":")[0]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def read_socket(page: bytes) -> str:
    """The address of the socket, as the script of a phone's page makes it."""
    socket, revision = (re.search(rb'data-%s="([^"]+)"' % name, page)[1] for name in (b"socket", b"revision"))
    return html.unescape((socket + revision).decode())


def _read_file(database: Path, query: str, values: tuple[object, ...]) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(query, values).fetchall()
