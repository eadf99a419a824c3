"""Real servers for tests: daphne, PostgreSQL and Redis on free ports. Started here, and killed here."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from facilitation.serving import serve_command

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "a-key-for-tests-only-" + "x" * 32


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(check: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
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

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env)

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

    def manage(self, *arguments: str) -> str:
        """Run a management command with the same settings and return what it prints."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.env, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stderr}")
        return done.stdout

    def prepare(self) -> None:
        self.manage("migrate", "--verbosity", "0")
        self.manage("publish_content")

    def start(self) -> None:
        os.chdir(ROOT)
        self.process = Process(serve_command(self.port, interface="127.0.0.1"), self.folder / "daphne.log", self.env)
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
        return self.manage("make_facilitator", name, *more).split("password: ")[1].strip()


@contextmanager
def serve_app(folder: Path, static_root: Path, **settings: str) -> Iterator[App]:
    app = App(folder, static_root, **settings)
    app.prepare()
    app.start()
    try:
        yield app
    finally:
        app.stop()


@contextmanager
def serve_redis(folder: Path) -> Iterator[str]:
    """A Redis of our own. Gives its address."""
    port = free_port()
    program = find_program("redis-server", package="redis-server")
    process = Process([program, "--port", str(port), "--save", "", "--dir", str(folder)], folder / "redis.log")
    try:
        wait_until(lambda: is_listening(port), "Redis listening")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.stop()


@contextmanager
def serve_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster of our own. Gives the address of an empty database."""
    initdb = find_program("initdb", package="postgresql")
    program = find_program("postgres", package="postgresql")
    data, port = folder / "cluster", free_port()
    data.mkdir(parents=True)
    become: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        for place in (folder, *folder.parents):
            if place != Path("/") and place.stat().st_uid == 0:
                place.chmod(place.stat().st_mode | 0o011)
        shutil.chown(data, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    options = ["-D", str(data), "-U", "buurtboom", "--auth=trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
    subprocess.run([*become, initdb, *options], check=True, capture_output=True)
    command = [*become, program, "-D", str(data), "-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1",
               "-c", "max_connections=200"]  # fmt: skip
    process = Process(command, folder / "postgres.log")
    try:
        wait_until(lambda: is_listening(port), "PostgreSQL listening")
        createdb = find_program("createdb", package="postgresql")
        address = ["-h", "127.0.0.1", "-p", str(port), "-U", "buurtboom"]
        wait_until(
            lambda: subprocess.run([createdb, *address, "buurtboom"], capture_output=True, check=False).returncode == 0,
            "a database",
        )
        yield f"postgresql://buurtboom@127.0.0.1:{port}/buurtboom"
    finally:
        process.stop()
