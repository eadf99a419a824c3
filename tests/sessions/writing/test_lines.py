"""The plan is the trajectory's: which one a meeting joins, what outlives it, who wrote what, and who waits for whom."""

import threading
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from sessions.models import GroupSession, PlanChange, PlanClash, PlanHand, PlanLine, Trajectory
from sessions.models.plan_hand import RESTS_AFTER
from sessions.reading import list_known_buurten, read_history, read_plan, read_plan_page
from sessions.rules.actors import Actor
from sessions.rules.commands import Back, Start
from sessions.rules.plan import NextTime
from sessions.rules.refusals import Refused
from sessions.writing.meetings import delete_session, open_session, purge_deleted, restore_session, set_wifi
from sessions.writing.plan import (
    BURST,
    add_plan_line,
    fold_plan_line,
    forget_plan_steps,
    move_plan_line,
    note_plan_hand,
    pick_plan_text,
    set_next_time,
    strike_plan_line,
    undo_plan_change,
    write_plan_line,
)
from sessions.writing.tidying import delete_old_practice
from tests.actors import LEADER
from tests.facilitation.walking import Group
from tests.plans import fill_line, make_line

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
    assert list(list_known_buurten(type(team).objects.all())) == [small]


def test_a_practice_has_a_trajectory_of_its_own_which_goes_with_it(meet, team):
    real, practice = meet("Vogelbuurt"), meet("Vogelbuurt", practice=True)
    assert practice.trajectory != real.trajectory
    assert (practice.trajectory.buurt, practice.trajectory.is_practice) == ("Vogelbuurt", True)
    add_plan_line(practice.trajectory_id, "actie", {}, actor=LEADER)
    assert list(list_known_buurten(type(team).objects.all())) == [real.trajectory]
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
    fill_line(line, "veilig oversteken")
    add_plan_line(session.trajectory_id, "actie", {"text-0": "zebra"}, actor=LEADER)
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
    return add_plan_line(meet("Vogelbuurt").trajectory_id, "actie", {}, actor=LEADER)


def strike(line: PlanLine, *, struck: bool = True) -> None:
    strike_plan_line(line.trajectory_id, line.pk, struck=struck, actor=LEADER)


def undo(line: PlanLine) -> PlanLine:
    line.refresh_from_db()
    undo_plan_change(line.trajectory_id, line.pk, seen=line.mark, actor=LEADER)
    line.refresh_from_db()
    return line


def pause() -> None:
    """So long that who writes next makes a step of its own."""
    PlanChange.objects.update(at=F("at") - BURST)


def list_steps() -> list[tuple]:
    return list(PlanChange.objects.values_list("by", "texts", "who", "struck"))


def test_the_history_of_a_line_tells_who_wrote_what(line):
    pause()
    fill_line(line, "meten", who="Fatma")
    fill_line(line, "meten", who="Fatma")  # changes nothing
    strike(line)
    assert list_steps() == [
        ("Sanne", [], "", False),
        ("Sanne", ["meten"], "Fatma", False),
        ("Sanne", ["meten"], "Fatma", True),
    ]


def test_what_one_hand_writes_in_one_go_is_one_step(line):
    for text in ("m", "met", "meten"):
        fill_line(line, text)
    assert list_steps() == [("Sanne", ["meten"], "", False)]
    fill_line(line, "meten", actor=Actor("member", name="Joost"))
    fill_line(line, "meten en tellen", actor=Actor("member", name="Joost"))
    pause()
    fill_line(line, "meten, tellen en praten", actor=Actor("member", name="Joost"))
    assert list_steps() == [
        ("Sanne", ["meten"], "", False),
        ("Joost", ["meten en tellen"], "", False),
        ("Joost", ["meten, tellen en praten"], "", False),
    ]


def test_a_strike_and_an_undo_are_steps_of_their_own(line):
    fill_line(line, "meten")
    strike(line)
    strike(line, struck=False)
    fill_line(line, "tellen")
    undo(line)
    fill_line(line, "praten")
    assert [(texts, struck) for _, texts, _, struck in list_steps()] == [
        (["meten"], False), (["meten"], True), (["meten"], False), (["tellen"], False), (["meten"], False),
        (["praten"], False),
    ]  # fmt: skip


