"""The screen of a plan over its socket: who is let in, and what two devices hear of each other."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async as in_thread

from facilitation.live import screens
from facilitation.live.switchboard import switchboard
from sessions.models import PlanHand, PlanLine
from sessions.writing.plan import add_plan_line, note_plan_hand
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, let_go_of_the_database, open_socket
from tests.plans import fill_line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _let_go(transactional_db: None) -> AsyncIterator[None]:
    yield
    await let_go_of_the_database()


@in_thread
def log_in(user: Any) -> CarefulClient:
    client = CarefulClient()
    client.force_login(user)
    return client


@pytest.fixture
def line(session) -> PlanLine:
    return add_plan_line(session.trajectory_id, "actie", {"text-0": "meten"}, actor=LEADER)


def path(line: PlanLine) -> str:
    return f"/ws/t/{line.trajectory_id}/plan"


async def test_who_opens_a_plan_gets_it_whole(line, alice):
    async with open_socket(path(line), await log_in(alice)) as screen:
        frame = await screen.frame()
    assert (frame["scene"], frame["revision"]) == ("plan", 1)
    assert "meten</textarea>" in frame["html"]
    assert "csrfmiddlewaretoken" not in frame["html"]


async def turned_away(where: str, client: Any) -> tuple[str, int]:
    async with open_socket(where, client) as socket:
        closed = await socket.close_code()
    assert switchboard.rooms == {}
    return socket.heard[0]["code"], closed


async def test_a_stranger_another_team_and_a_phone_are_turned_away(line, session, bob):
    phone = await in_thread(Phone)(session.code, "inwoner")
    assert await turned_away(path(line), CarefulClient()) == ("logged-out", 4401)
    assert await turned_away(path(line), phone.client) == ("logged-out", 4401)
    assert await turned_away(path(line), await log_in(bob)) == ("unknown-plan", 4404)
    assert await turned_away(f"/ws/t/{line.trajectory_id + 1}/plan", await log_in(bob)) == ("unknown-plan", 4404)


async def test_what_one_device_keeps_reaches_the_other(line, alice):
    leader = await log_in(alice)
    async with open_socket(path(line), leader) as one, open_socket(path(line), leader) as other:
        for screen in (one, other):
            await screen.frame()
        await in_thread(fill_line)(line, "meten en tellen")
        for screen in (one, other):
            assert "meten en tellen</textarea>" in (await screen.until(type="state", revision=2))["html"]


async def test_others_see_where_somebody_writes_until_they_leave_the_line_or_go_away(line, alice):
    leader = await log_in(alice)

    async def look(screen: Any, revision: int) -> str:
        return (await screen.until(type="state", revision=revision))["html"]

    async with open_socket(path(line), leader) as one:
        await one.frame()
        async with open_socket(path(line), leader) as other:
            await other.frame()
            await other.send(type="writing", page="b7", line=line.pk)
            assert 'data-hands="b7"' in await look(one, 2)
            await other.send(type="writing", page="b7", line=None)
            assert 'data-hands="b7"' not in await look(one, 3)
            await other.send(type="writing", page="b7", line=line.pk)
            assert 'data-hands="b7"' in await look(one, 4)
        assert 'data-hands="b7"' not in await look(one, 5)
    assert await in_thread(PlanHand.objects.count)() == 0


async def test_what_a_hand_does_is_kept_in_the_order_in_which_it_came(line, alice, monkeypatch):
    """Each is written in a thread of its own, and the first one may be slow."""

    def dawdle(trajectory: int, key: int | None, page: str, *, actor: Any) -> None:
        time.sleep(0.3 if key else 0)
        note_plan_hand(trajectory, key, page, actor=actor)

    monkeypatch.setattr(screens, "note_plan_hand", dawdle)
    async with open_socket(path(line), await log_in(alice)) as screen:
        await screen.frame()
        await screen.send(type="writing", page="b7", line=line.pk)
        await screen.send(type="writing", page="b7", line=None)
        assert 'data-hands="b7"' not in (await screen.until(type="state", revision=3))["html"]


@pytest.mark.parametrize(
    "frame",
    [
        {"page": "", "line": 1},
        {"page": "B-7", "line": 1},
        {"page": "x" * 21, "line": 1},
        {"page": "b", "line": -1},
        {"page": "b", "line": 2**31},
        {"page": "b", "line": "1"},
        {"line": 1},
    ],
)
async def test_a_hand_that_cannot_be_is_refused_and_the_socket_stays_open(line, alice, frame):
    async with open_socket(path(line), await log_in(alice)) as screen:
        await screen.frame()
        await screen.send(type="writing", **frame)
        assert (await screen.until(type="refused"))["code"] == "bad-frame"
        await screen.send(type="ping")
        assert (await screen.until(type="pong"))["revision"] == 1


async def test_no_phone_and_no_console_writes_in_a_plan(line, session, alice):
    phone, leader = await in_thread(Phone)(session.code, "inwoner"), await log_in(alice)
    for where, client in ((f"/m/{session.code}/ws", phone.client), (f"/ws/b/{session.code}/console", leader)):
        async with open_socket(where, client) as screen:
            await screen.frame()
            await screen.send(type="writing", page="b7", line=line.pk)
            assert (await screen.until(type="refused"))["code"] == "bad-frame"
    assert await in_thread(PlanHand.objects.count)() == 0


async def test_who_logs_out_sees_nothing_more_of_the_plan(line, alice, team):
    leader = await log_in(alice)
    async with open_socket(path(line), leader) as screen:
        await screen.frame()
        await in_thread(team.members.remove)(alice)
        assert await screen.close_code() == 4404


async def test_a_line_of_the_plan_brings_a_phone_nothing(line, session, alice):
    phone, leader = await in_thread(Phone)(session.code, "inwoner"), await log_in(alice)
    async with open_socket(f"/m/{session.code}/ws", phone.client) as small, open_socket(path(line), leader) as plan:
        await small.frame()
        await plan.frame()
        await in_thread(fill_line)(line, "meten en tellen")
        await plan.until(type="state", revision=2)
        assert await small.is_silent(0.3)
