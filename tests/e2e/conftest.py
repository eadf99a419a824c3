"""A real browser against a real server. Nothing here touches Django: the room is played from the outside."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import CHROMIUM_OPTIONS, launch_chromium, prepared  # noqa: F401  fixture
from tests.e2e.room import Facilitator, Room
from tests.servers import App, Prepared, find_chromium

BUURTEN = itertools.count(1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all that a worker plays."""
    with launch_chromium() as started:
        yield started


@pytest.fixture(scope="session")
def whole_browser(browser: Browser) -> Iterator[Browser]:
    """As people have it. The quick one keeps no screen on, and fetches no icon for a tab that nobody sees."""
    started = browser.browser_type.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, static_root: Path, prepared: Prepared) -> Iterator[App]:
    """One server for all that a worker plays. Who kills it starts it again."""
    served = App(tmp_path_factory.mktemp("app"), static_root)
    prepared.copy_to(served)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def room(app: App, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Room]:
    """A hall with a facilitator; phones and a beamer come when a test asks for them.

    Buttons that just changed hear everything here, except in a test with the mark `rests`.
    """
    has_mark = {mark.name for mark in request.node.iter_markers()}
    shown_by = request.getfixturevalue("whole_browser") if "whole" in has_mark else browser
    opened = Room(app, shown_by, rests="rests" in has_mark)
    yield opened
    opened.close()
    assert opened.faults == [], "pages reported faults"


@pytest.fixture
def lead(room: Room, request: pytest.FixtureRequest) -> Facilitator:
    return room.leader(looks="code" not in request.fixturenames)


@pytest.fixture
def code(lead: Facilitator) -> str:
    """Of a session that the facilitator just made, in a buurt of its own: tests share a server, and no plan."""
    return lead.order_session("Veilig oversteken", f"Vogelbuurt {next(BUURTEN)}", "startfase")
