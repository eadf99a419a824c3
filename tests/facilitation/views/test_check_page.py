"""Klopt dit? From the page of the plan and from the console, without a script."""

import re

import pytest

from sessions.models import GroupSession, Proposal, Round
from tests.facilitation.screens import Phone, spaced
from tests.facilitation.views.test_console import Desk
from tests.plans import add_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return begun


@pytest.fixture
def goal(session: GroupSession):
    return add_line(session.trajectory, "doel", "veilig naar school")


def test_the_big_button_of_the_plan_asks_the_room_and_leads_to_the_console(desk, goal, session):
    plan = f"/t/{session.trajectory_id}/plan"
    assert "Vraag de groep: klopt dit?" in spaced(desk.client.get(plan))
    answer = desk.client.post(f"{plan}/beamer", {"command": "check"})
    assert (answer.status_code, answer["Location"]) == (302, f"/b/{session.code}/console")
    assert Round.objects.get(kind="check").subject == "plan"
    assert "zoals het was toen jullie het vroegen" in spaced(desk.client.get(plan))


def test_a_second_tap_asks_nothing_twice_and_leads_there_as_well(desk, goal, session):
    answers = [desk.client.post(f"/t/{session.trajectory_id}/plan/beamer", {"command": "check"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Round.objects.filter(kind="check").count() == 1


def test_of_two_goals_one_can_be_asked(desk, goal, session):
    other = add_line(session.trajectory, "doel", "rust")
    plan = f"/t/{session.trajectory_id}/plan"
    assert "Het hele plan" in spaced(desk.client.get(plan))
    desk.client.post(f"{plan}/beamer", {"command": "check", "goal": str(other.pk)})
    assert Round.objects.get(kind="check").subject == str(other.pk)


@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30, "\u0663", "\0"])
def test_a_wrong_goal_asks_about_the_whole_plan(desk, goal, session, wrong):
    desk.client.post(f"/t/{session.trajectory_id}/plan/beamer", {"command": "check", "goal": wrong})
    assert Round.objects.get(kind="check").subject == "plan"


def test_an_empty_plan_says_what_to_do(desk, session):
    answer = desk.client.post(f"/t/{session.trajectory_id}/plan/beamer", {"command": "check"})
    assert answer.status_code == 422
    assert "Hier staat nog niets in het plan. Vul eerst iets in, en vraag het dan." in spaced(answer)
    assert "Hier staat nog niets in het plan." in spaced(desk.ask("check"))


def test_while_people_vote_on_a_question_it_waits(desk, goal, session):
    desk.press("open")
    answer = desk.client.post(f"/t/{session.trajectory_id}/plan/beamer", {"command": "check"})
    assert answer.status_code == 422
    assert "Begin eerst met vraag 1, en wacht tot de stemming dicht is." in spaced(answer)


def test_the_phone_reads_the_plan_and_votes_and_the_console_keeps_what_is_missing(desk, goal, session):
    phone = Phone(session.code, "inwoner")
    desk.press("check")
    page = spaced(phone.page())
    assert "veilig naar school" in page
    assert "Dit klopt" in page
    assert phone.vote("lacks", 2).status_code == 302
    desk.press("reveal")
    shown = spaced(desk.page())
    assert "Mist er iets? Wat dan?" in shown
    assert desk.ask("conclude").status_code == 422  # nothing was chosen
    desk.ask("conclude", answer="lacks", follow_up="wie het doet")
    assert "Open de stemming" in spaced(desk.page())
    plan = spaced(desk.client.get(f"/t/{session.trajectory_id}/plan"))
    assert "zei de groep: er mist iets: wie het doet." in plan
    assert "er mist iets: wie het doet." in spaced(desk.client.get(f"/b/{session.code}/verslag"))


def test_it_is_skipped_with_one_press(desk, goal):
    desk.press("check")
    assert "Sla over" in spaced(desk.page())
    desk.press("skip")
    assert "Open de stemming" in spaced(desk.page())


def test_what_is_missing_comes_from_a_phone_is_read_first_and_then_stands_in_the_field(desk, goal, session):
    phones = [Phone(session.code, role) for role in ("inwoner", "wijkprofessional")]
    desk.press("check")
    assert "Mist er iets? Schrijf het in één zin." in spaced(phones[0].page())
    for phone, line in zip(phones, ("wie belt de gemeente?", "alles is onzin"), strict=True):
        sent = phone.client.post(f"/m/{session.code}/voorstel", {"round": "2", "line": line})
        assert sent.status_code == 302
    assert "wie belt de gemeente?" in spaced(desk.page())
    wall = spaced(desk.client.get(f"/b/{session.code}/beamer"))
    assert "wie belt de gemeente?" not in wall + spaced(phones[1].page())
    for row, fate in zip(Proposal.objects.order_by("pk"), ("shown", "parked"), strict=True):
        desk.client.post(f"/b/{session.code}/voorstellen", {"key": row.pk, "fate": fate})
    assert "De begeleider neemt het mee." in spaced(phones[0].page())
    assert "wie belt de gemeente?" not in spaced(phones[1].page())
    desk.press("reveal")
    page = desk.page().content.decode()
    (field,) = re.findall(r'name="follow_up".*?>(.*?)</textarea>', page, re.DOTALL)
    assert field.strip() == "wie belt de gemeente?"
    late = phones[0].client.post(f"/m/{session.code}/voorstel", {"round": "2", "line": "nog iets"})
    assert late.status_code == 422
    assert "Je kunt nu geen voorstel sturen." in spaced(late)
