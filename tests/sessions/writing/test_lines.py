"""The plan is the trajectory's: which one a meeting joins, what outlives it, who wrote what, and who waits for whom."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from sessions.models import GroupSession, PlanChange, PlanLine, Trajectory
from sessions.reading import list_buurten, read_history, read_plan
from sessions.rules.actors import Actor
from sessions.rules.commands import Back, Start
from sessions.rules.plan import NextTime, Words
from sessions.rules.refusals import Refused
from sessions.writing.meetings import delete_session, open_session, purge_deleted, restore_session, set_wifi
from sessions.writing.plan import (
    BURST,
    add_plan_line,
    forget_plan_steps,
    set_next_time,
    strike_plan_line,
    undo_plan_change,
    write_plan_line,
)
from sessions.writing.tidying import delete_old_practice
from tests.actors import LEADER
from tests.facilitation.walking import Group
from tests.plans import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def meet(team, alice, edition):
    def make(buurt: str, *, of=team, practice: bool = False) -> GroupSession:
        words = {"title": "Plein", "buurt": buurt, "phase": "richtfase"}
        return open_session(team=of, facilitator=alice, practice=practice, actor=LEADER, **words)

    return make


# ---- Which trajectory ----


def test_two_spellings_of_a_buurt_are_one_trajectory(meet):
    first = meet("Vogelbuurt")
    assert meet(" vogelBUURT  ").trajectory == first.trajectory
    assert first.trajectory.buurt == "Vogelbuurt"


def test_of_two_that_were_made_before_a_meeting_joins_the_one_that_is_written_the_same(meet, team):
    """The release before this one made two of them."""
    large, small = (Trajectory.objects.create(team=team, buurt=buurt) for buurt in ("Vogelbuurt", "vogelbuurt"))
    assert meet("Vogelbuurt").trajectory == large
    assert meet("vogelbuurt").trajectory == small
    assert meet("VOGELBUURT").trajectory == small  # that one met last
    assert list_buurten(type(team).objects.all()) == ["vogelbuurt"]


def test_a_practice_has_a_trajectory_of_its_own_which_goes_with_it(meet, team):
    real, practice = meet("Vogelbuurt"), meet("Vogelbuurt", practice=True)
    assert practice.trajectory != real.trajectory
    assert (practice.trajectory.buurt, practice.trajectory.is_practice) == ("Vogelbuurt", True)
    add_plan_line(practice.code, "actie", actor=LEADER)
    assert list_buurten(type(team).objects.all()) == ["Vogelbuurt"]
    GroupSession.objects.filter(pk=practice.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert delete_old_practice(24) == 1
    assert (list(Trajectory.objects.all()), PlanLine.objects.count()) == ([real.trajectory], 0)


def test_the_wifi_of_the_hall_is_that_of_last_time_for_a_practice_too(meet):
    set_wifi(meet("Vogelbuurt").code, "Buurthuis", "samen-sterk", actor=LEADER)
    assert [meet("vogelbuurt", practice=practice).wifi_name for practice in (True, False)] == ["Buurthuis"] * 2


# ---- What outlives a meeting ----


@pytest.fixture
def walked(meet):
    """A meeting with a decision, one that was turned back, and lines of all sorts."""
    session = meet("Vogelbuurt")
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "A", "A")
    group.decide("A")
    line = session.plan_lines.order_by("pk").first()
    write_plan_line(session.code, line.pk, Words(("veilig oversteken",)), actor=LEADER)
    write_plan_line(
        session.code, add_plan_line(session.code, "actie", actor=LEADER).pk, Words(("zebra",)), actor=LEADER
    )
    make_line(session, kind="actie", prompt="", texts=["doorgestreept"], struck=True)
    return session


def purge(session: GroupSession) -> None:
    delete_session(session.code, actor=LEADER)
    GroupSession.everything.filter(pk=session.pk).update(deleted_at=timezone.now() - timedelta(days=8))
    assert purge_deleted() == 1


def test_what_was_agreed_outlives_its_meeting_and_all_else_goes_with_it(walked):
    purge(walked)
    lines = PlanLine.objects.all()
    assert [(line.texts, line.session_id, line.round_id) for line in lines] == [
        (["veilig oversteken"], None, None),
        (["zebra"], None, None),
    ]
    assert {line.trajectory for line in lines} == {walked.trajectory}


def test_words_of_a_decision_that_was_turned_back_go_with_the_meeting(walked):
    Group(walked).do(Back(why="Toch niet."))
    purge(walked)
    assert [line.texts for line in PlanLine.objects.all()] == [["zebra"]]


def test_a_meeting_that_is_brought_back_has_its_whole_plan(walked):
    before = read_plan(walked)
    delete_session(walked.code, actor=LEADER)
    restore_session(walked.code, actor=LEADER)
    assert read_plan(walked) == before


def test_a_plan_page_shows_the_lines_of_its_own_meeting(walked, meet):
    assert read_plan(meet("Vogelbuurt")) == ()
    assert len(read_plan(walked)) > 0


def test_who_deleted_before_this_release_was_told_that_the_plan_goes_and_it_does(walked):
    delete_session(walked.code, actor=LEADER)
    old = {"deleted_at": timezone.now() - timedelta(days=8), "leaves_plan": False}
    GroupSession.everything.filter(pk=walked.pk).update(**old)
    assert purge_deleted() == 1
    assert PlanLine.objects.count() == 0


# ---- History ----


@pytest.fixture
def line(meet):
    """One that the group added itself, and in which nobody wrote yet."""
    return add_plan_line(meet("Vogelbuurt").code, "actie", actor=LEADER)


def fill(line: PlanLine, *texts: str, who: str = "", actor: Actor = LEADER) -> None:
    write_plan_line(line.session.code, line.pk, Words(texts, who), actor=actor)


def strike(line: PlanLine, *, struck: bool = True) -> None:
    strike_plan_line(line.session.code, line.pk, struck=struck, actor=LEADER)


def undo(line: PlanLine) -> PlanLine:
    line.refresh_from_db()
    return undo_plan_change(line.session.code, line.pk, seen=line.mark, actor=LEADER)


def pause() -> None:
    """So long that who writes next makes a step of its own."""
    PlanChange.objects.update(at=F("at") - BURST)


def list_steps() -> list[tuple]:
    return list(PlanChange.objects.values_list("by", "texts", "who", "struck"))


def test_the_history_of_a_line_tells_who_wrote_what(line):
    pause()
    fill(line, "meten", who="Fatma")
    fill(line, "meten", who="Fatma")  # changes nothing
    strike(line)
    assert list_steps() == [
        ("Sanne", [], "", False),
        ("Sanne", ["meten"], "Fatma", False),
        ("Sanne", ["meten"], "Fatma", True),
    ]


def test_what_one_hand_writes_in_one_go_is_one_step(line):
    for text in ("m", "met", "meten"):
        fill(line, text)
    assert list_steps() == [("Sanne", ["meten"], "", False)]
    fill(line, "meten", actor=Actor("member", name="Joost"))
    fill(line, "meten en tellen", actor=Actor("member", name="Joost"))
    pause()
    fill(line, "meten, tellen en praten", actor=Actor("member", name="Joost"))
    assert list_steps() == [
        ("Sanne", ["meten"], "", False),
        ("Joost", ["meten en tellen"], "", False),
        ("Joost", ["meten, tellen en praten"], "", False),
    ]


def test_a_strike_and_an_undo_are_steps_of_their_own(line):
    fill(line, "meten")
    strike(line)
    strike(line, struck=False)
    fill(line, "tellen")
    undo(line)
    fill(line, "praten")
    assert [(texts, struck) for _, texts, _, struck in list_steps()] == [
        (["meten"], False), (["meten"], True), (["meten"], False), (["tellen"], False), (["meten"], False),
        (["praten"], False),
    ]  # fmt: skip


def test_the_last_step_is_undone_and_once_more_brings_it_back(line):
    fill(line, "meten")
    pause()
    write_plan_line(
        line.session.code, line.pk, Words(("tellen",), "Fatma", date(2027, 3, 1), struck=True), actor=LEADER
    )
    before = line.trajectory.plan_revision
    undone = undo(line)
    assert (undone.texts, undone.who, undone.due, undone.struck) == (["meten"], "", None, False)
    line.trajectory.refresh_from_db()
    assert line.trajectory.plan_revision > before
    again = undo(line)
    # A name that went does not come back.
    assert (again.texts, again.who, again.due, again.struck) == (["tellen"], "", date(2027, 3, 1), True)


def test_before_the_first_step_there_is_nothing_to_go_back_to(line):
    fill(line, "meten")
    with pytest.raises(Refused, match="nothing-to-undo"):
        undo(line)
    assert PlanLine.objects.get().texts == ["meten"]


def test_what_a_line_held_before_is_erased_when_somebody_asks(line):
    fill(line, "Fatma belt de gemeente")
    pause()
    fill(line, "we bellen de gemeente")
    line.refresh_from_db()
    with pytest.raises(Refused, match="late"):
        forget_plan_steps(line.session.code, line.pk, seen="w", actor=LEADER)
    forget_plan_steps(line.session.code, line.pk, seen=line.mark, actor=LEADER)
    assert list_steps() == [("Sanne", ["we bellen de gemeente"], "", False)]
    with pytest.raises(Refused, match="nothing-to-undo"):
        undo(line)


def test_an_undo_of_what_somebody_else_changed_meanwhile_is_refused(line):
    fill(line, "meten")
    seen = PlanLine.objects.get().mark
    fill(line, "tellen", actor=Actor("member", name="Joost"))
    with pytest.raises(Refused, match="late"):
        undo_plan_change(line.session.code, line.pk, seen=seen, actor=LEADER)
    assert PlanLine.objects.get().texts == ["tellen"]


def test_the_steps_of_a_line_are_read_newest_first(line):
    fill(line, "meten", who="Fatma")
    pause()
    fill(line, "tellen", who="Fatma", actor=Actor("member", name="Joost"))
    history = read_history(line.session, line.pk)
    assert [(step.by, step.view.line.texts, step.view.line.who) for step in history.steps] == [
        ("Joost", ("tellen",), "Fatma"),
        ("Sanne", ("meten",), "Fatma"),
    ]
    assert history.view == read_plan(line.session).only(["actie"])[0].lines[0]
    assert read_history(line.session, line.pk + 1) is None


def test_a_name_that_is_taken_out_of_a_line_goes_from_its_history_too(line):
    """As the handbook lets a facilitator say: do you not want your name in the plan, then we take it out."""
    fill(line, "meten", who="Fatma")
    pause()
    fill(line, "meten")
    assert [(texts, who) for _, texts, who, _ in list_steps()] == [(["meten"], ""), (["meten"], "")]


def test_what_was_refused_leaves_no_trace_in_the_history(meet):
    session = meet("Vogelbuurt")
    line = add_plan_line(session.code, "actie", actor=LEADER)
    with pytest.raises(Refused, match="late"):
        write_plan_line(session.code, line.pk, Words(("meten",)), seen="iets anders", actor=LEADER)
    assert PlanChange.objects.count() == 1


# ---- Who waits ----


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("held", ["SHARE", "NO KEY UPDATE"])  # by votes, by a command
def test_a_line_of_the_plan_waits_for_no_vote_and_no_command(meet, held):
    """Votes hold the row of their meeting; the plan has a lock of its own. SQLite has one writer: there all wait."""
    session = meet("Vogelbuurt")
    done = threading.Event()

    def write() -> None:
        add_plan_line(session.code, "actie", actor=LEADER)
        done.set()
        connections.close_all()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM live_sessions_groupsession FOR {held}")
        writer = threading.Thread(target=write)
        writer.start()
        assert done.wait(10)
    writer.join()


# ---- When we meet again ----


def test_when_a_group_meets_again_is_of_its_trajectory(meet):
    first, second = meet("Vogelbuurt"), meet("Vogelbuurt")
    when = NextTime(date(2027, 6, 2), time(19, 30), "De Merel")
    for _ in range(2):  # the same once more is harmless
        set_next_time(first.code, when, seen=NextTime().mark, actor=LEADER)
    trajectory = Trajectory.objects.get(pk=second.trajectory_id)
    assert (trajectory.next_time, trajectory.plan_revision) == (when, 1)


def test_another_time_than_was_seen_is_not_replaced(meet):
    session, when = meet("Vogelbuurt"), NextTime(place="De Merel")
    set_next_time(session.code, when, seen=NextTime().mark, actor=LEADER)
    with pytest.raises(Refused, match="late"):
        set_next_time(session.code, NextTime(place="De Spil"), seen=NextTime().mark, actor=LEADER)
    assert Trajectory.objects.get(pk=session.trajectory_id).next_time == when
