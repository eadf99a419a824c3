"""The room gives the steps of its plan a place: from the page of the plan and from the console, without a script."""

import pytest
from django.utils import timezone

from sessions.models import GroupSession, PlanLine, Round, Vote
from tests.facilitation.screens import Phone, spaced
from tests.facilitation.views.test_console import Desk
from tests.plans import add_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return begun


@pytest.fixture
def step(session: GroupSession) -> PlanLine:
    return add_line(session.trajectory, "actie", "borden vragen", who="Fatma")


def read(step: PlanLine) -> tuple[str, str, str]:
    words = PlanLine.objects.get(pk=step.pk).words
    return words.term, words.doer, words.who


def test_two_taps_of_each_phone_and_the_step_has_its_place_in_the_plan(desk, step, session):
    phones = [Phone(session.code, "inwoner") for _ in range(3)]
    plan = f"/t/{session.trajectory_id}/plan"
    assert "Geef de stappen een plek" in spaced(desk.client.get(plan))
    answer = desk.client.post(f"{plan}/beamer", {"command": "sort"})
    assert (answer.status_code, answer["Location"]) == (302, f"/b/{session.code}/console")
    for number, (slug, ask) in enumerate((("soon", "Wanneer doen we dit?"), ("council", "Wie is aan zet?")), 2):
        page = spaced(phones[0].page())
        assert "borden vragen" in page
        assert ask in page
        for phone in phones:
            assert phone.vote(slug, number).status_code == 302
        desk.press("reveal")
        assert "Niet gelukt? Wat doen we dan?" not in spaced(desk.page())
        assert desk.ask("conclude", answer=slug).status_code == 302
    assert read(step) == ("soon", "council", "Fatma")
    assert "Straks · De gemeente" in spaced(desk.client.get(plan))
    assert Round.objects.get(number=GroupSession.objects.get().current_round).kind == "question"


def test_by_hands_alone_and_an_undo_takes_it_out_of_the_plan_again(desk, step):
    desk.press("sort")
    assert desk.count(2, now__inwoner="4").status_code == 302
    desk.press("reveal")
    assert desk.ask("conclude", answer="now").status_code == 302
    assert read(step) == ("now", "", "Fatma")
    desk.press("undo")
    assert read(step) == ("", "", "Fatma")
    assert not Vote.objects.exists()


def test_a_step_that_has_its_place_or_is_done_is_not_asked_about(desk, session):
    add_line(session.trajectory, "actie", "klaar", state="done")
    add_line(session.trajectory, "actie", "geplaatst", term="now", doer="us", due=timezone.localdate())
    assert "Er is geen stap meer zonder plek." in spaced(desk.ask("sort"))
    add_line(session.trajectory, "actie", "half", term="now")
    desk.press("sort")
    assert (Round.objects.last().asked, Round.objects.last().subject.partition(":")[2]) == ("half", "doer")


def test_it_is_skipped_with_one_press_and_what_was_said_stays(desk, step):
    desk.press("sort", "reveal")
    assert desk.ask("conclude", answer="later").status_code == 302
    desk.press("skip")
    assert read(step) == ("later", "", "Fatma")
