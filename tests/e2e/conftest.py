"""A real browser against a real server. Nothing here touches Django: the room is played from the outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import browser, static_root  # noqa: F401  fixtures
from tests.e2e.room import Facilitator, Room
from tests.servers import App, serve_app


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


@pytest.fixture
def lead(room: Room) -> Facilitator:
    return room.leader()


@pytest.fixture
def code(lead: Facilitator) -> str:
    """Of a session that the facilitator just made."""
    return lead.make_session("Veilig oversteken", "Vogelbuurt", "startfase")
