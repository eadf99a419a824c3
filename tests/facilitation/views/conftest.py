"""What pages are tried with."""

import pytest

from sessions.models import GroupSession
from tests.facilitation.views.test_console import Desk


@pytest.fixture
def begun(session: GroupSession, alice) -> Desk:
    """A facilitator's device in a meeting that stands at its first question."""
    desk = Desk(alice, session.code)
    desk.press("start")
    return desk
