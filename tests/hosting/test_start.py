"""The first README command: what a newcomer gets, and one clear line when something is in the way."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest
from django.core.management import CommandError, call_command

from content.models import Edition
from facilitation.management.commands.start import prepare_folder
from facilitation.server.serving import serve_command
from sessions.models import GroupSession, Team
from tests.load.measure import list_processes
from tests.servers import ROOT, App, Process, free_port, wait_until

# A setting, a value that it cannot have, and the beginning of the line that says so.
WRONG = (
    ("DEBUG", "misschien", "DEBUG must be 0 or 1"),
    ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must be"),
    ("DATABASE_URL", "sqlite:///", "DATABASE_URL must be"),
    ("DATABASE_URL", "sqlite://file", "DATABASE_URL must be"),
    ("DATABASE_URL", "postgresql://x:secret@y:poort/z", "DATABASE_URL is no address: Port could not be"),
    ("REDIS_URL", "http://x", "REDIS_URL must be"),
    ("REDIS_URL", "redis://localhost:poort/0", "REDIS_URL is no address: Port could not be"),
    ("PUBLIC_URL", "ftp://x", "PUBLIC_URL must be http:// or https://"),
    ("PUBLIC_URL", "http://", "PUBLIC_URL must be http:// or https://"),
    ("PUBLIC_URL", "https://x.example/pad", "PUBLIC_URL must be http:// or https://"),
    ("PUBLIC_URL", "http://x:poort", "PUBLIC_URL is no address: Port could not be"),
    ("PUBLIC_URL", "http://[::1", "PUBLIC_URL is no address: Invalid IPv6"),
    ("SELF_URL", "127.0.0.1:8000", "SELF_URL must be http:// or https://"),
    ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must hold names"),
    ("ALLOWED_HOSTS", "buurtboom.example, *", "ALLOWED_HOSTS must hold names"),
    ("ALLOWED_HOSTS", "https://buurtboom.example", "ALLOWED_HOSTS must hold names"),
    ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must hold names"),
    ("PRACTICE_HOURS", "0", "PRACTICE_HOURS must be a whole number from 1"),
    ("EMAIL_URL", "http://mail.example", "EMAIL_URL must be smtp://"),
    ("EMAIL_URL", "smtp://mail.example:poort", "EMAIL_URL is no address: Port could not be"),
    ("EMAIL_URL", "smtp://mail.example", "EMAIL_FROM must be an address"),
    ("SECRET_KEY", "kort", "SECRET_KEY is too short"),
    ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of"),
    ("TIME_ZONE", "Mars/Base", "TIME_ZONE must be a time zone"),
    ("TIME_ZONE", "../etc", "TIME_ZONE must be a time zone"),
    ("TIME_ZONE", "", "TIME_ZONE must be a time zone"),
    ("BUURTBOOM_DATA", "", "BUURTBOOM_DATA must be a folder"),
    ("STATIC_ROOT", " ", "STATIC_ROOT must be a folder"),
)

READ_SETTINGS = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
import facilitation.settings
for_good, said = dict(os.environ), []
for name, value in json.load(sys.stdin):
    os.environ[name] = value
    try:
        importlib.reload(facilitation.settings)
        said.append("")
    except ImproperlyConfigured as error:
        said.append(str(error))
    os.environ.pop(name)
    os.environ.update(for_good)
print(json.dumps(said))
"""


def environment(data: Path, **more: str) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**keep, "BUURTBOOM_DATA": str(data), **more}


