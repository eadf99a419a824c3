"""Waar staan we on the console without a socket: each step a form, and a list of what the room was not asked about."""

import re

import pytest

from sessions.models import GroupSession, PlanLine
from tests.facilitation.screens import spaced
from tests.facilitation.views.test_console import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(session: GroupSession) -> list[PlanLine]:
    return [
        PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=[text], rank=rank)
        for rank, text in enumerate(("tellen", "borden vragen"))
    ]


@pytest.fixture
def desk(session: GroupSession, alice) -> Desk:
    return Desk(alice, session.code)


def next_step(desk: Desk) -> tuple[str, str]:
    """What the big button does, and says."""
    page = desk.page().content.decode()
    value, said = re.search(r'<button[^>]*value="(\w+)" id="next">(.*?)</button>', page, re.S).groups()
    return value, " ".join(said.split())


def test_the_lobby_offers_it_and_lets_it_be_skipped(desk, steps):
    page = spaced(desk.page())
    assert next_step(desk) == ("takestock", "Waar staan we?")
    assert "2 stappen uit het plan staan nog open." in page
    assert "Sla over" in page


def test_a_group_without_a_plan_begins_as_ever(desk):
    assert next_step(desk) == ("start", "Begin met vraag 1")
    assert "Sla over" not in spaced(desk.page())


def test_each_step_takes_two_presses(desk, steps):
    said = []
    for name, fields in (
        ("takestock", {}), ("reveal", {}), ("conclude", {"answer": "busy"}), ("reveal", {}),
        ("conclude", {"answer": "failed", "follow_up": "we bellen"}),
    ):  # fmt: skip
        assert desk.ask(name, **fields).status_code == 302
        said.append(next_step(desk)[1])
    assert said == ["Sluit en toon", "Leg vast, volgende stap", "Sluit en toon", "Leg vast", "Begin met vraag 1"]
    assert list(PlanLine.objects.values_list("state", "follow_up")) == [("busy", ""), ("failed", "we bellen")]


def test_without_an_outcome_it_is_asked_for_and_what_was_typed_stays(desk, steps):
    desk.press("takestock", "reveal")
    page = desk.ask("conclude", follow_up="we bellen")
    assert page.status_code == 422
    assert ">we bellen</textarea>" in page.content.decode()


def test_what_is_too_long_is_said(desk, steps):
    desk.press("takestock", "reveal")
    assert desk.ask("conclude", answer="failed", follow_up="a" * 301).status_code == 422


def ask_all(desk: Desk, number: int) -> None:
    desk.press("takestock")
    for _ in range(number):
        desk.press("reveal")
        desk.ask("conclude", answer="busy")


def test_the_steps_beyond_six_are_ticked_in_a_list(desk, steps, session):
    for rank in range(2, 8):
        PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=[f"stap {rank}"], rank=rank)
    ask_all(desk, 6)
    page = desk.page().content.decode()
    seventh, eighth = re.findall(r'<select [^>]*name="step-(\d+)"', page)
    answer = desk.client.post(f"/b/{desk.code}/stappen", {f"step-{seventh}": "done", f"step-{eighth}": ""})
    assert answer.status_code == 302
    states = dict(PlanLine.objects.values_list("pk", "state"))
    assert (states[int(seventh)], states[int(eighth)]) == ("done", "")
    assert f'name="step-{eighth}"' in desk.page().content.decode()
    assert f'name="step-{seventh}"' not in desk.page().content.decode()


@pytest.mark.parametrize("fields", [{"step-1": "klaar"}, {"step-99999": "done"}])
def test_a_list_that_makes_no_sense_is_refused(desk, steps, fields):
    ask_all(desk, 2)
    assert desk.client.post(f"/b/{desk.code}/stappen", fields).status_code == 422
