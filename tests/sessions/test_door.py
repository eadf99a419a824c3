"""One person has one vote: who comes in while a vote is open waits, and the door can be shut."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from content.languages import BASE
from sessions.models import GroupSession, Participant, Vote
from sessions.reading import read_session, show_beamer, show_console, show_phone
from sessions.rules.asking import Ballot
from sessions.rules.commands import (
    Again,
    Chairs,
    Close,
    Command,
    Decide,
    LetIn,
    Next,
    Open,
    OpenDoor,
    Reveal,
    ShutDoor,
    Split,
    Start,
    Undo,
)
from sessions.rules.refusals import Refused
from sessions.writing.meetings import open_session
from sessions.writing.seats import give_up_seat, send_away_last, take_seat
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER

pytestmark = pytest.mark.django_db

INW, PRO = "inwoner", "wijkprofessional"
FIRST, SECOND = "probleem", "van-velen"


def do(session: GroupSession, *commands: Command) -> None:
    for command in commands:
        run_command(session.code, command, seen=GroupSession.objects.get(pk=session.pk).version, actor=LEADER)


def sit(session: GroupSession, role: str = INW) -> Participant:
    return take_seat(session.code, uuid.uuid4(), role)


def vote(person: Participant, number: int, answer: str) -> str | None:
    """What refuses the vote, or None."""
    try:
        cast_vote(Ballot(person.pk, number, answer))
    except Refused as refusal:
        return refusal.code
    return None


def decide() -> Command:
    return Decide(answer=FIRST, how="talk", why="Daar zijn we het over eens.")


@pytest.fixture
def second(session) -> GroupSession:
    """A session in which three inwoners stand at the second question, and the vote is open."""
    for _ in range(3):
        sit(session)
    do(session, Start(), Open(), Close(), Reveal(), Split(), decide())
    do(session, Next(), Open())
    return session


def turnout(session: GroupSession) -> tuple[int, int]:
    shown = show_beamer(read_session(session.code, BASE)).turnout
    assert shown
    return shown.voted, shown.entitled


# ---- Who comes in while a vote is open ----


def test_nobody_waits_at_the_first_question(session):
    do(session, Start(), Open())
    assert vote(sit(session), 1, FIRST) is None
    do(session, Close(), Again(), Open())
    assert vote(sit(session), 2, FIRST) is None


def test_who_comes_in_while_a_later_vote_is_open_waits_and_is_not_in_the_turnout(second):
    late = sit(second)
    assert vote(late, 2, SECOND) == "waits"
    assert turnout(second) == (0, 3)
    desk = show_console(read_session(second.code, BASE))
    assert (desk.waiting, desk.people, "letin" in desk.allowed) == (1, 4, True)
    seen = show_phone(read_session(second.code, BASE), INW, waits=True)
    assert (seen.choices, seen.stage.question is not None) == ((), True)


def test_one_button_lets_in_all_who_wait_and_nobody_who_comes_after(second):
    early, later = sit(second), sit(second, PRO)
    do(second, LetIn())
    assert (vote(early, 2, SECOND), vote(later, 2, SECOND)) == (None, None)
    after = sit(second)
    assert vote(after, 2, SECOND) == "waits"
    assert (turnout(second), show_console(read_session(second.code, BASE)).waiting) == ((2, 5), 1)


def test_the_close_tells_who_still_waits_and_at_the_next_vote_nobody_waits(second):
    late = sit(second)
    do(second, Close())
    assert show_console(read_session(second.code, BASE)).waiting == 1
    do(second, Again(), Open())
    assert vote(late, 3, SECOND) is None
    assert turnout(second) == (1, 4)


def test_five_hundred_seats_of_one_client_add_nothing_to_an_open_vote(second):
    for _ in range(500):
        assert vote(sit(second), 2, SECOND) == "waits"
    assert (turnout(second), Vote.objects.filter(round__number=2).count()) == ((0, 3), 0)


def test_in_a_practice_nobody_waits(team, alice, edition):
    practice = open_session(
        team=team,
        facilitator=alice,
        title="Oefenen",
        buurt="Vogelbuurt",
        phase="startfase",
        practice=True,
        actor=LEADER,
    )
    do(practice, Start(), Open(), Close(), Reveal(), Split(), decide())
    do(practice, Next(), Open())
    assert vote(sit(practice), 2, SECOND) is None


def test_who_was_in_already_and_changes_role_does_not_wait(second):
    person = Participant.objects.first()
    take_seat(second.code, person.seat, PRO)
    assert vote(person, 2, SECOND) is None


def test_the_same_seat_that_joins_again_keeps_waiting(second):
    late = sit(second)
    take_seat(second.code, late.seat, INW)
    assert vote(late, 2, SECOND) == "waits"


# ---- The door ----


def test_a_shut_door_keeps_new_phones_out_and_lets_the_others_go_on(session):
    inside = sit(session)
    do(session, ShutDoor(), Start(), Open())
    with pytest.raises(Refused, match="door-shut"):
        sit(session)
    assert take_seat(session.code, inside.seat, PRO).pk == inside.pk
    assert vote(inside, 1, FIRST) is None
    assert show_beamer(read_session(session.code, BASE)).stage.door_shut
    do(session, OpenDoor())
    sit(session)


def test_a_door_that_was_forgotten_opens_by_itself_after_three_hours(session):
    do(session, ShutDoor())
    GroupSession.objects.update(acted_at=timezone.now() - timedelta(hours=2, minutes=59))
    session.refresh_from_db()
    assert session.is_door_shut
    GroupSession.objects.update(acted_at=timezone.now() - timedelta(hours=3, minutes=1))
    session.refresh_from_db()
    assert not session.is_door_shut
    sit(session)


def test_the_console_tells_how_many_phones_there_are_beyond_the_chairs(session):
    for _ in range(5):
        sit(session)
    assert show_console(read_session(session.code, BASE)).surplus == 0
    do(session, Chairs(number=3))
    desk = show_console(read_session(session.code, BASE))
    assert (desk.chairs, desk.surplus) == (3, 2)
    do(session, Chairs(number=0))
    assert show_console(read_session(session.code, BASE)).chairs is None


@pytest.mark.parametrize("number", [-1, 10_000])
def test_an_odd_number_of_chairs_is_refused(session, number):
    with pytest.raises(Refused, match="chairs-number"):
        do(session, Chairs(number=number))


# ---- Sent away ----


def seen(session: GroupSession) -> int:
    return GroupSession.objects.get(pk=session.pk).version


def test_the_last_ones_in_can_be_sent_away_with_their_votes(second):
    do(second, LetIn())
    first = list(Participant.objects.order_by("pk"))
    rude = [sit(second) for _ in range(4)]
    do(second, LetIn())
    for person in (*first, *rude):
        assert vote(person, 2, SECOND) is None
    assert send_away_last(second.code, 4, seen=seen(second), actor=LEADER) == 4
    assert list(Participant.objects.order_by("pk")) == first
    assert turnout(second) == (3, 3)


def test_after_a_reveal_the_votes_of_who_is_sent_away_stay_in_what_was_shown(second):
    people = list(Participant.objects.order_by("pk"))
    for person in people:
        vote(person, 2, SECOND)
    do(second, Close(), Reveal())
    before = show_beamer(read_session(second.code, BASE)).stage.result
    send_away_last(second.code, 2, seen=seen(second), actor=LEADER)
    assert show_beamer(read_session(second.code, BASE)).stage.result == before
    assert list(Vote.objects.order_by("pk").values_list("participant", "answer")) == [
        (people[0].pk, SECOND), (None, SECOND), (None, SECOND),
    ]  # fmt: skip


def test_pressing_twice_sends_away_once(session):
    for _ in range(5):
        sit(session)
    version = seen(session)
    send_away_last(session.code, 2, seen=version, actor=LEADER)
    with pytest.raises(Refused, match="late"):
        send_away_last(session.code, 2, seen=version, actor=LEADER)
    assert Participant.objects.count() == 3


# ---- "Wis wat van mij is" ----


def test_wiping_takes_a_vote_that_was_not_shown_and_leaves_a_shown_one_as_nobodys(second):
    person, *others = Participant.objects.order_by("pk")
    for one in (person, *others):
        vote(one, 2, SECOND)
    do(second, Close(), Reveal(), Again(), Open())
    vote(person, 3, SECOND)
    give_up_seat(person)
    left: list[Any] = list(Vote.objects.order_by("pk").values_list("round__number", "participant"))
    assert left == [(2, None), *((2, other.pk) for other in others)]
    assert Vote.objects.get(participant=None).cast_at is None
    assert not Participant.objects.filter(pk=person.pk).exists()


def test_a_result_that_was_shown_and_taken_back_still_counts_as_shown(second):
    person = Participant.objects.order_by("pk").first()
    vote(person, 2, SECOND)
    do(second, Close(), Reveal(), Undo())
    give_up_seat(person)
    assert Vote.objects.values_list("participant", flat=True).get() is None