def manage(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        env=environment(data), capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip


def start_in_vain(data: Path, port: int) -> str:
    """The words of a start that cannot succeed."""
    done = manage("start", "--port", str(port), data=data)
    assert done.returncode == 1
    return done.stderr.strip()


class Started:
    """`manage.py start` on a fresh folder, or on one `like` that of a first start, and a browser that is not one."""

    def __init__(self, folder: Path, *options: str, like: Path | None = None) -> None:
        self.first_words = ""  # those of the first start, with the password
        if like:
            shutil.copytree(like / "data", folder / "data")
            self.first_words = (like / "start.log").read_text(encoding="utf-8")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        command = [sys.executable, str(ROOT / "manage.py"), "start", "--port", str(self.port), *options]
        self.process = Process(command, folder / "start.log", environment(folder / "data"))
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))
        wait_until(self.is_up, "an answer")

    def is_up(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return json.load(answer) == {"status": "ok"}
        except OSError:
            return False

    @property
    def words(self) -> str:
        return (self.folder / "start.log").read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        with self.browser.open(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, page: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.browser.open(self.url + path, body, timeout=10) as answer:
            return answer.read().decode()

    def log_in(self, words: str = "") -> str:
        words = words or self.first_words or self.words
        password = re.search(r"Wachtwoord:\s+(\S+)", words)[1]
        return self.post("/inloggen", self.get("/inloggen"), username="begeleider", password=password)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A first start for tests that neither stop it nor change its account."""
    begun = Started(tmp_path_factory.mktemp("running"))
    yield begun
    begun.process.stop()


class Lived(NamedTuple):
    """What was seen when Buurtboom was started again, and again."""

    folder: Path
    in_vain: tuple[str, ...]  # what a start says beside the one that runs: on another port, and on the same
    password: str  # what `new_password` says meanwhile
    logins: tuple[bool, ...]  # with the old password before that, with it after that, with the new one
    titles: list[str]  # in a copy of the file, after the end
    second: str  # the words of the next start
    overview: str  # and its first page
    third: str  # the words of a start after that one was killed


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, first: Path) -> Lived:
    folder = tmp_path_factory.mktemp("lived")
    data = folder / "data"

    def is_in(page: str) -> bool:
        return "Jouw bijeenkomsten" in page

    def start(**options: Path) -> Started:
        (folder / "start.log").unlink(missing_ok=True)
        begun.append(Started(folder, **options))
        return begun[-1]

    begun: list[Started] = []
    try:
        started = start(like=first)
        logins = [is_in(started.log_in())]
        page = started.get("/bijeenkomsten")
        started.post("/bijeenkomsten", page, title="Blijft", buurt="Vogelbuurt", phase="richtfase")
        in_vain = tuple(start_in_vain(data, port) for port in (free_port(), started.port))
        password = manage("new_password", data=data).stdout
        logins += [is_in(started.log_in()), is_in(started.log_in(password))]
        started.process.stop()
        with closing(sqlite3.connect(copy_file(data))) as connection:
            titles = [title for (title,) in connection.execute("SELECT title FROM live_sessions_groupsession")]
        again = start()
        second, overview = again.words, again.log_in(password)
        again.process.kill()
        return Lived(folder, in_vain, password, tuple(logins), titles, second, overview, start().words)
    finally:
        for one in begun:
            one.process.stop()


def test_the_second_start_keeps_everything_and_shows_no_password_again(lived: Lived) -> None:
    assert "Wachtwoord:" not in lived.second
    assert "Blijft" in lived.overview


def test_after_the_end_nothing_is_left_outside_the_file(lived: Lived) -> None:
    assert lived.titles == ["Blijft"]


def test_a_second_start_on_the_same_folder_is_one_clear_line(lived: Lived) -> None:
    line = (
        f"CommandError: Buurtboom draait al met de map {lived.folder}/data. "
        "Ga daarmee verder, of stop die eerst met Ctrl+C."
    )
    assert lived.in_vain == (line, line)
    assert "Buurtboom staat klaar." in lived.third  # a lock of somebody who was killed is none


def test_a_lost_password_is_replaced_by_make_password_while_buurtboom_runs(lived: Lived) -> None:
    assert "Naam:        begeleider" in lived.password
    assert lived.logins == (True, False, True)


def test_without_an_account_or_with_a_wrong_name_make_password_says_so(tmp_path: Path, db: None) -> None:
    nobody = "Er is nog geen begeleider. Start eerst met: make run"
    assert manage("new_password", data=tmp_path).stderr == f"CommandError: {nobody}\n"
    with pytest.raises(CommandError, match=f"^{nobody}$"):
        call_command("new_password")
    with pytest.raises(CommandError, match=r"^Er is geen begeleider met de naam Niemand\.$"):
        call_command("new_password", "--name", "Niemand")


def test_a_newcomer_gets_an_address_an_account_and_a_first_session(running: Started) -> None:
    assert f"Op deze computer:             http://localhost:{running.port}" in running.words
    assert "Jouw bijeenkomsten" in running.log_in()
    page = running.get("/bijeenkomsten")
    console = running.post("/bijeenkomsten", page, title="Mijn eerste", buurt="Vogelbuurt", phase="startfase")
    assert "Laat iedereen binnen" in console
    assert "Begin met vraag 1" in console


def count_accounts(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM auth_user").fetchone()[0]


def copy_file(data: Path) -> Path:
    """What somebody has who copies the file of the database alone."""
    return Path(shutil.copy(data / "buurtboom.sqlite3", data / "kopie.sqlite3"))


def test_a_copy_of_the_file_holds_everything_from_the_first_start_on(running: Started) -> None:
    assert count_accounts(copy_file(running.folder / "data")) == 1


def test_nobody_else_on_this_computer_can_read_what_is_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with closing(sqlite3.connect(data / "buurtboom.sqlite3")) as before:
        before.execute("PRAGMA journal_mode=WAL")
        (data / "buurtboom.sqlite3").chmod(0o644)
        (data / "secret_key").write_text("")  # of a first start in vain: it is made anew
        (data / "secret_key").chmod(0o644)
        before.execute("CREATE TABLE of_before (words)")
        begun = Started(tmp_path)
        try:
            assert "Jouw bijeenkomsten" in begun.log_in(begun.words)
            files = {file.name: oct(file.stat().st_mode & 0o777) for file in data.iterdir() if file.is_file()}
        finally:
            begun.process.stop()
    names = ("buurtboom.sqlite3", "buurtboom.sqlite3-shm", "buurtboom.sqlite3-wal", "lock", "secret_key")
    assert files == dict.fromkeys(names, "0o600")


def test_a_new_data_folder_is_closed_to_others(running: Started) -> None:
    assert oct((running.folder / "data").stat().st_mode & 0o777) == "0o700"


def test_the_qr_on_the_beamer_never_says_localhost(running: Started) -> None:
    running.log_in()
    page = running.get("/bijeenkomsten")
    console = running.post("/bijeenkomsten", page, title="QR", buurt="Vogelbuurt", phase="startfase")
    code = re.search(r"/b/([A-Z0-9]{6})/beamer", console)[1]
    beamer = running.get(f"/b/{code}/beamer")
    assert "localhost" not in beamer
    assert "127.0.0.1" not in beamer


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert start_in_vain(tmp_path, port) == (
            f"CommandError: Poort {port} is bezet. Kies een andere: make run PORT={port + 1}"
        )


def test_a_place_where_we_cannot_write_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = (
        rf"^In {tmp_path}/file/data kunnen we niet schrijven \(Not a directory\)\. "
        r"Kies een andere map met BUURTBOOM_DATA=… of maak ruimte\.$"
    )
    with pytest.raises(CommandError, match=line):
        prepare_folder(tmp_path / "file" / "data", None)


@pytest.mark.parametrize(
    ("port", "line"),
    [
        ("70000", "Poort 70000 bestaat niet. Kies er een tussen 1024 en 65535."),
        ("achtduizend", "Poort achtduizend is geen getal. Kies er een tussen 1024 en 65535: make run PORT=8000"),
    ],
)
def test_a_port_that_does_not_exist_is_one_clear_line(port: str, line: str) -> None:
    with pytest.raises(CommandError, match=f"^{re.escape(line)}$"):
        call_command("start", "--port", port)


@pytest.mark.slow
def test_the_demo_is_a_living_room_within_a_minute(tmp_path: Path) -> None:
    demo = Started(tmp_path, "--demo")
    try:
        demo.log_in(demo.words)
        code = re.search(r"/b/([A-Z0-9]{6})/console", demo.words)[1]

        def console() -> str:
            return " ".join(demo.get(f"/b/{code}/console").split())

        def press(command: str) -> None:
            page = demo.get(f"/b/{code}/console")
            version = re.search(r'name="version" value="(\d+)"', page)[1]
            demo.post(f"/b/{code}/opdracht", page, command=command, version=version)

        wait_until(lambda: '<p class="turnout-big">24</p>' in console(), "24 pretend phones in the room", seconds=40)
        assert "Oefening" in console()
        press("start")
        press("open")
        wait_until(lambda: '<p class="turnout-big">24 <small>van 24</small></p>' in console(), "24 votes", seconds=60)
        assert list_processes(demo.process.pid) == [demo.process.pid]  # no child that nobody would reap
    finally:
        demo.process.stop()


def test_pretend_phones_are_kept_out_of_a_real_session(session: GroupSession) -> None:
    with pytest.raises(CommandError, match="alleen in een oefening"):
        call_command("simulate", session.code)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"phase": "winterfase"}, "Die fase kennen we niet"),
        ({"title": "a" * 121}, "Dat is te lang"),
        ({"facilitator": "niemand"}, "Die begeleider is er niet"),
        ({"team": "niemand"}, "Dat team is er niet"),
    ],
)
def test_open_session_says_what_is_wrong_in_one_line(
    team: Team, edition: Edition, options: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("open_session", **{"title": "Hier", "buurt": "Vogelbuurt", "phase": "startfase", **options})


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of each wrong setting, all read in one process; empty where a value is taken."""
    folder = tmp_path_factory.mktemp("settings")
    done = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS], input=json.dumps([wrong[:2] for wrong in WRONG]),
        env=App(folder, folder / "static").env, capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.parametrize("place", range(len(WRONG)), ids=[f"{name}={value}" for name, value, _ in WRONG])
def test_a_wrong_setting_is_found_when_settings_are_read(refusals: list[str], place: int) -> None:
    assert refusals[place].startswith(WRONG[place][2])


def test_a_wrong_setting_stops_the_start_with_one_clear_line(tmp_path: Path) -> None:
    app = App(tmp_path, tmp_path / "static", TIME_ZONE="Mars/Base")
    with pytest.raises(RuntimeError, match=r"manage.py check:\nTIME_ZONE must be a time zone[^\n]*\n$"):
        app.manage("check")


def test_a_server_without_manage_py_says_a_wrong_setting_in_one_line_too(tmp_path: Path) -> None:
    app = App(tmp_path, tmp_path / "static", LOG_LEVEL="LOUD")
    done = subprocess.run(
        serve_command(app.port), env=app.env, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert (done.returncode, done.stderr) == (
        1, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'.\n"
    )  # fmt: skip
