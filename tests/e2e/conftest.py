"""A real browser against a real server. Nothing here touches Django: the room is played from the outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.room import Room
from tests.servers import App, find_chromium, serve_app

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
]  # fmt: skip


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    App(tmp_path_factory.mktemp("collect"), folder).manage("collectstatic", "--noinput", "--verbosity", "0")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, static_root: Path) -> Iterator[App]:
    with serve_app(tmp_path_factory.mktemp("app"), static_root) as served:
        yield served


@pytest.fixture
def room(app: App, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Room]:
    """A hall with a facilitator; phones and a beamer come when a test asks for them."""
    opened = Room(app, browser)
    yield opened
    opened.close()
    assert opened.faults == [], "pages reported faults"
