"""Waar staan we, in the database: which steps come up, and what the room says of them stands in the plan."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from content.languages import BASE
from sessions.models import GroupSession, PlanLine, Round
from sessions.open_steps import read_open_steps
from sessions.reading import read_session, read_summary, show_beamer, show_cards, show_console, show_phone
from sessions.rows import read_state
from sessions.rules.asking import Ballot
from sessions.rules.commands import Back, Close, Command, Conclude, Decide, Open, Reveal, Split, Start, TakeStock, Undo
from sessions.rules.refusals import Reason, Refused
from sessions.writing.hands import Count, count_hands
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_votes
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import add_line, fill_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(session: GroupSession):
    """A step that another meeting agreed on; with these fields."""

    return partial(add_line, session.trajectory, "actie")


def do(session: GroupSession, *commands: Command) -> None:
    for command in commands:
        seen = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, command, seen=seen, actor=LEADER)


def come_up(session: GroupSession) -> list[str]:
    return [step.text for step in read_open_steps(session)]


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def test_the_most_urgent_step_comes_first(session, add):
    for text, fields in {
        "zonder dag": {},
        "over een week": {"due": day(7)},
        "gisteren klaar": {"due": day(-1)},
        "vandaag terugkijken": {"look_back": day(0), "due": day(30)},
        "vorige maand klaar": {"due": day(-30)},
        "ook zonder dag": {},
    }.items():
        add(text, **fields)
    assert come_up(session) == [
        "vorige maand klaar", "gisteren klaar", "vandaag terugkijken", "over een week", "zonder dag", "ook zonder dag",
    ]  # fmt: skip


def test_what_is_settled_struck_empty_or_of_this_meeting_does_not_come_up(session, add):
    for state in ("done", "dropped"):
        add(state, state=state)
    add("mislukt, en er komt iets anders", state="failed", follow_up="we vragen het anders")
    add("gestreept", struck=True)
    add("")
    PlanLine.objects.create(trajectory=session.trajectory, kind="doel", texts=["een doel"])
    PlanLine.objects.create(trajectory=session.trajectory, session=session, kind="actie", texts=["van nu"])
    PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=["van eerder"], is_earlier=True)
    add("mislukt", state="failed")
    assert come_up(session) == ["mislukt"]


def test_once_the_walk_has_begun_no_step_comes_up(session, add):
    add("tellen")
    do(session, Start())
    assert read_state(GroupSession.objects.get(pk=session.pk)).open_steps == ()


@pytest.mark.parametrize("said", ["done", "busy", "failed", "dropped"])
def test_what_the_room_says_stands_in_the_plan_with_whose_step_it_was(session, add, said):
    line = add("tellen", follow_up="oud")
    do(session, TakeStock(), Reveal(), Conclude(said, "we vragen de school"))
    line.refresh_from_db()
    assert (line.state, line.follow_up) == (said, "we vragen de school" if said == "failed" else "")
    assert line.changes.get().by == LEADER.name


def test_an_undo_brings_back_what_stood_there_and_what_was_typed(session, add):
    line = add("tellen")
    fill_line(line, state="busy")
    do(session, TakeStock(), Reveal(), Conclude("failed", "we vragen de school"), Undo())
    line.refresh_from_db()
    assert (line.state, line.follow_up) == ("busy", "")
    assert read_state(GroupSession.objects.get(pk=session.pk)).draft.why == "we vragen de school"


def test_a_line_that_went_meanwhile_stops_nobody(session, add):
    line = add("tellen")
    do(session, TakeStock(), Reveal())
    line.delete()
    do(session, Conclude("done"), Undo(), Conclude("busy"))
    assert read_state(GroupSession.objects.get(pk=session.pk)).current.decision.answer == "busy"


def test_a_step_that_is_reworded_was_asked_as_it_stood(session, add):
    line = add("tellen")
    do(session, TakeStock())
    fill_line(line, "nog eens tellen")
    assert Round.objects.get().asked == "tellen"


def test_it_goes_the_road_of_every_vote_with_the_same_floor(session, add):
    add("tellen")
    do(session, TakeStock())
    people = [take_seat(session.code, uuid.uuid4(), "inwoner") for _ in range(2)]
    assert cast_votes([Ballot(person.pk, 1, "done") for person in people]) == [None, None]
    do(session, Reveal())
    stage = show_beamer(read_session(session.code, BASE)).stage
    assert (stage.scene, stage.result.held_back, stage.result.voters) == ("result", 2, 0)


def test_hands_alone_do(session, add):
    add("tellen")
    do(session, TakeStock())
    count_hands(session.code, Count(1, {("inwoner", "done"): 5, ("wijkprofessional", "busy"): 1}), actor=LEADER)
    do(session, Reveal())
    result = show_console(read_session(session.code, BASE)).stage.result
    assert (result.likely, [row.total for row in result.rows]) == ("done", [5, 1, 0, 0])


def test_every_screen_shows_the_step_as_a_question(session, add):
    add("tellen")
    add("vegen")
    do(session, TakeStock())
    reading = read_session(session.code, BASE)
    phone, wall, desk = show_phone(reading, "inwoner"), show_beamer(reading), show_console(reading)
    for view in (phone, wall, desk):
        question = view.stage.question
        assert (question.node.question, question.visit, question.of) == ("tellen", 1, 2)
    assert phone.choices == ("done", "busy", "failed", "dropped")
    assert phone.may_vote
    assert desk.next_step == "reveal"
    assert desk.steps == ()


def test_after_the_last_step_the_wall_tells_what_came_of_it_and_what_came_in(session, add):
    add("tellen")
    add("borden", reply="yes", reply_words="in maart", reply_on=day(-3), state="done")
    add("drempel", reply="looking", reply_due=day(-2), state="busy")
    PlanLine.objects.create(
        trajectory=session.trajectory, kind="doel", texts=["veilig"], look_back=day(-1)
    )  # a goal is looked back on as well
    do(session, TakeStock(), *[Reveal(), Conclude("done")] * 2)
    reading = read_session(session.code, BASE)
    wall = show_beamer(reading)
    assert wall.stage.scene == "stock"
    assert [(step.text, step.state) for step in wall.stock.looked_back] == [("tellen", "done"), ("drempel", "done")]
    assert [(wait.kind, wait.view.parts[0].text) for wait in wall.stock.news] == [
        ("answer", "borden"), ("look-back", "veilig"),
    ]  # fmt: skip
    assert show_phone(reading, "inwoner").stage.scene == "stock"


def test_an_answer_that_is_late_is_told_as_long_as_the_step_is_open(session, add):
    add("drempel", reply="looking", reply_due=day(-2))
    do(session, TakeStock(), Reveal(), Conclude("busy"))
    (wait,) = show_beamer(read_session(session.code, BASE)).stock.news
    assert (wait.kind, wait.day) == ("reply", day(-2))


def test_the_verslag_tells_it_before_the_road_and_counts_no_question(session, add):
    add("tellen")
    do(session, TakeStock())
    count_hands(session.code, Count(1, {("inwoner", "failed"): 4}), actor=LEADER)
    do(session, Reveal(), Conclude("failed", "we vragen de school"), Start())
    do(session, Open(), Close(), Reveal(), Split(), Decide(answer="probleem", how="talk", why="Zo is het."))
    summary = read_summary(GroupSession.objects.get(pk=session.pk), BASE)
    (step,) = summary.looked_back
    assert (step.text, step.state, step.follow_up) == ("tellen", "failed", "we vragen de school")
    assert [row.total for row in step.result.rows] == [0, 0, 4, 0]
    assert [walked.question.node.number for walked in summary.path] == [1]
    assert show_cards([GroupSession.objects.get(pk=session.pk)], BASE)[0].questions == 1


def test_a_step_that_was_skipped_is_told_nowhere(session, add):
    add("tellen")
    do(session, TakeStock(), Start())
    assert read_summary(GroupSession.objects.get(pk=session.pk), BASE).looked_back == ()
    with pytest.raises(Refused) as refused:
        do(session, Back())
    assert refused.value.code is Reason.FIRST_QUESTION
