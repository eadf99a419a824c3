"""A real browser against a real server. Nothing here touches Django: the room is played from the outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import browser, make_once, static_root  # noqa: F401  fixtures
from tests.e2e.room import Facilitator, Room
from tests.servers import App, Prepared, prepare_app


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, static_root: Path) -> Prepared:
    """A database with the content and an account, for all workers: made once, and copied."""
    return Prepared(make_once(tmp_path_factory, "prepared", lambda folder: prepare_app(folder, static_root)))


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
    opened = Room(app, browser, rests=request.node.get_closest_marker("rests") is not None)
    yield opened
    opened.close()
    assert opened.faults == [], "pages reported faults"


@pytest.fixture
def lead(room: Room) -> Facilitator:
    return room.leader()


@pytest.fixture
def code(lead: Facilitator) -> str:
    """Of a session that the facilitator just made."""
    return lead.make_session("Veilig oversteken", "Vogelbuurt", "startfase")
