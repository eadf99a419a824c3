"""What a test with a real browser needs: the browser, and a database to begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.once import make_once
from tests.servers import Prepared, find_quick_chromium, prepare_app

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
]  # fmt: skip


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