def test_the_last_step_is_undone_and_once_more_brings_it_back(line):
    fill_line(line, "meten")
    pause()
    fill_line(line, "tellen", who="Fatma", due=date(2027, 3, 1))
    pause()
    before = line.trajectory.plan_revision
    undone = undo(line)
    assert (undone.texts, undone.who, undone.due, undone.struck) == (["meten"], "", None, False)
    line.trajectory.refresh_from_db()
    assert line.trajectory.plan_revision > before
    again = undo(line)
    # A name that went does not come back.
    assert (again.texts, again.who, again.due, again.struck) == (["tellen"], "", date(2027, 3, 1), False)


def test_before_the_first_step_there_is_nothing_to_go_back_to(line):
    fill_line(line, "meten")
    with pytest.raises(Refused, match="nothing-to-undo"):
        undo(line)
    assert PlanLine.objects.get().texts == ["meten"]


def test_what_a_line_held_before_is_erased_when_somebody_asks(line):
    fill_line(line, "Fatma belt de gemeente")
    pause()
    fill_line(line, "we bellen de gemeente")
    line.refresh_from_db()
    with pytest.raises(Refused, match="late"):
        forget_plan_steps(line.trajectory_id, line.pk, seen="w", actor=LEADER)
    forget_plan_steps(line.trajectory_id, line.pk, seen=line.mark, actor=LEADER)
    assert list_steps() == [("Sanne", ["we bellen de gemeente"], "", False)]
    with pytest.raises(Refused, match="nothing-to-undo"):
        undo(line)


def test_an_undo_of_what_somebody_else_changed_meanwhile_is_refused(line):
    fill_line(line, "meten")
    seen = PlanLine.objects.get().mark
    fill_line(line, "tellen", actor=Actor("member", name="Joost"))
    with pytest.raises(Refused, match="late"):
        undo_plan_change(line.trajectory_id, line.pk, seen=seen, actor=LEADER)
    assert PlanLine.objects.get().texts == ["tellen"]


def test_the_steps_of_a_line_are_read_newest_first(line):
    fill_line(line, "meten", who="Fatma")
    pause()
    fill_line(line, "tellen", who="Fatma", actor=Actor("member", name="Joost"))
    history = read_history(line.trajectory, line.pk)
    assert [(step.by, step.view.line.words.texts, step.view.line.words.who) for step in history.steps] == [
        ("Joost", ("tellen",), "Fatma"),
        ("Sanne", ("meten",), "Fatma"),
    ]
    assert history.view == read_plan_page(line.trajectory).find(line.pk)
    assert read_history(line.trajectory, line.pk + 1) is None


def test_a_name_that_is_taken_out_of_a_line_goes_from_its_history_too(line):
    """As the handbook lets a facilitator say: do you not want your name in the plan, then we take it out."""
    fill_line(line, "meten", who="Fatma")
    pause()
    fill_line(line, "meten", who="")
    assert [(texts, who) for _, texts, who, _ in list_steps()] == [(["meten"], ""), (["meten"], "")]


# ---- Two texts for one field ----


def write_late(line: PlanLine, text: str, *, page: str = "b", **fields: Any) -> frozenset[str]:
    """By a device that still sees the line empty."""
    typed = {"text-0": text, **fields}
    return write_plan_line(line.trajectory_id, line.pk, typed, was={}, page=page, actor=Actor("member", name="Joost"))


def list_clashes() -> list[tuple]:
    return list(PlanClash.objects.values_list("field", "value", "by", "page"))


def test_where_two_wrote_in_one_field_both_texts_stay_and_all_else_is_kept(line):
    fill_line(line, "meten")
    assert write_late(line, "tellen", who="Fatma") == {"text-0"}
    line.refresh_from_db()
    assert (line.texts, line.who) == (["meten"], "Fatma")
    assert list_clashes() == [("text-0", "tellen", "Joost", "b")]
    page = read_plan_page(line.trajectory)
    assert [(clash.field, clash.value, clash.by) for clash in page.clashes[line.pk]] == [("text-0", "tellen", "Joost")]


