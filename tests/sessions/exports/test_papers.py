"""What hangs in the lift, lies in the letterbox and goes to the gemeente: the same plan, each in its own shape."""

from datetime import date, time
from functools import partial
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import zxingcpp
from django.utils.translation import override
from PIL import Image

from sessions.exports.formats import FORMATS, prepare_plan
from sessions.exports.note import make_note
from sessions.exports.sheet import group_steps
from sessions.exports.way import WayToPlan
from sessions.models import GroupSession, Trajectory
from sessions.rules.commands import Close, Decide, Open, Reveal, Start
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.papers import count_pages, draw_pages, list_tags, read_text
from tests.plans import add_line

pytestmark = pytest.mark.django_db

PAPERS = ("praatplaat", "briefje", "buurtagenda")
LINK = WayToPlan("https://buurtboom.example/p/AbCdEfGhIjKlMnOpQrStUv", date(2027, 11, 28))


@pytest.fixture
def plan(session: GroupSession) -> Trajectory:
    add = partial(add_line, session.trajectory)
    goal = add("doel", "kinderen lopen veilig naar school")
    add(
        "actie",
        "tellen bij het zebrapad",
        goal=goal.pk,
        who="Fatma",
        may_name=True,
        due=date(2027, 2, 12),
        state="done",
    )
    add("actie", "borden vragen", goal=goal.pk, who="Joost", role="wijkteam", reply="looking",
        reply_words="we zoeken geld", reply_by="verkeerskundige")  # fmt: skip
    add("doel", "buren kennen elkaar")
    add("plekken", "het zebrapad")
    add("mensen", "de buurvrouw van nummer 12")
    add("tellen", "41 auto's")
    session.trajectory.next_day, session.trajectory.next_hour = date(2027, 6, 2), time(19, 30)
    session.trajectory.next_place = "De Merel"
    session.trajectory.save()
    return session.trajectory


def write(plan: Trajectory, kind: str, **how: Any) -> bytes:
    with override("nl"):
        return FORMATS[kind].write(prepare_plan(plan, language="nl", **{"names": True, **how}))


@pytest.mark.parametrize("kind", PAPERS)
def test_a_name_stands_on_it_only_with_its_tick_and_only_when_asked(plan, kind):
    for names in (True, False):
        words = read_text(write(plan, kind, names=names))
        # What is done is no news for a letterbox.
        assert ["Fatma" in words, "Joost" in words, "wijkteam" in words] == [names and kind != "briefje", False, True]


@pytest.mark.parametrize("kind", PAPERS)
def test_it_says_what_was_agreed_and_when_the_group_meets_again(plan, kind):
    words = read_text(write(plan, kind))
    for text in (
        "Vogelbuurt",
        "kinderen lopen veilig naar school",
        "borden vragen",
        "woensdag 2 juni 2027, 19.30 uur",
        "De Merel",
    ):
        assert text in words


@pytest.mark.parametrize("kind", PAPERS)
def test_who_hears_it_hears_a_title_and_headings(plan, kind):
    pdf = write(plan, kind, way=LINK)
    tags = list_tags(pdf)
    assert tags.count("H1") == 1
    assert tags.count("H2") == {"praatplaat": 2, "briefje": 0, "buurtagenda": 7}[kind]
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "nl"


@pytest.mark.parametrize("kind", ["praatplaat", "briefje"])
@pytest.mark.parametrize("words", ["W" * 300, "مرحبا بالجميع " * 20, "stap 🚸 " * 40, "#let x = 1 *a* $b$ <c>"])
def test_whatever_was_typed_it_stays_one_page_and_says_what_had_no_room(session, kind, words):
    add = partial(add_line, session.trajectory)
    for _ in range(3):
        goal = add("doel", words)
        for _ in range(20):
            add("actie", words, goal=goal.pk)
    session.trajectory.next_place = words[:80]
    session.trajectory.save()
    pdf = write(session.trajectory, kind, way=LINK)
    assert count_pages(pdf) == 1
    assert "En nog" in read_text(pdf)


