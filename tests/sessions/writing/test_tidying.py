"""What goes by itself, and that no page changes by it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from facilitation.live.house import tidy
from sessions.models import GroupSession, Participant, Round, Vote
from sessions.rules.asking import Ballot
from sessions.rules.commands import Again, Back, Next, Open, Reopen, Split, Start, Stop, Undo
from sessions.rules.refusals import Refused
from sessions.writing.meetings import delete_session
from sessions.writing.seats import take_seat
from sessions.writing.tidying import delete_old_seats, unlink_old_votes
from sessions.writing.votes import cast_vote
from tests.actors import LEADER
from tests.facilitation.walking import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(session) -> Group:
    """A whole meeting: a vote, one again, a step back, hands, somebody who only looked in, and an open vote."""
    group = Group(session, inwoner=5, wijkprofessional=1, beleidsambtenaar=3)
    group.do(Start())
    group.reveal(*"AABBAABAB")
    group.do(Again())
    group.reveal(*"ABABABABA")
    group.do(Split())
    group.decide()
    group.do(Next(), Back(why="We misten iemand."), Open())
    group.vote(*"AAB")
    Participant.objects.filter(pk=group.phones[-1].pk).update(seen_at=group.phones[-1].joined_at)
    return group


def ago(session: GroupSession, **times: timedelta) -> None:
    GroupSession.objects.filter(pk=session.pk).update(**{name: timezone.now() - time for name, time in times.items()})


def pages(client: Any, session: GroupSession) -> dict[str, str]:
    """Everything a team reads back, without tokens, versions and how the meeting stands now."""
    paths = ("/bijeenkomsten", *(f"/b/{session.code}/{page}" for page in ("verslag", "verslag.txt")))
    paths = (*paths, f"/t/{session.trajectory_id}/plan")
    return {
        path: re.sub(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}", "TOKEN", client.get(path).content.decode()) for path in paths
    }


def test_a_day_after_the_end_no_vote_is_anybodys_and_every_page_reads_the_same(evening, session, client_of, alice):
    evening.do(Stop())
    ago(session, ended_at=timedelta(hours=25), acted_at=timedelta(hours=25))
    client = client_of(alice)
    before = pages(client, session)
    assert unlink_old_votes() == 1
    assert Vote.objects.exclude(participant=None, cast_at=None).count() == 0
    assert Vote.objects.count() == 21
    assert pages(client, session) == before
    assert unlink_old_votes() == 0


def test_within_a_day_after_the_end_votes_are_still_of_their_phones(evening, session):
    evening.do(Stop())
    ago(session, ended_at=timedelta(hours=23), acted_at=timedelta(hours=23))
    assert unlink_old_votes() == 0
    assert Vote.objects.filter(participant=None).count() == 0


@pytest.mark.parametrize(("days", "is_over"), [(6, False), (8, True)])
def test_a_meeting_that_nobody_ended_is_over_a_week_after_its_last_command(evening, session, days, is_over):
    ago(session, created_at=timedelta(days=90), acted_at=timedelta(days=days))
    assert unlink_old_votes() == is_over
    assert Vote.objects.filter(participant=None).exists() == is_over


def test_a_prepared_meeting_is_not_over_before_it_began(session):
    ago(session, created_at=timedelta(days=90))
    assert unlink_old_votes() == 0


def test_a_vote_that_was_left_open_is_closed_and_takes_no_more_votes(evening, session):
    ago(session, acted_at=timedelta(days=8))
    unlink_old_votes()
    round_ = Round.objects.order_by("-number").first()
    assert (round_.status, round_.sealed, round_.votes.count()) == ("closed", True, 3)
    with pytest.raises(Refused, match="round-closed"):
        cast_vote(Ballot(evening.phones[5].pk, round_.number, "probleem"))
    with pytest.raises(Refused, match="nothing-to-undo"):
        evening.do(Undo())


def test_after_reopening_voting_again_makes_a_round_that_takes_votes(evening, session):
    evening.do(Stop())
    ago(session, ended_at=timedelta(days=2))
    unlink_old_votes()
    evening.do(Reopen(), Again(), Open())
    cast_vote(Ballot(evening.phones[0].pk, evening.state.current.number, "probleem"))
    ago(session, acted_at=timedelta(days=8))
    assert unlink_old_votes() == 1


def test_ending_closes_an_open_vote(evening):
    evening.do(Stop())
    assert evening.state.current.status == "closed"


def test_seats_go_after_thirty_days_and_every_page_reads_the_same(evening, session, client_of, alice):
    evening.do(Stop())
    client = client_of(alice)
    before = pages(client, session)
    assert "5 inwoners" in before[f"/b/{session.code}/verslag"]
    ago(session, ended_at=timedelta(days=31), acted_at=timedelta(days=31))
    before = pages(client, session)
    unlink_old_votes()
    Participant.objects.update(seen_at=timezone.now() - timedelta(days=31))
    assert delete_old_seats() == 9
    assert (Participant.objects.count(), Vote.objects.count()) == (0, 21)
    assert pages(client, session) == before


def test_seats_stay_for_thirty_days(evening):
    Participant.objects.update(seen_at=timezone.now() - timedelta(days=29))
    assert delete_old_seats() == 0


def test_a_phone_that_comes_later_gets_a_new_seat(evening, session):
    seat = evening.phones[0].seat
    Participant.objects.update(seen_at=timezone.now() - timedelta(days=31))
    delete_old_seats()
    assert take_seat(session.code, seat, "inwoner").pk != evening.phones[0].pk


def test_who_only_looked_in_did_not_take_part(session, client_of, alice):
    """The scanner's own view takes a seat and is left at once; the real browser votes."""
    group = Group(session, inwoner=4)
    ghost = group.phones[-1]
    group.do(Start())
    group.reveal("A", "A", "B")
    Participant.objects.filter(pk=ghost.pk).update(
        joined_at=timezone.now() - timedelta(minutes=9), seen_at=timezone.now() - timedelta(minutes=8)
    )
    page = client_of(alice).get(f"/b/{session.code}/verslag").content.decode()
    assert re.findall(r"\d+ inwoners?", page)[0] == "3 inwoners"


