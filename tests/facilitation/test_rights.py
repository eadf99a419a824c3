"""Screens whose meeting or right has ended hear it once, are closed, and see nothing more."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.urls import reverse

from facilitation import rights
from facilitation.live import room
from facilitation.live.switchboard import switchboard
from sessions.models import GroupSession
from sessions.rules.commands import Open, Start
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, Socket, let_go_of_the_database, open_socket

in_thread = sync_to_async


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _let_go(transactional_db: None) -> AsyncIterator[None]:
    yield
    await let_go_of_the_database()


@sync_to_async
def log_in(user: Any) -> CarefulClient:
    client = CarefulClient()
    client.force_login(user)
    return client


def hear_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the right was taken by a command line, or by a process that could not tell."""
    monkeypatch.setattr(rights, "tell_after_commit", lambda *args: None)


async def farewell(socket: Socket) -> tuple[list[str], int]:
    closed = await asyncio.wait_for(socket.close_code(), 5)
    return [frame["code"] for frame in socket.heard if frame["type"] == "refused"], closed


@pytest.mark.parametrize("view", ["beamer", "console"])
async def test_the_last_screen_of_a_deleted_meeting_hears_it_too(session, alice, view):
    leader = await log_in(alice)
    async with open_socket(f"/ws/b/{session.code}/{view}", leader) as screen:
        await screen.frame()
        await in_thread(leader.post)(reverse("delete", args=[session.code]))
        said, code = await farewell(screen)
        assert (len(said), code) == (1, 4404)
    assert switchboard.rooms == {}


async def test_all_screens_of_a_deleted_meeting_hear_it(session, alice):
    leader = await log_in(alice)
    phone = await in_thread(Phone)(session.code, "inwoner")
    async with (
        open_socket(f"/ws/b/{session.code}/beamer", leader) as wall,
        open_socket(f"/ws/b/{session.code}/console", leader) as desk,
        open_socket(f"/m/{session.code}/ws", phone.client) as small,
    ):
        for screen in (wall, desk, small):
            await screen.frame()
        await in_thread(leader.post)(reverse("delete", args=[session.code]))
        for screen in (wall, desk, small):
            said, code = await farewell(screen)
            assert (len(said), code) == (1, 4404)


async def test_a_phone_that_asks_in_a_deleted_meeting_is_not_told_to_check_the_code(session, alice, monkeypatch):
    phone = await in_thread(Phone)(session.code, "inwoner")
    async with open_socket(f"/m/{session.code}/ws", phone.client) as small:
        await small.frame()
        await asyncio.sleep(1.3)
        await in_thread(GroupSession.objects.update)(deleted_at="2026-11-01T12:00Z")
        await small.send(type="state")
        said, code = await farewell(small)
        assert (said, code) == (["deleted"], 4404)


@in_thread
def log_out(client: CarefulClient, user: Any, team: Any) -> None:
    client.post("/uitloggen")


@in_thread
def change_password(client: CarefulClient, user: Any, team: Any) -> None:
    user.set_password("een-heel-ander-wachtwoord")
    user.save()


@in_thread
def deactivate(client: CarefulClient, user: Any, team: Any) -> None:
    user.is_active = False
    user.save()


@in_thread
def remove_account(client: CarefulClient, user: Any, team: Any) -> None:
    user.delete()


@in_thread
def leave_team(client: CarefulClient, user: Any, team: Any) -> None:
    team.members.remove(user)


@in_thread
def empty_team(client: CarefulClient, user: Any, team: Any) -> None:
    team.members.clear()


@in_thread
def leave_all_teams(client: CarefulClient, user: Any, team: Any) -> None:
    user.teams.set([])


LOSSES = {
    "logged out": log_out,
    "another password": change_password,
    "deactivated": deactivate,
    "no account any more": remove_account,
    "left the team": leave_team,
    "the team was emptied": empty_team,
    "left all teams": leave_all_teams,
}


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("screens", [1, 2])
async def test_the_screens_of_a_team_close_at_once(session, alice, team, lose, screens):
    leader = await log_in(alice)
    async with open_socket(f"/ws/b/{session.code}/beamer", leader) as wall:
        await wall.frame()
        await asyncio.sleep(0.3)
        if screens == 1:
            await lose(leader, alice, team)
            said, code = await farewell(wall)
            assert (len(said), code in (4401, 4404)) == (1, True)
        else:
            async with open_socket(f"/ws/b/{session.code}/console", leader) as desk:
                await desk.frame()
                await lose(leader, alice, team)
                for screen in (wall, desk):
                    said, code = await farewell(screen)
                    assert (len(said), code in (4401, 4404)) == (1, True)


async def test_who_logged_out_unheard_is_closed_at_the_look_and_the_look_lives_on(session, alice, team, monkeypatch):
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.1)
    hear_nothing(monkeypatch)
    leader = await log_in(alice)
    async with open_socket(f"/ws/b/{session.code}/beamer", leader) as wall:
        await wall.frame()
        await log_out(leader, alice, team)
        said, code = await farewell(wall)
        assert (len(said), code in (4401, 4404)) == (1, True)


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
async def test_who_lost_the_right_unheard_is_shown_no_new_state(session, alice, team, monkeypatch, lose):
    hear_nothing(monkeypatch)
    leader = await log_in(alice)
    async with open_socket(f"/ws/b/{session.code}/beamer", leader) as wall:
        await wall.until(type="counts")
        await in_thread(run_command)(session.code, Start(), seen=0, actor=LEADER)
        await wall.until(type="state", version=1)
        await lose(leader, alice, team)
        await in_thread(run_command)(session.code, Open(), seen=1, actor=LEADER)
        await farewell(wall)
        assert [frame["version"] for frame in wall.heard if frame["type"] == "state"] == [0, 1]
