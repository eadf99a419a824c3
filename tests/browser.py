"""What a test with a real browser needs: the browser, and the static files its pages link to."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.servers import App, Prepared, find_quick_chromium, prepare_app

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
]  # fmt: skip


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills, once for all workers of a run."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def collect(folder: Path) -> None:
        App(tmp_path_factory.mktemp("collect"), folder).manage("collectstatic", "--noinput", "--verbosity", "0")

    return make_once(tmp_path_factory, "static", collect)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, static_root: Path) -> Prepared:
    """A database with the content and an account, for all workers: made once, and copied."""
    return Prepared(make_once(tmp_path_factory, "prepared", lambda folder: prepare_app(folder, static_root)))


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_quick_chromium(), args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while it runs, Playwright keeps an event loop, and no test beside it can have its own."""
    with launch_chromium() as started:
        yield started
