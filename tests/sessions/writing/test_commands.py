"""The only writers: one transaction each, nothing half applied, and the outside hears of it after the commit."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from sessions.models import Decision, GroupSession, HandCount, Participant, PlanLine, Round, Trajectory, Vote
from sessions.rows import read_state
from sessions.rules.asking import Ballot
from sessions.rules.commands import (
    Again,
    Back,
    Close,
    Continue,
    Decide,
    Next,
    Open,
    Pause,
    Reopen,
    Resume,
    Reveal,
    Split,
    Start,
    Stop,
    Undo,
)
from sessions.rules.refusals import Refused
from sessions.rules.state import Choice
from sessions.signals import session_changed
from sessions.writing.hands import Count, count_hands
from sessions.writing.meetings import open_session
from sessions.writing.plan import MOST_WITH_STRUCK, add_plan_line, write_plan_line
from sessions.writing.seats import mark_seen, take_seat
from sessions.writing.tidying import delete_old_practice
from sessions.writing.votes import cast_vote, cast_votes
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import fill_line

WHY = "Daar zijn we het over eens."


def run(session, *commands):
    """Carry out commands, each seeing the newest version."""
    for command in commands:
        session.refresh_from_db()
        run_command(session.code, command, seen=session.version, actor=LEADER)
    session.refresh_from_db()


def decide(answer="probleem"):
    return (
        Open(),
        Close(),
        Reveal(),
        Split(),
        Decide(answer=answer, how="talk", why=WHY),
    )


def sit(session, role="inwoner"):
    return take_seat(session.code, uuid.uuid4(), role)


@pytest.fixture
def opened(session):
    run(session, Start(), Open())
    return session


@pytest.fixture
def told(session):
    """What the outside hears."""
    heard = []

    def hear(sender, code, kind, **kwargs):
        heard.append((code, kind))

    session_changed.connect(hear)
    yield heard
    session_changed.disconnect(hear)


def test_sessions_of_one_buurt_share_a_trajectory(team, alice, edition):
    def make(title):
        return open_session(
            team=team, facilitator=alice, title=title, buurt=" Vogelbuurt ", phase="startfase", actor=LEADER
        )

    assert make("Een").trajectory == make("Twee").trajectory
    assert list(Trajectory.objects.values_list("buurt", "team__name")) == [("Vogelbuurt", "Ons team")]


def test_an_unknown_phase_opens_nothing(team, edition):
    with pytest.raises(Refused, match="unknown-phase"):
        open_session(team=team, facilitator=None, title="x", buurt="y", phase="winterfase", actor=LEADER)
    assert GroupSession.objects.count() == Trajectory.objects.count() == 0


def test_the_state_that_was_saved_is_the_state_that_is_read(session):
    run(session, Start(), *decide(), Next(), Back(why="Nog een wens."), Open())
    state = read_state(session)
    assert [(r.place.node, r.visit, r.status, r.withdrawn, r.back_why) for r in state.rounds] == [
        ("aanleiding", 1, "decided", True, "Nog een wens."),
        ("probleem-onderzoeken", 1, "reading", True, ""),
        ("aanleiding", 2, "open", False, ""),
    ]
    assert state.rounds[0].decision == Choice(answer="probleem", how="talk", why=WHY)
    assert state.previous.current.status == "reading"


def test_a_late_command_changes_nothing(session):
    run(session, Start())
    before = (session.version, list(session.rounds.values()))
    with pytest.raises(Refused, match="late"):
        run_command(session.code, Open(), seen=session.version - 1, actor=LEADER)
    session.refresh_from_db()
    assert (session.version, list(session.rounds.values())) == before


def test_undo_of_next_takes_the_empty_question_away_and_keeps_the_decision(session):
    run(session, Start(), *decide(), Next(), Undo())
    assert list(session.rounds.values_list("node", "status")) == [("aanleiding", "decided")]
    assert Decision.objects.get().why == WHY


def test_undo_of_a_decision_keeps_its_words_as_a_draft_until_the_next_decision(session):
    run(session, Start(), *decide(), Undo(), Pause(), Resume())
    session.refresh_from_db()
    assert read_state(session).draft == Choice(answer="probleem", how="talk", why=WHY)
    run(session, Decide(answer="wens", how="vote", why=WHY))
    session.refresh_from_db()
    assert (read_state(session).draft, session.draft) == (None, None)


def test_undo_of_a_decision_takes_it_away_and_keeps_what_the_group_wrote(session):
    run(session, Start(), *decide())
    line = session.plan_lines.get()
    fill_line(line, "hard rijden")
    run(session, Undo())
    assert Decision.objects.count() == 0
    assert PlanLine.objects.get().texts == ["hard rijden"]


def test_the_outside_hears_of_a_change_after_the_commit_and_not_of_a_refusal(
    session, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run(session, Start())
        assert told == []
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        run_command(session.code, Close(), seen=session.version, actor=LEADER)
    assert told == [(session.code, "state")]


def test_the_same_seat_stays_the_same_participant(session):
    seat = uuid.uuid4()
    first = take_seat(session.code, seat, "inwoner")
    again = take_seat(session.code, seat, "wijkprofessional")
    assert first.pk == again.pk
    assert list(Participant.objects.values_list("role", flat=True)) == ["wijkprofessional"]


def test_a_vote_in_the_old_role_goes_when_somebody_changes_role_while_it_is_open(opened):
    person = sit(opened)
    cast_vote(Ballot(person.pk, 1, "al-begonnen"))
    take_seat(opened.code, person.seat, "beleidsambtenaar")
    assert Vote.objects.count() == 0


def test_after_the_end_nobody_comes_in_or_changes_role_and_who_was_there_stays(session):
    person = sit(session)
    run(session, Start(), Stop())
    for seat, role in ((uuid.uuid4(), "inwoner"), (uuid.uuid4(), ""), (person.seat, "wijkprofessional")):
        with pytest.raises(Refused, match="ended"):
            take_seat(session.code, seat, role)
    assert take_seat(session.code, person.seat, "inwoner") == person
    assert list(Participant.objects.values_list("role", flat=True)) == ["inwoner"]
    run(session, Reopen())
    assert sit(session, "wijkprofessional").role == "wijkprofessional"


def test_a_vote_of_a_closed_round_stays_in_the_role_it_was_given_in(opened):
    person = sit(opened)
    cast_vote(Ballot(person.pk, 1, "al-begonnen"))
    run(opened, Close())
    take_seat(opened.code, person.seat, "beleidsambtenaar")
    assert list(Vote.objects.values_list("role", "answer")) == [("inwoner", "al-begonnen")]


def test_a_vote_sent_twice_counts_once_and_a_changed_vote_counts_as_changed(opened):
    person = sit(opened)
    for answer in ("probleem", "probleem", "wens"):
        cast_vote(Ballot(person.pk, 1, answer))
    assert list(Vote.objects.values_list("participant", "answer", "role")) == [(person.pk, "wens", "inwoner")]


def test_of_two_votes_of_one_person_in_one_batch_the_last_counts(opened):
    person = sit(opened)
    assert cast_votes([Ballot(person.pk, 1, "probleem"), Ballot(person.pk, 1, "wens")]) == [None, None]
    assert Vote.objects.get().answer == "wens"


def test_one_bad_ballot_does_not_take_the_others_with_it(opened):
    good, watcher = sit(opened), sit(opened, "")
    ballots = [
        Ballot(good.pk, 1, "probleem"),
        Ballot(watcher.pk, 1, "probleem"),
        Ballot(good.pk + 1000, 1, "probleem"),
        Ballot(good.pk, 1, "opdracht"),
        Ballot(good.pk, 1, "bestaat-niet"),
        Ballot(good.pk, 7, "probleem"),
    ]
    assert cast_votes(ballots) == [
        None, "watching", "no-seat", "other-role", "unknown-answer", "round-old",
    ]  # fmt: skip
    assert list(Vote.objects.values_list("participant", "answer")) == [(good.pk, "probleem")]


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ((Undo(),), "round-reading"),
        ((Close(),), "round-closed"),
        ((Close(), Reveal()), "round-closed"),
        ((Pause(),), "paused"),
        ((Stop(),), "ended"),
    ],
)
def test_outside_an_open_round_no_vote_is_written(opened, commands, code):
    person = sit(opened)
    run(opened, *commands)
    with pytest.raises(Refused, match=code):
        cast_vote(Ballot(person.pk, 1, "probleem"))
    assert Vote.objects.count() == 0


def test_a_participant_of_another_session_cannot_vote_here(opened, team, alice):
    other = open_session(
        team=team, facilitator=alice, title="Elders", buurt="Bomenbuurt", phase="startfase", actor=LEADER
    )
    stranger = sit(other)
    with pytest.raises(Refused, match="round-old"):  # in their own session nobody votes yet
        cast_vote(Ballot(stranger.pk, 1, "probleem"))
    assert Vote.objects.count() == 0


def test_the_database_itself_refuses_a_second_vote(opened):
    person = sit(opened)
    round_ = Round.objects.get()
    values = {"round": round_, "participant": person, "role": "inwoner", "answer": "wens", "cast_at": timezone.now()}
    Vote.objects.create(**values)
    with pytest.raises(Exception, match=r"one_vote_per_place|UNIQUE"), transaction.atomic():
        Vote.objects.create(**values)


def test_hands_are_kept_per_answer_and_role_and_counting_again_replaces_them(opened):
    count_hands(opened.code, Count(1, {("inwoner", "probleem"): 4, ("inwoner", "wens"): 0}), actor=LEADER)
    count_hands(opened.code, Count(1, {("inwoner", "probleem"): 3}), actor=LEADER)
    assert list(HandCount.objects.values_list("role", "answer", "count")) == [("inwoner", "probleem", 3)]


@pytest.mark.parametrize(
    ("round_number", "hands", "code"),
    [
        (2, {}, "round-old"),
        (1, {("inwoner", "opdracht"): 1}, "other-role"),
        (1, {("inwoner", "bestaat-niet"): 1}, "unknown-answer"),
        (1, {("inwoner", "probleem"): 1000}, "hands-number"),
        (1, {("inwoner", "probleem"): -1}, "hands-number"),
    ],
)
def test_hands_that_cannot_be_leave_what_was_counted(opened, round_number, hands, code):
    count_hands(opened.code, Count(1, {("inwoner", "probleem"): 4}), actor=LEADER)
    with pytest.raises(Refused, match=code):
        count_hands(opened.code, Count(round_number, hands), actor=LEADER)
    assert list(HandCount.objects.values_list("answer", "count")) == [("probleem", 4)]


def test_hands_cannot_change_a_result_that_was_shown(opened):
    run(opened, Close(), Reveal())
    with pytest.raises(Refused, match="round-closed"):
        count_hands(opened.code, Count(1, {("inwoner", "probleem"): 4}), actor=LEADER)


@pytest.mark.parametrize(("command", "code"), [(Stop(), "ended"), (Pause(), "paused")])
def test_hands_are_not_counted_in_a_break_or_after_the_end(opened, command, code):
    count_hands(opened.code, Count(1, {("inwoner", "probleem"): 4}), actor=LEADER)
    run(opened, command)
    with pytest.raises(Refused, match=code):
        count_hands(opened.code, Count(1, {("inwoner", "probleem"): 5}), actor=LEADER)
    assert list(HandCount.objects.values_list("count", flat=True)) == [4]


PROBLEM, WISH = ("inwoner", "probleem"), ("inwoner", "wens")


def counted(round_number=1):
    rows = HandCount.objects.filter(round__number=round_number)
    return {(row.role, row.answer): row.count for row in rows}


def test_a_device_that_is_behind_wipes_no_hands_of_another(opened):
    """Two forms, both made when nothing was counted: the unit is the field."""
    nothing = {PROBLEM: 0, WISH: 0}
    count_hands(opened.code, Count(1, {PROBLEM: 7, WISH: 0}, nothing), actor=LEADER)
    count_hands(opened.code, Count(1, {PROBLEM: 0, WISH: 2}, nothing), actor=LEADER)
    assert counted() == {PROBLEM: 7, WISH: 2}
    with pytest.raises(Refused, match="hands-late"):
        count_hands(opened.code, Count(1, {PROBLEM: 5, WISH: 2}, nothing), actor=LEADER)
    count_hands(opened.code, Count(1, {PROBLEM: 7, WISH: 0}, nothing), actor=LEADER)  # the same number is no quarrel
    assert counted() == {PROBLEM: 7, WISH: 2}
    count_hands(opened.code, Count(1, {PROBLEM: 5}, {PROBLEM: 7}), actor=LEADER)
    assert counted() == {PROBLEM: 5, WISH: 2}


def test_hands_that_were_typed_travel_with_the_next_step_or_neither_happens(opened):
    typed = Count(1, {PROBLEM: 7}, {PROBLEM: 0})
    with pytest.raises(Refused, match="late"):
        run_command(opened.code, Close(), seen=opened.version - 1, count=typed, actor=LEADER)
    with pytest.raises(Refused, match="hands-number"):
        run_command(opened.code, Close(), seen=opened.version, count=Count(1, {PROBLEM: 1000}), actor=LEADER)
    assert (counted(), Round.objects.get().status) == ({}, "open")
    run_command(opened.code, Close(), seen=opened.version, count=typed, actor=LEADER)
    run(opened, Reveal())
    assert (counted(), Round.objects.get().status) == ({PROBLEM: 7}, "revealed")


def test_an_undo_takes_back_the_counting_and_not_the_step_before_it(opened):
    count_hands(opened.code, Count(1, {PROBLEM: 4}), actor=LEADER)
    count_hands(opened.code, Count(1, {PROBLEM: 7}), actor=LEADER)
    previous = read_state(GroupSession.objects.get()).previous
    assert (previous.step, previous.by) == ("hands", LEADER.name)
    run(opened, Undo())
    assert (counted(), Round.objects.get().status) == ({PROBLEM: 4}, "open")
    with pytest.raises(Refused, match="nothing-to-undo"):
        run(opened, Undo())


def test_counting_the_same_again_is_no_step(opened):
    count_hands(opened.code, Count(1, {PROBLEM: 4}), actor=LEADER)
    opened.refresh_from_db()
    before = opened.version
    count_hands(opened.code, Count(1, {PROBLEM: 4}), actor=LEADER)
    opened.refresh_from_db()
    assert opened.version == before


@pytest.mark.parametrize(
    ("steps", "answer"),
    [((*decide()[1:], Next()), "van-velen"), ((Close(), Again()), "probleem")],
    ids=["next", "again"],
)
def test_an_undo_never_throws_hands_away_that_come_along_with_it(opened, steps, answer):
    run(opened, *steps)
    typed = Count(2, {("inwoner", answer): 7})
    with pytest.raises(Refused, match="undo-counted"):
        run_command(opened.code, Undo(), seen=opened.version, count=typed, actor=LEADER)
    assert Round.objects.count() == 2
    run(opened, Undo())
    assert Round.objects.count() == 1


def test_hands_that_travelled_with_a_step_stay_when_it_is_undone(opened):
    run_command(opened.code, Close(), seen=opened.version, count=Count(1, {PROBLEM: 7}), actor=LEADER)
    run(opened, Undo())
    assert (counted(), Round.objects.get().status) == ({PROBLEM: 7}, "open")


def test_a_vote_that_was_closed_too_early_goes_on_with_its_votes(opened):
    early, late = sit(opened), sit(opened)
    cast_vote(Ballot(early.pk, 1, "probleem"))
    run(opened, Close(), Pause(), Resume(), Continue())
    cast_vote(Ballot(late.pk, 1, "wens"))
    assert list(Vote.objects.order_by("pk").values_list("answer", flat=True)) == ["probleem", "wens"]


def test_a_vote_whose_result_was_seen_is_not_opened_again_also_not_after_an_undo(opened):
    run(opened, Close(), Reveal(), Undo())
    with pytest.raises(Refused, match="not-now"):
        run(opened, Continue())


def test_a_vote_that_is_taken_back_is_gone_until_it_is_given_again(opened, told, django_capture_on_commit_callbacks):
    person, other = sit(opened), sit(opened)
    cast_votes([Ballot(person.pk, 1, "probleem"), Ballot(other.pk, 1, "wens")])
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        cast_vote(Ballot(person.pk, 1, ""))
    assert (list(Vote.objects.values_list("participant", "answer")), told) == (
        [(other.pk, "wens")],
        [(opened.code, "counts")],
    )
    cast_vote(Ballot(person.pk, 1, ""))  # sent twice is harmless
    assert cast_votes([Ballot(person.pk, 1, ""), Ballot(person.pk, 1, "wens")]) == [None, None]
    assert Vote.objects.count() == 2


def test_a_vote_is_not_taken_back_after_the_close(opened):
    person = sit(opened)
    cast_vote(Ballot(person.pk, 1, "probleem"))
    run(opened, Close())
    with pytest.raises(Refused, match="round-closed"):
        cast_vote(Ballot(person.pk, 1, ""))
    assert Vote.objects.count() == 1


def test_a_vote_from_a_tab_that_shows_the_old_role_is_not_stored_as_the_new_one(opened):
    person = sit(opened)
    take_seat(opened.code, person.seat, "wijkprofessional")
    with pytest.raises(Refused, match="role-changed"):
        cast_vote(Ballot(person.pk, 1, "probleem", "inwoner"))
    assert Vote.objects.count() == 0
    cast_vote(Ballot(person.pk, 1, "probleem", "wijkprofessional"))
    assert Vote.objects.get().role == "wijkprofessional"


def test_a_plan_line_of_another_trajectory_is_not_written(session, team, alice):
    other = open_session(
        team=team, facilitator=alice, title="Elders", buurt="Bomenbuurt", phase="startfase", actor=LEADER
    )
    line = add_plan_line(other.trajectory_id, "actie", {}, actor=LEADER)
    with pytest.raises(Refused, match="unknown-line"):
        write_plan_line(session.trajectory_id, line.pk, {"text-0": "mis"}, was={}, actor=LEADER)
    assert PlanLine.objects.get().texts == []


def test_only_known_kinds_of_plan_lines_can_be_added(session):
    with pytest.raises(Refused, match="unknown-line"):
        add_plan_line(session.trajectory_id, "wet", {}, actor=LEADER)
    assert PlanLine.objects.count() == 0


def test_old_practice_goes_and_real_sessions_stay(session, team, alice):
    practice = open_session(
        team=team, facilitator=alice, title="Oefenen", buurt="X", phase="startfase", practice=True, actor=LEADER
    )
    young = open_session(
        team=team, facilitator=alice, title="Oefenen", buurt="X", phase="startfase", practice=True, actor=LEADER
    )
    sit(practice)
    old = timezone.now() - timedelta(hours=25)
    GroupSession.objects.filter(pk__in=[practice.pk, session.pk]).update(created_at=old)
    assert delete_old_practice(24) == 1
    assert set(GroupSession.objects.values_list("pk", flat=True)) == {session.pk, young.pk}


def test_somebody_seen_again_is_present_again(session):
    person = sit(session)
    Participant.objects.update(seen_at=timezone.now() - timedelta(hours=3))
    mark_seen([person.pk])
    assert Participant.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_votes_from_many_threads_while_the_round_closes_are_all_written_or_all_refused(edition, team, alice):
    """Two writers at once: what was acknowledged is on disk, what was refused is not."""
    session = open_session(
        team=team, facilitator=alice, title="Druk", buurt="Vogelbuurt", phase="startfase", actor=LEADER
    )
    run(session, Start(), Open())
    people = [sit(session) for _ in range(24)]
    outcome = {}

    def vote(person):
        try:
            outcome[person.pk] = cast_votes([Ballot(person.pk, 1, "probleem")])[0]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=vote, args=(person,)) for person in people]
    for thread in threads[:12]:
        thread.start()
    run(session, Close())
    for thread in threads[12:]:
        thread.start()
    for thread in threads:
        thread.join(60)
    acknowledged = {person for person, refusal in outcome.items() if refusal is None}
    assert set(Vote.objects.values_list("participant", flat=True)) == acknowledged
    assert set(outcome.values()) <= {None, "round-closed"}
    assert [outcome[person.pk] for person in people[12:]] == ["round-closed"] * 12
    assert connection.vendor in ("sqlite", "postgresql")


def test_a_fault_that_is_no_taken_code_is_not_taken_for_one(edition, team, alice, monkeypatch):
    tried = []

    def fail(**words):
        tried.append(words["code"])
        raise IntegrityError("NOT NULL constraint failed")

    monkeypatch.setattr(GroupSession.objects, "create", fail)
    with pytest.raises(IntegrityError):
        open_session(team=team, facilitator=alice, title="Veilig", buurt="Vogelbuurt", phase="startfase", actor=LEADER)
    assert len(tried) == 1


def test_the_end_of_a_meeting_and_of_its_last_vote_are_one_moment(session):
    for command in (Start(), Open(), Stop()):
        run_command(session.code, command, seen=GroupSession.objects.get(pk=session.pk).version, actor=LEADER)
    ended = GroupSession.objects.get(pk=session.pk)
    assert ended.ended_at == ended.acted_at == ended.rounds.get().closed_at


def test_lines_that_were_struck_out_do_not_go_on_for_ever(session):
    PlanLine.objects.bulk_create(
        PlanLine(trajectory=session.trajectory, session=session, kind="actie", prompt="", struck=True)
        for _ in range(MOST_WITH_STRUCK)
    )
    with pytest.raises(Refused, match="too-many-struck"):
        add_plan_line(session.trajectory_id, "actie", {}, actor=LEADER)