def test_an_evening_of_hands_alone_was_not_an_evening_of_nobody(session, client_of, alice):
    from sessions.writing.hands import Count, count_hands

    group = Group(session)
    group.do(Start(), Open())
    count_hands(
        session.code,
        Count(1, {("inwoner", "probleem"): 9, ("inwoner", "wens"): 2, ("wijkprofessional", "wens"): 2}),
        actor=LEADER,
    )
    client = client_of(alice)
    summary = client.get(f"/b/{session.code}/verslag").content.decode()
    assert ("11 inwoners" in summary, "2 wijkprofessionals" in summary, "Nog niemand deed mee" in summary) == (
        True, True, False,
    )  # fmt: skip
    assert "Nog niemand binnen" not in client.get("/bijeenkomsten").content.decode()


# ---- A meeting that was deleted ----


def ago_deleted(**times: timedelta) -> None:
    GroupSession.everything.update(**{name: timezone.now() - time for name, time in times.items()})


def test_a_deleted_meeting_with_seats_of_long_ago_really_goes_and_holds_up_nothing(evening, session):
    delete_session(session.code, actor=LEADER)
    ago_deleted(deleted_at=timedelta(days=8))
    Participant.objects.update(seen_at=timezone.now() - timedelta(days=31), took_part=True)
    tidy()
    assert [kind.objects.count() for kind in (Participant, Round, Vote)] == [0, 0, 0]
    assert not GroupSession.everything.exists()


def test_while_it_can_be_brought_back_its_votes_and_seats_go_as_promised(evening, session):
    delete_session(session.code, actor=LEADER)
    ago_deleted(acted_at=timedelta(days=8))
    assert unlink_old_votes() == 1
    assert (Vote.objects.count(), Vote.objects.exclude(participant=None, cast_at=None).count()) == (21, 0)
    Participant.objects.update(seen_at=timezone.now() - timedelta(days=31))
    assert delete_old_seats() == 9
    assert GroupSession.everything.get().gone == {"inwoner": 5, "wijkprofessional": 1, "beleidsambtenaar": 3}