@pytest.mark.parametrize("kind", PAPERS)
def test_an_empty_plan_is_a_paper_to_write_on(session, kind):
    assert "Vogelbuurt" in read_text(write(session.trajectory, kind))


def test_four_notes_on_a_sheet_each_bring_a_phone_to_the_plan_and_are_read_aloud_once(plan):
    with override("nl"):
        note = make_note(prepare_plan(plan, language="nl", names=True).sheet, LINK)
    page = Image.open(BytesIO(draw_pages(note, ppi=110)[0]))
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [LINK.address] * 4
    pdf = write(plan, "briefje", way=LINK)
    assert list_tags(pdf).count("Figure") == 1
    assert "Werkt tot 28 november 2027." in read_text(pdf)


@pytest.mark.parametrize("kind", ["praatplaat", "briefje"])
def test_without_a_link_no_paper_promises_one(plan, kind):
    words = read_text(write(plan, kind))
    assert ["Lees het hele plan" in words, "/p/" in words] == [False, False]


DECIDED = ("Waarom beginnen we?", "Het is druk.", "Wij zijn al begonnen.")


def test_what_the_group_decided_leaves_the_building_only_when_that_is_chosen(plan, session):
    decide = Decide(answer="probleem", how="talk", why="Het is druk.", other="Wij zijn al begonnen.")
    for command in (Start(), Open(), Close(), Reveal(), decide):
        session.refresh_from_db()
        run_command(session.code, command, seen=session.version, actor=LEADER)
    for decisions in (True, False):
        for kind in PAPERS:
            words = read_text(write(plan, kind, decisions=decisions))
            told = decisions and kind == "buurtagenda"
            assert [text in words for text in DECIDED] == [told] * 3
    words = read_text(write(plan, "buurtagenda"))
    for text in (
        "We hielden 1 bijeenkomst.", "We zoeken het uit: we zoeken geld", "verkeerskundige", "het zebrapad",
        "de buurvrouw van nummer 12", "41 auto's",
    ):  # fmt: skip
        assert text in words


@pytest.mark.parametrize(("state", "stands"), [("", True), ("busy", True), ("failed", False), ("dropped", False)])
def test_a_step_that_is_over_is_not_asked_of_a_letterbox_nor_hung_in_a_lift(session, state, stands):
    goal = add_line(session.trajectory, "doel", "veilig")
    add_line(session.trajectory, "actie", "klaar-over vragen", goal=goal.pk, state=state)
    found = ["klaar-over vragen" in read_text(write(session.trajectory, kind)) for kind in PAPERS]
    assert found == [stands, stands, True]


def test_steps_of_no_goal_stand_in_a_house_of_their_own(session):
    goals = [add_line(session.trajectory, "doel", f"doel {number}").pk for number in range(4)]
    add_line(session.trajectory, "actie", "van een", goal=goals[0])
    add_line(session.trajectory, "actie", "van vier", goal=goals[3])
    add_line(session.trajectory, "actie", "van niemand")
    with override("nl"):
        found = group_steps(prepare_plan(session.trajectory, language="nl", names=True).sheet)
    assert [(goal.text, [step.text for step in goal.steps]) for goal in found] == [
        ("doel 0", ["van een"]), ("doel 1", []), ("doel 2", []), ("doel 3", []),
        ("Dit doen we ook", ["van vier", "van niemand"]),
    ]  # fmt: skip


def test_a_house_leaves_no_empty_line_where_a_step_had_no_room(session):
    goal = add_line(session.trajectory, "doel", "een heel lang doel met heel veel woorden " * 7)
    for number in range(13):
        add_line(session.trajectory, "actie", f"stap {number}", goal=goal.pk)
    assert "stap 0" in read_text(write(session.trajectory, "praatplaat"))


def test_an_exercise_says_so_on_every_paper(session):
    session.trajectory.is_practice = True
    session.trajectory.save()
    add_line(session.trajectory, "doel", "veilig")
    assert ["oefening" in read_text(write(session.trajectory, kind)) for kind in (*PAPERS, "pdf")] == [True] * 4


def test_the_poster_shows_the_road_of_meetings(plan, session):
    assert session.title in read_text(write(plan, "praatplaat"))