def test_what_a_device_types_next_takes_the_place_of_what_it_typed(line):
    fill_line(line, "meten")
    for text in ("tel", "tellen"):
        write_late(line, text)
    write_late(line, "praten", page="c")
    assert list_clashes() == [("text-0", "tellen", "Joost", "b"), ("text-0", "praten", "Joost", "c")]


@pytest.mark.parametrize(("take", "stands"), [(True, ["tellen"]), (False, ["meten"])])
def test_one_of_two_texts_is_picked(line, take, stands):
    fill_line(line, "meten")
    write_late(line, "tellen")
    clash = PlanClash.objects.get()
    before = Trajectory.objects.get().plan_revision
    pick_plan_text(line.trajectory_id, line.pk, clash.pk, take=take, actor=LEADER)
    line.refresh_from_db()
    assert (line.texts, list_clashes()) == (stands, [])
    assert Trajectory.objects.get().plan_revision > before
    with pytest.raises(Refused, match="late"):
        pick_plan_text(line.trajectory_id, line.pk, clash.pk, take=take, actor=LEADER)


def test_a_day_that_was_typed_at_the_same_time_is_picked_as_a_day(line):
    fill_line(line, "meten", due=date(2027, 3, 1))
    write_late(line, "meten", due=date(2027, 4, 1))
    pick_plan_text(line.trajectory_id, line.pk, PlanClash.objects.get().pk, take=True, actor=LEADER)
    line.refresh_from_db()
    assert line.due == date(2027, 4, 1)


def test_words_in_a_line_that_somebody_struck_out_meanwhile_are_kept_there(line):
    fill_line(line, "meten")
    strike(line)
    fill_line(line, "meten en tellen")
    line.refresh_from_db()
    assert (line.texts, line.struck) == (["meten en tellen"], True)


# ---- Who is writing ----


def note(line: PlanLine | None, page: str = "a") -> dict[int, tuple[str, ...]]:
    trajectory = Trajectory.objects.get()
    note_plan_hand(trajectory.pk, line.pk if line else None, page, actor=LEADER)
    return read_plan_page(trajectory).hands


def test_the_line_somebody_writes_in_is_known_until_they_leave_it(line):
    assert note(line) == {line.pk: ("a",)}
    assert note(line, "b") == {line.pk: ("a", "b")}
    assert note(None) == {line.pk: ("b",)}


def test_a_hand_that_is_not_heard_any_more_rests(line):
    note(line)
    PlanHand.objects.update(at=timezone.now() - RESTS_AFTER)
    assert read_plan_page(line.trajectory).hands == {}


def test_only_another_line_is_news_to_the_screens(line):
    note(line)
    before = Trajectory.objects.get().plan_revision
    note(line)
    assert Trajectory.objects.get().plan_revision == before
    note(None)
    assert Trajectory.objects.get().plan_revision == before + 1


def test_a_hand_that_rested_and_leaves_brings_the_plan_back_to_the_wall(line):
    note(line)
    PlanHand.objects.update(at=timezone.now() - RESTS_AFTER)
    before = Trajectory.objects.get().plan_revision
    assert note(None) == {}
    assert Trajectory.objects.get().plan_revision == before + 1


def test_a_hand_in_a_line_of_another_plan_is_not_kept(line, meet):
    other = meet("Merelbuurt")
    note_plan_hand(other.trajectory_id, line.pk, "a", actor=LEADER)
    assert PlanHand.objects.count() == 0


# ---- Order, goals, and what was earlier ----


def add(session: GroupSession, *texts: str, kind: str = "actie", **fields: Any) -> list[PlanLine]:
    return [add_plan_line(session.trajectory_id, kind, {"text-0": text, **fields}, actor=LEADER) for text in texts]


def list_steps_of_page(session: GroupSession) -> list[str]:
    return [step.line.words.texts[0] for step in read_plan_page(session.trajectory).all_steps]


