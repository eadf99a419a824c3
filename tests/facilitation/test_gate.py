"""One table says which right each address and socket asks, and every writer knows who it is for."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from content.graph import Place
from facilitation import access
from facilitation.access import RIGHTS, Right
from facilitation.live.routing import websocket_urlpatterns
from facilitation.urls import urlpatterns
from sessions import writing
from sessions.models import GroupSession, PlanLink, Reminder, Team
from sessions.rules.actors import STRANGER, SYSTEM, Actor, need_leader
from sessions.rules.commands import Start
from sessions.rules.plan import NextTime
from sessions.rules.refusals import Refused
from sessions.rules.state import Asking, Choice
from sessions.writing.evaluation import drop_evidence, keep_measurement, keep_tale
from sessions.writing.hands import Count, count_hands
from sessions.writing.importing import import_plan
from sessions.writing.links import share_plan, withdraw_link
from sessions.writing.meetings import delete_session, open_session, rename_session, restore_session, set_wifi
from sessions.writing.plan import (
    add_plan_line,
    adopt_proposals,
    drop_proposals,
    fold_plan_line,
    forget_plan_steps,
    lock_plan,
    move_plan_line,
    note_plan_hand,
    pick_plan_text,
    set_next_time,
    settle_step,
    strike_plan_line,
    undo_plan_change,
    unsettle_step,
    write_plan_line,
)
from sessions.writing.proposals import settle_proposal
from sessions.writing.seats import send_away_last
from sessions.writing.trajectories import merge_trajectories, part_trajectories
from sessions.writing.walk import run_command
from tests.plans import make_line

pytestmark = pytest.mark.django_db

TEAM = (Right.READ, Right.LEAD, Right.MANAGE)
LOGIN = "/inloggen"


def names_with(*rights: Right) -> list[str]:
    return [name for name, right in RIGHTS.items() if right in rights and not name.endswith("-socket")]


@pytest.fixture
def address(session: GroupSession, library: Any) -> Callable[[str], str]:
    """The address of this name, of our meeting or of something in the library."""
    line = make_line(session, kind="actie", prompt="")
    parts = {
        "code": session.code,
        "trajectory": session.trajectory_id,
        "line": line.pk,
        "link": 1,
        "kind": "md",
        "token": PlanLink.objects.create(trajectory=session.trajectory).token,
        "secret": Reminder.objects.create(trajectory=session.trajectory, email="fatma@buurt.example").secret,
        "slug": library.elements[0].slug,
        "phase": "startfase",
        "node": library.start("startfase").node,
        "answer": library.node(library.start("startfase")).answers[0].slug,
    }

    def find(name: str) -> str:
        (pattern,) = (pattern for pattern in urlpatterns if pattern.name == name)
        wanted = pattern.pattern.converters
        slug = library.interventions[0].slug if name == "intervention" else parts["slug"]
        return reverse(name, kwargs={part: {**parts, "slug": slug}[part] for part in wanted})

    return find


def visit(client: Client, path: str) -> Any:
    """Come as somebody who reads, or where that leads elsewhere as somebody who sends the form."""
    answer = client.get(path)
    leads_away = answer.status_code == 302 and not answer["Location"].startswith(LOGIN)
    if not leads_away and answer.status_code != 405:
        return answer
    sent = client.post(path)
    return answer if leads_away and sent.status_code == 405 else sent


def test_each_address_and_socket_has_a_row_and_there_is_no_row_without_one():
    assert all(isinstance(pattern, URLPattern) for pattern in (*urlpatterns, *websocket_urlpatterns))
    assert {pattern.name for pattern in (*urlpatterns, *websocket_urlpatterns)} == set(RIGHTS)


@pytest.mark.parametrize("name", names_with(*TEAM))
def test_what_is_of_a_team_sends_a_stranger_to_log_in_and_is_not_there_for_another_team(
    client, client_of, bob, address, name
):
    stranger = visit(client, address(name))
    assert (stranger.status_code, stranger.get("Location", "").partition("?")[0]) == (302, LOGIN)
    assert visit(client_of(bob), address(name)).status_code == 404


@pytest.mark.parametrize("name", names_with(*TEAM))
def test_what_is_of_a_team_is_there_for_its_members(client_of, alice, address, name):
    answer = visit(client_of(alice), address(name))
    assert answer.status_code in (200, 302, 409, 422)
    assert not answer.get("Location", "").startswith(LOGIN)


@pytest.mark.parametrize("name", names_with(Right.ACCOUNT))
def test_what_asks_an_account_sends_a_stranger_to_log_in(client, address, name):
    assert client.get(address(name))["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", names_with(Right.OPEN))
def test_what_is_open_asks_nothing(client, address, name):
    answer = visit(client, address(name))
    assert answer.status_code in (200, 302, 422, 503)
    assert not answer.get("Location", "").startswith(LOGIN)


@pytest.mark.parametrize("name", names_with(Right.CODE))
def test_what_asks_a_code_is_there_for_who_knows_it(client, address, session, name):
    assert client.get(address(name), follow=True).status_code == 200
    assert client.get(address(name).replace(session.code, "BBBBBB")).status_code == 404


@pytest.mark.parametrize("name", names_with(Right.SEAT))
def test_what_asks_a_seat_does_nothing_without_one(client, address, session, name):
    session.participants.create(role="inwoner")
    answer = client.get(address(name), HTTP_ACCEPT="application/json")
    if answer.status_code != 403:
        answer = client.post(address(name), {"round": 1, "answer": "wens"})
    assert answer.status_code in (200, 302, 403)
    assert session.participants.count() == 1


def test_a_team_that_only_gives_reading_gives_nothing_more(monkeypatch, client_of, alice, address):
    """As a role in a team will."""
    monkeypatch.setattr(access, "TEAM_RIGHTS", frozenset({Right.READ}))
    reader = client_of(alice)
    assert {visit(reader, address(name)).status_code for name in names_with(Right.READ)} == {200}
    assert {visit(reader, address(name)).status_code for name in names_with(Right.LEAD, Right.MANAGE)} == {404}


# ---- Writers ----

# Writers without an actor, and whose they are.
NO_ACTOR = {
    "cast_vote": "of the participant in the ballot",
    "cast_votes": "of the participants in the ballots",
    "keep_proposals": "of the participants in the lines",
    "take_proposal_back": "of the participant",
    "keep_offers": "of the participants in the offers",
    "take_offers_back": "of the phone with the secret",
    "forget_old_names": "goes by itself",
    "ask_reminder": "of who has the link",
    "forget_reminder": "of who has the link",
    "confirm_reminder": "of the address with the secret",
    "stop_reminder": "of the address with the secret",
    "claim_mail": "goes by itself",
    "release_mail": "goes by itself",
    "delete_old_reminders": "goes by itself",
    "take_seat": "of the seat",
    "take_seats": "of the seats",
    "give_up_seat": "of the participant",
    "mark_seen": "of the participants",
    "remove_seats": "within another writer",
    "draft_plan_lines": "within a command",
    "leave_plan_lines": "within a deletion",
    "raise_revision": "within another writer",
    "forget_in_links": "within another writer",
    "write_hands": "within another writer",
    "replace_hands": "within another writer",
    "save_state": "within another writer",
    "keep_result": "within a command",
    "delete_whole": "within what goes by itself",
    "purge_deleted": "goes by itself",
    "delete_old_practice": "goes by itself",
    "delete_old_seats": "goes by itself",
    "unlink_old_votes": "goes by itself",
}


def plan() -> int:
    """The key of the only trajectory."""
    return GroupSession.objects.get().trajectory_id


ASKED = Asking(1, Place("startfase", ""), kind="support", subject="actie", decision=Choice("p1", "talk", ""))
REFUSED: dict[str, Callable[[str, int, Actor], object]] = {
    "run_command": lambda code, line, actor: run_command(code, Start(), seen=0, actor=actor),
    "count_hands": lambda code, line, actor: count_hands(code, Count(1, {}), actor=actor),
    "send_away_last": lambda code, line, actor: send_away_last(code, 1, seen=0, actor=actor),
    "open_session": lambda code, line, actor: open_session(
        team=GroupSession.objects.get().trajectory.team,
        facilitator=None,
        title="x",
        buurt="y",
        phase="startfase",
        actor=actor,
    ),
    "rename_session": lambda code, line, actor: rename_session(code, "Anders", actor=actor),
    "set_wifi": lambda code, line, actor: set_wifi(code, "hal", "", actor=actor),
    "delete_session": lambda code, line, actor: delete_session(code, actor=actor),
    "restore_session": lambda code, line, actor: restore_session(code, actor=actor),
    "add_plan_line": lambda code, line, actor: add_plan_line(plan(), "actie", {}, actor=actor),
    "write_plan_line": lambda code, line, actor: write_plan_line(plan(), line, {"text-0": "weg"}, was={}, actor=actor),
    "pick_plan_text": lambda code, line, actor: pick_plan_text(plan(), line, 1, take=True, actor=actor),
    "move_plan_line": lambda code, line, actor: move_plan_line(plan(), line, before=None, actor=actor),
    "fold_plan_line": lambda code, line, actor: fold_plan_line(plan(), line, is_earlier=True, actor=actor),
    "set_next_time": lambda code, line, actor: set_next_time(plan(), {"place": "weg"}, was={}, actor=actor),
    "note_plan_hand": lambda code, line, actor: note_plan_hand(plan(), line, "a", actor=actor),
    "merge_trajectories": lambda code, line, actor: merge_trajectories(plan(), plan(), actor=actor),
    "part_trajectories": lambda code, line, actor: part_trajectories(plan(), actor=actor),
    "lock_plan": lambda code, line, actor: lock_plan(plan(), actor),
    "forget_plan_steps": lambda code, line, actor: forget_plan_steps(plan(), line, seen="", actor=actor),
    "undo_plan_change": lambda code, line, actor: undo_plan_change(plan(), line, seen="", actor=actor),
    "strike_plan_line": lambda code, line, actor: strike_plan_line(plan(), line, struck=True, actor=actor),
    "keep_measurement": lambda code, line, actor: keep_measurement(
        plan(), line, Decimal(1), unit="", day=date(2026, 1, 2), actor=actor
    ),
    "keep_tale": lambda code, line, actor: keep_tale(plan(), line, "x", actor=actor),
    "drop_evidence": lambda code, line, actor: drop_evidence(plan(), line, 1, actor=actor),
    "share_plan": lambda code, line, actor: share_plan(plan(), with_names=False, frozen=None, actor=actor),
    "withdraw_link": lambda code, line, actor: withdraw_link(plan(), 1, actor=actor),
    "import_plan": lambda code, line, actor: import_plan(Team.objects.get(), "x", (), NextTime(), actor=actor),
    "settle_step": lambda code, line, actor: settle_step(plan(), line, {"state": "done"}, actor=actor),
    "settle_proposal": lambda code, line, actor: settle_proposal(code, 1, "shown", actor=actor),
    "adopt_proposals": lambda code, line, actor: adopt_proposals(GroupSession.objects.get(), ASKED, actor=actor),
    "drop_proposals": lambda code, line, actor: drop_proposals(GroupSession.objects.get(), ASKED, actor=actor),
    "unsettle_step": lambda code, line, actor: unsettle_step(
        plan(), line, ["state"], since=timezone.now(), actor=actor
    ),
}


def list_writers() -> dict[str, Any]:
    """The functions that write, of each module but for the one that only opens transactions."""
    modules = [
        importlib.import_module(f"sessions.writing.{info.name}") for info in pkgutil.iter_modules(writing.__path__)
    ]
    return {
        name: function
        for module in modules
        if not module.__name__.endswith("transactions")
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_writer_takes_its_actor_or_says_whose_it_is():
    taking = {name for name, function in list_writers().items() if "actor" in inspect.signature(function).parameters}
    assert taking == set(REFUSED)
    assert set(list_writers()) - taking == set(NO_ACTOR)


@pytest.mark.parametrize("actor", [STRANGER, Actor("participant", key=1)])
@pytest.mark.parametrize("name", list(REFUSED))
def test_a_writer_of_facilitators_does_nothing_for_anybody_else(session, name, actor):
    line = make_line(session, kind="actie", prompt="")
    before = list(GroupSession.objects.values())
    with pytest.raises(Refused, match="unknown-session"):
        REFUSED[name](session.code, line.pk, actor)
    assert list(GroupSession.objects.values()) == before
    assert list(session.plan_lines.values_list("texts", "struck")) == [([], False)]


def test_a_member_and_the_system_lead(alice):
    need_leader(SYSTEM)
    need_leader(access.identify(alice))
    assert access.identify(alice) == Actor("member", alice.pk, "alice")
