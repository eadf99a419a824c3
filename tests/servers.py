"""Real servers for tests: daphne, PostgreSQL and Redis on free ports. Started here, and killed here."""

import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from facilitation.server.serving import serve_command
from tests.load.measure import list_processes

ROOT = Path(__file__).resolve().parent.parent
FILES_GIVEN = resource.getrlimit(resource.RLIMIT_NOFILE)  # what this process was given, before anything raised it
ACCOUNT = "begeleider"
SECRET_KEY = "a-key-for-tests-only-" + "x" * 32
MANAGE_ALL = """
import sys
from django.core.management import execute_from_command_line
for command in sys.argv[1:]:
    execute_from_command_line(["manage.py", *command.split()])
"""


class MissingComponent(Exception):  # noqa: N818
    """A program that the tests need is not there. The message says how to get it."""


def find_program(*names: str, package: str) -> str:
    """The path of the first of these programs that is here. Raises MissingComponent."""
    folders = [os.environ.get("PATH", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    for name in names:
        # Debian keeps PostgreSQL's own programs out of the way; they come first, before any wrapper.
        if found := shutil.which(name, path=os.pathsep.join(reversed(folders))):
            return found
    raise MissingComponent(f"{names[0]} is missing. Get it with: sudo apt-get install {package}")


def find_chromium() -> str:
    return find_program("chromium", "chromium-browser", "google-chrome", package="chromium")


def find_quick_chromium() -> str:
    """A Chromium without windows, where there is one: it shows the same pages with less work."""
    return shutil.which("chromium-headless-shell") or find_chromium()


def free_port() -> int:
    """A port below those that clients get: one that keeps knocking could be given the port of a server that is down."""
    while True:
        port = random.randint(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(check: Callable[[], bool], what: str, *, seconds: float = 120) -> None:
    """Return when `check` holds. Raises TimeoutError naming what did not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not happen within {seconds} s")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program that runs until we stop it. Its words go to a log that failures show."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        env: dict[str, str] | None = None,
        *,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env, preexec_fn=prepare
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        if self.is_alive:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class App:
    """Buurtboom served by daphne, with settings of its own."""

    def __init__(self, folder: Path, static_root: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = {
            **clean,
            "SECRET_KEY": SECRET_KEY,
            "BUURTBOOM_DATA": str(folder),
            "STATIC_ROOT": str(static_root),
            "PUBLIC_URL": self.url,
            "SELF_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            **settings,
        }
        self.process: Process | None = None
        self.passwords: dict[str, str] = {}
        self.logins: dict[str, Any] = {}  # account -> what a browser keeps of its login

    def manage(self, *arguments: str) -> str:
        """Run a management command with the same settings and return what it prints."""
        return self._run([str(ROOT / "manage.py"), *arguments], f"manage.py {' '.join(arguments)}")

    def manage_all(self, *commands: str) -> str:
        """The same for several, in one process: most of the time of a command is the start of Python and Django."""
        return self.run_python(MANAGE_ALL, *commands)

    def run_python(self, code: str, *arguments: str) -> str:
        """Run a piece of Python with the same settings, and return what it prints."""
        settings = {"DJANGO_SETTINGS_MODULE": "facilitation.settings", "PYTHONPATH": str(ROOT)}
        return self._run(["-c", code, *arguments], f"python, {', '.join(arguments)}", **settings)

    def _run(self, words: list[str], name: str, **settings: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env={**self.env, **settings}, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{name}:\n{done.stderr}")
        return done.stdout

    def prepare(self, *more: str) -> str:
        """Make the database with the content in it, and run what else is to be done. Returns what that printed."""
        return self.manage_all("migrate --verbosity 0", "publish_content", *more)

    def start(self) -> None:
        os.chdir(ROOT)
        command = serve_command(self.port, interface="127.0.0.1")
        # The load raises its own limit of open files. A server that needs more has to ask for it itself.
        files = partial(resource.setrlimit, resource.RLIMIT_NOFILE, FILES_GIVEN)
        self.process = Process(command, self.folder / "daphne.log", self.env, prepare=files)
        try:
            wait_until(self.is_healthy, "a healthy server")
        except TimeoutError as error:
            self.process.kill()
            raise TimeoutError(f"{error}\n{self.read_log()}") from error

    def is_healthy(self) -> bool:
        try:
            host = self.env["ALLOWED_HOSTS"].partition(",")[0]
            request = urllib.request.Request(f"{self.url}/healthz", headers={"Host": host})
            with urllib.request.urlopen(request, timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self.process:
            self.process.stop()

    def read_log(self) -> str:
        log = self.folder / "daphne.log"
        return log.read_text() if log.exists() else ""

    def open_session(self, **options: str) -> dict[str, str]:
        """Make a session by the command line: its code and addresses."""
        words = {"title": "Veilig oversteken", "buurt": "Vogelbuurt", "phase": "startfase", **options}
        arguments = [word for name, value in words.items() for word in (f"--{name}", value)]
        lines = self.manage("open_session", *arguments).splitlines()
        return dict(line.split(": ", 1) for line in lines)

    def make_facilitator(self, name: str, *more: str) -> str:
        """An account; returns its password."""
        return read_password(self.manage("make_facilitator", name, *more))


def read_password(words: str) -> str:
    """The one that `make_facilitator` printed last."""
    return words.split("password: ")[1].strip()


@contextmanager
def serve_app(folder: Path, static_root: Path, **settings: str) -> Iterator[App]:
    app = App(folder, static_root, **settings)
    app.prepare()
    app.start()
    try:
        yield app
    finally:
        app.stop()


class Prepared:
    """A folder with a database as a first start leaves it, and the password of its one account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy_to(self, app: App) -> None:
        for file in self._folder.glob("buurtboom.sqlite3*"):
            shutil.copy(file, app.folder)
        app.passwords[ACCOUNT] = (self._folder / "password").read_text()


def prepare_app(folder: Path, static_root: Path) -> None:
    """Fill a folder for `Prepared`."""
    app = App(folder, static_root)
    (folder / "password").write_text(read_password(app.prepare(f"make_facilitator {ACCOUNT}")))


class Redis:
    """A Redis of our own. It can be killed, and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: Process | None = None

    def start(self) -> None:
        program = find_program("redis-server", package="redis-server")
        command = [program, "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = Process(command, self.folder / "redis.log")
        wait_until(lambda: is_listening(self.port), "Redis listening")

    def kill(self) -> None:
        assert self.process
        self.process.kill()

    def stop(self) -> None:
        if self.process:
            self.process.stop()


class Postgres:
    """A PostgreSQL cluster of our own. It can be killed, and started again on the same port and files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.port = folder, folder / "cluster", free_port()
        self.url = f"postgresql://buurtboom@127.0.0.1:{self.port}/buurtboom"
        self.process: Process | None = None
        self._become: list[str] = []

    def prepare(self) -> None:
        """Make the files of the cluster."""
        self.data.mkdir(parents=True)
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            for place in (self.folder, *self.folder.parents):
                if place != Path("/") and place.stat().st_uid == 0:
                    place.chmod(place.stat().st_mode | 0o011)
            shutil.chown(self.data, "postgres")
            self._become = ["runuser", "-u", "postgres", "--"]
        initdb = find_program("initdb", package="postgresql")
        options = ["-U", "buurtboom", "--auth=trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        subprocess.run([*self._become, initdb, "-D", str(self.data), *options], check=True, capture_output=True)

    def start(self) -> None:
        """Start, and make the database when it is not there. After a kill this recovers what was committed."""
        self._launch()
        try:
            wait_until(self._has_database, "a database")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self._log.read_text()[-4000:]}") from error

    def kill(self) -> None:
        """Every process of it at once, and none gets to say goodbye. Only the parent would leave the others writing."""
        assert self.process
        family = list_processes(self.process.pid)
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "the end of PostgreSQL")

    def stop(self) -> None:
        if self.process:
            self.process.stop()

    @property
    def _log(self) -> Path:
        return self.folder / "postgres.log"

    def _launch(self) -> None:
        program = find_program("postgres", package="postgresql")
        command = [*self._become, program, "-D", str(self.data), "-p", str(self.port), "-k", str(self.data),
                   "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]  # fmt: skip
        self.process = Process(command, self._log)

    def _has_database(self) -> bool:
        if self.process and not self.process.is_alive:
            self._launch()  # a process that was just being born at the kill held on to the memory they share
        createdb = find_program("createdb", package="postgresql")
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "buurtboom"]
        done = subprocess.run([createdb, *address, "buurtboom"], capture_output=True, text=True, check=False)
        return done.returncode == 0 or "already exists" in done.stderr


@contextmanager
def serve_redis(folder: Path) -> Iterator[str]:
    """A Redis of our own. Gives its address."""
    redis = Redis(folder)
    redis.start()
    try:
        yield redis.url
    finally:
        redis.stop()


@contextmanager
def serve_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster of our own. Gives the address of an empty database."""
    postgres = Postgres(folder)
    postgres.prepare()
    try:
        postgres.start()
        yield postgres.url
    finally:
        postgres.stop()