def test_lines_stand_as_people_put_them(meet):
    session = meet("Vogelbuurt")
    one, two, three = add(session, "een", "twee", "drie")
    move_plan_line(session.trajectory_id, three.pk, before=one.pk, actor=LEADER)
    assert list_steps_of_page(session) == ["drie", "een", "twee"]
    move_plan_line(session.trajectory_id, one.pk, before=None, actor=LEADER)
    add(session, "vier")
    assert list_steps_of_page(session) == ["drie", "twee", "een", "vier"]
    with pytest.raises(Refused, match="unknown-line"):
        move_plan_line(session.trajectory_id, two.pk, before=two.pk + 1000, actor=LEADER)


def test_a_step_stands_with_its_goal_and_without_one_apart(meet):
    session = meet("Vogelbuurt")
    goals = add(session, "veilig", "groen", "samen", "stil", kind="doel")
    add(session, "tellen", goal=goals[1].pk)
    add(session, "praten")
    page = read_plan_page(session.trajectory)
    assert [(goal.view.line.words.texts[0], len(goal.steps)) for goal in page.goals] == [
        ("veilig", 0), ("groen", 1), ("samen", 0),
    ]  # fmt: skip
    assert [view.line.words.texts[0] for view in page.more_goals] == ["stil"]
    assert [view.line.words.texts[0] for view in page.steps] == ["praten"]


def test_of_one_goal_are_all_steps(meet):
    session = meet("Vogelbuurt")
    add(session, "veilig", kind="doel")
    add(session, "tellen", "praten")
    (goal,) = read_plan_page(session.trajectory).goals
    assert [step.line.words.texts[0] for step in goal.steps] == ["tellen", "praten"]


def test_steps_of_a_goal_that_was_struck_out_stay(meet):
    session = meet("Vogelbuurt")
    first, second = add(session, "veilig", "groen", kind="doel")
    add(session, "tellen", goal=first.pk)
    strike(first)
    assert list_steps_of_page(session) == ["tellen"]
    strike(second)
    assert list_steps_of_page(session) == ["tellen"]


@pytest.mark.parametrize("kind", ["actie", "nodig"])
def test_what_is_no_goal_of_this_plan_cannot_be_served(meet, kind):
    session = meet("Vogelbuurt")
    (other,) = add(session, "iets", kind=kind)
    with pytest.raises(Refused, match="unknown-line"):
        add(session, "tellen", goal=other.pk)
    with pytest.raises(Refused, match="unknown-line"):
        add(session, "tellen", goal=10**6)


def test_what_was_earlier_folds_away_and_comes_back(meet):
    session = meet("Vogelbuurt")
    (line,) = add(session, "tellen")
    for is_earlier in (True, False):
        fold_plan_line(session.trajectory_id, line.pk, is_earlier=is_earlier, actor=LEADER)
        page = read_plan_page(session.trajectory)
        assert (len(page.earlier), len(page.all_steps)) == ((1, 0) if is_earlier else (0, 1))


def test_a_plan_goes_on_in_the_next_meeting_and_between_them(meet):
    first = meet("Vogelbuurt")
    add(first, "tellen")
    GroupSession.objects.update(ended_at=timezone.now())
    add(first, "praten")
    second = meet("Vogelbuurt")
    add(second, "bellen")
    lines = PlanLine.objects.order_by("pk")
    assert [line.session for line in lines] == [first, None, second]
    assert list_steps_of_page(second) == ["tellen", "praten", "bellen"]


def test_who_does_the_first_step_is_asked_once_and_stands_with_that_step(meet):
    session = meet("Vogelbuurt")
    asked = make_line(session, kind="trekker", prompt="De eerste stap wordt gedaan door: …")
    first, second = add(session, "tellen", "praten")
    assert [view.line.key for view in read_plan_page(session.trajectory).asked] == [asked.pk]
    for name in ("Fat", "Fatma"):
        fill_line(asked, name)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.who, second.who) == ("Fatma", "")
    fill_line(first, "tellen", who="Joost")
    fill_line(asked, "Sanne")
    first.refresh_from_db()
    assert first.who == "Joost"  # somebody else was named there


