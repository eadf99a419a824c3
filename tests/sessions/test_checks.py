"""Klopt dit? The room reads its plan as it stood then, and what it said stands in plan, verslag and papers."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from content.languages import BASE
from sessions import words
from sessions.exports.sheet import make_sheet
from sessions.exports.text import write_text
from sessions.models import GroupSession, PlanLine, Round, Trajectory, Vote
from sessions.pages import read_page
from sessions.reading import read_plan_page, read_session, read_summary
from sessions.reading.audiences import show_beamer, show_phone
from sessions.rows import read_state
from sessions.rules.asking import Ballot
from sessions.rules.commands import Check, Command, Conclude, Reveal, Skip, Start, Stop, Undo
from sessions.rules.refusals import Refused
from sessions.rules.state import PageLine
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import add_line, fill_line

pytestmark = pytest.mark.django_db


def do(session: GroupSession, *commands: Command) -> None:
    for command in commands:
        version = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, command, seen=version, actor=LEADER)


@pytest.fixture
def goal(session: GroupSession) -> PlanLine:
    return add_line(session.trajectory, "doel", "iedereen komt veilig naar school")


@pytest.fixture
def step(session: GroupSession, goal: PlanLine) -> PlanLine:
    return add_line(session.trajectory, "actie", "borden vragen", who="Fatma", role="de school", due=date(2027, 3, 1))


def read_plan(session: GroupSession) -> tuple[str, ...]:
    page = read_plan_page(Trajectory.objects.get(pk=session.trajectory_id))
    with override(BASE):
        return tuple(words.say_verdict(verdict) for verdict in page.verdicts)


def test_the_page_is_what_stands_in_the_plan_kind_by_kind(session, goal, step):
    add_line(session.trajectory, "nodig", "geld")
    add_line(session.trajectory, "actie", "weg", struck=True)
    assert [(line.kind, line.text) for line in read_page(session.trajectory_id)] == [
        ("doel", "iedereen komt veilig naar school"), ("actie", "borden vragen"), ("nodig", "geld."),
    ]  # fmt: skip


def test_of_one_goal_it_is_that_goal_with_its_steps(session, goal, step):
    other = add_line(session.trajectory, "doel", "rust")
    mine = add_line(session.trajectory, "actie", "praten", goal=other.pk)
    assert [line.text for line in read_page(session.trajectory_id, other.pk)] == ["rust", "praten"]
    assert mine.pk != step.pk


def test_a_first_name_is_on_no_phone_without_its_tick(session, step):
    assert read_page(session.trajectory_id)[1].who == "de school"
    PlanLine.objects.filter(pk=step.pk).update(may_name=True)
    assert read_page(session.trajectory_id)[1].who == "Fatma, de school"


def test_phones_and_wall_read_it_as_it_was_when_it_was_asked(session, goal, step):
    do(session, Start(), Check())
    fill_line(step, "borden en drempels vragen")
    reading = read_session(session.code, BASE)
    for view in (show_phone(reading, "inwoner"), show_beamer(reading)):
        assert view.stage.question.page[1] == PageLine("actie", "borden vragen", "de school", date(2027, 3, 1))
    assert show_phone(reading, "inwoner").choices == ("fits", "lacks")


def test_what_the_room_said_stands_in_the_plan_and_that_it_changed_since(session, goal, step):
    do(session, Start(), Check())
    assert read_plan_page(session.trajectory).is_checked
    do(session, Reveal(), Conclude("fits"))
    day = words.say_day(timezone.now())
    assert read_plan(session) == (f"Op {day} zei de groep: dit klopt.",)
    assert not read_plan_page(session.trajectory).is_checked
    fill_line(step, "borden en drempels vragen")
    assert read_plan(session) == (f"Op {day} zei de groep: dit klopt. Daarna is er nog iets gewijzigd.",)


def test_who_writes_while_the_room_reads_changes_it_afterwards(session, goal, step):
    do(session, Start(), Check())
    fill_line(step, "borden en drempels vragen")
    do(session, Reveal(), Conclude("lacks", "wie de borden ophangt"))
    (said,) = read_plan(session)
    assert said.endswith("er mist iets: wie de borden ophangt. Daarna is er nog iets gewijzigd.")


def test_the_last_word_on_the_plan_counts_and_an_undo_takes_it_back(session, goal, step):
    do(session, Start(), Check(), Reveal(), Conclude("lacks"), Check(), Reveal(), Conclude("fits"))
    assert [verdict.answer for verdict in read_plan_page(session.trajectory).verdicts] == ["fits"]
    do(session, Undo())
    assert [verdict.answer for verdict in read_plan_page(session.trajectory).verdicts] == ["lacks"]


def test_a_goal_has_a_word_of_its_own(session, goal, step):
    do(session, Start(), Check(goal=goal.pk), Reveal(), Conclude("fits"))
    page = read_plan_page(session.trajectory)
    assert ([verdict.goal for verdict in page.verdicts], page.verdict) == ([goal.pk], None)
    said = (
        f"Op {words.say_day(timezone.now())} zei de groep over het doel ‘iedereen komt veilig naar school’: dit klopt."
    )
    assert read_plan(session) == (said,)
    with override(BASE):
        assert said in write_text(read_summary(session, BASE))


def test_a_goal_is_not_changed_by_what_is_written_for_another(session, goal, step):
    other = add_line(session.trajectory, "doel", "rust")
    mine = add_line(session.trajectory, "actie", "praten", goal=other.pk)
    do(session, Start(), Check(goal=other.pk), Reveal(), Conclude("fits"))
    fill_line(step, "borden en drempels vragen")
    assert [verdict.is_changed for verdict in read_plan_page(session.trajectory).verdicts] == [False]
    fill_line(mine, "praten en luisteren")
    assert [verdict.is_changed for verdict in read_plan_page(session.trajectory).verdicts] == [True]


def test_what_was_left_says_nothing(session, goal, step):
    do(session, Start(), Check(), Skip())
    assert read_plan(session) == ()
    assert read_summary(session, BASE).verdicts == ()


def test_an_empty_plan_is_refused_and_nothing_is_asked(session):
    do(session, Start())
    with pytest.raises(Refused, match="empty-plan"):
        do(session, Check())
    assert Round.objects.filter(kind="check").count() == 0


def test_a_vote_travels_the_road_of_every_vote_and_its_counts_keep_the_floor(session, goal, step):
    do(session, Start())
    people = [take_seat(session.code, uuid4(), role) for role in ("inwoner", "inwoner", "inwoner", "beleidsambtenaar")]
    do(session, Check())
    for person in people:
        cast_vote(Ballot(person.pk, 2, "fits"))
    assert Vote.objects.filter(round__kind="check").count() == 4
    do(session, Reveal(), Conclude("fits"), Stop())
    (verdict,) = read_summary(GroupSession.objects.get(pk=session.pk), BASE).verdicts
    assert [row.total for row in verdict.result.rows] == [4, 0]
    assert verdict.result.groups == ()  # one ambtenaar among three: only the total


def test_papers_and_verslag_say_it(session, goal, step):
    do(session, Start(), Check(), Reveal(), Conclude("lacks", "geld"), Stop())
    said = f"Op {words.say_day(timezone.now())} zei de groep: er mist iets: geld."
    with override(BASE):
        sheet = make_sheet(read_plan_page(session.trajectory), people=3, today=timezone.localdate(), language=BASE)
        assert sheet.verdict == said
        assert said in write_text(read_summary(GroupSession.objects.get(pk=session.pk), BASE))


def test_after_it_the_group_stands_where_it_stood(session, goal, step):
    do(session, Start(), Check(), Reveal(), Conclude("fits"))
    current = read_state(GroupSession.objects.get(pk=session.pk)).current
    assert (current.number, current.kind, current.status) == (1, "question", "reading")