def test_who_does_the_first_step_is_not_asked_where_somebody_took_it(meet):
    session = meet("Vogelbuurt")
    make_line(session, kind="trekker", prompt="De eerste stap wordt gedaan door: …")
    (first,) = add(session, "tellen")
    fill_line(first, "tellen", role="wijkteam")
    assert read_plan_page(session.trajectory).asked == ()


# ---- What a meeting left ----


def test_of_a_meeting_that_ended_the_plan_stays_as_it_stood_that_day(meet):
    session = meet("Vogelbuurt")
    kept, changed, begun = add(session, "bellen", "meten", "praten")
    PlanChange.objects.filter(line=begun).delete()
    yesterday = timezone.now() - timedelta(days=1)
    PlanChange.objects.update(at=yesterday)
    GroupSession.objects.update(ended_at=yesterday)
    fill_line(changed, "tellen")
    strike(kept)
    fill_line(begun, "later pas")
    session.refresh_from_db()
    (steps,) = read_plan(session)
    assert [(view.line.words.texts, view.line.words.struck) for view in steps.lines] == [
        (("bellen",), False), (("meten",), False), ((), False),
    ]  # fmt: skip
    assert list_steps_of_page(session) == ["tellen", "later pas"]


def test_what_stood_there_before_is_erased_and_the_verslag_keeps_its_line(meet):
    session = meet("Vogelbuurt")
    (line,) = add(session, "Fatma let op")
    yesterday = timezone.now() - timedelta(days=1)
    PlanChange.objects.update(at=yesterday)
    GroupSession.objects.update(ended_at=yesterday)
    fill_line(line, "we letten op")
    line.refresh_from_db()
    forget_plan_steps(line.trajectory_id, line.pk, seen=line.mark, actor=LEADER)
    session.refresh_from_db()
    assert [view.line.words.texts for view in read_plan(session)[0].lines] == [("we letten op",)]


def test_what_is_written_the_same_day_after_the_end_is_still_of_that_meeting(meet):
    session = meet("Vogelbuurt")
    GroupSession.objects.update(ended_at=timezone.now() - timedelta(microseconds=1))
    session.refresh_from_db()
    (line,) = [make_line(session, kind="actie", prompt="")]
    fill_line(line, "tellen")
    assert [view.line.words.texts for view in read_plan(session)[0].lines] == [("tellen",)]


# ---- Who waits ----


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("held", ["SHARE", "NO KEY UPDATE"])  # by votes, by a command
def test_a_line_of_the_plan_waits_for_no_vote_and_no_command(meet, held):
    """Votes hold the row of their meeting; the plan has a lock of its own. SQLite has one writer: there all wait."""
    session = meet("Vogelbuurt")
    done = threading.Event()

    def write() -> None:
        add_plan_line(session.trajectory_id, "actie", {}, actor=LEADER)
        done.set()
        connections.close_all()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM live_sessions_groupsession FOR {held}")
        writer = threading.Thread(target=write)
        writer.start()
        assert done.wait(10)
    writer.join()


# ---- When we meet again ----

EVENING = NextTime(date(2027, 6, 2), time(19, 30), "De Merel")


def test_when_a_group_meets_again_is_of_its_trajectory(meet):
    first, second = meet("Vogelbuurt"), meet("Vogelbuurt")
    for _ in range(2):  # the same once more is harmless
        set_next_time(first.trajectory_id, EVENING._asdict(), was=NextTime().fields, actor=LEADER)
    trajectory = Trajectory.objects.get(pk=second.trajectory_id)
    assert (trajectory.next_time, trajectory.plan_revision) == (EVENING, 1)


def test_another_time_than_was_seen_is_not_replaced_but_another_field_is(meet):
    trajectory = meet("Vogelbuurt").trajectory
    set_next_time(trajectory.pk, {"place": "De Merel"}, was=NextTime().fields, actor=LEADER)
    with pytest.raises(Refused, match="late"):
        set_next_time(trajectory.pk, {"place": "De Spil"}, was=NextTime().fields, actor=LEADER)
    set_next_time(trajectory.pk, {"day": date(2027, 6, 2), "place": ""}, was=NextTime().fields, actor=LEADER)
    trajectory.refresh_from_db()
    assert trajectory.next_time == NextTime(date(2027, 6, 2), None, "De Merel")
