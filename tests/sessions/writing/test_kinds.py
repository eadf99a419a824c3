"""Every kind of round on the one road: the same votes, hands, count and floor."""

import uuid

import pytest

from content.editions import load_library
from content.languages import BASE
from sessions.models import GroupSession, Round, Vote
from sessions.rows import read_state
from sessions.rules.asking import MOST_PLACES, Ballot
from sessions.rules.refusals import Reason
from sessions.rules.results import convert_result
from sessions.rules.state import Option
from sessions.writing.hands import Count, count_hands
from sessions.writing.results import keep_result
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_votes
from tests.actors import LEADER

ROLES = ("inwoner", "wijkprofessional", "beleidsambtenaar")
KEPT = (Option("gelukt", "Gelukt", ROLES), *(Option(slug, slug, ROLES[:1]) for slug in ("bezig", "c", "d")))
OF_A_TREE = {"question": "", "other-role": "wijkprofessional"}
KINDS = [*OF_A_TREE, "warm-up", "consent", "support", "sort", "check", "progress"]


@pytest.fixture(params=KINDS)
def asked(request, session) -> Round:
    """A round of each kind, open."""
    kind = request.param
    texts = {"kind": kind, "subject": "" if kind in OF_A_TREE else "regel 3", "status": "open", "phase": "startfase"}
    options = [] if kind in OF_A_TREE else [{"slug": o.slug, "text": o.text, "roles": o.roles} for o in KEPT]
    row = session.rounds.create(number=1, node="aanleiding" if kind in OF_A_TREE else "", options=options, **texts)
    GroupSession.objects.filter(pk=session.pk).update(current_round=1)
    session.refresh_from_db()
    return row


def answer_of(row: Round) -> str:
    return answers_of(row)[0]


def answers_of(row: Round) -> list[str]:
    return ["probleem", "wens"] if row.kind in OF_A_TREE else [option.slug for option in KEPT]


def cast(row: Round, *people, choices: int = 1) -> list[Reason | None]:
    cast_as, (first, *more) = OF_A_TREE.get(row.kind, ""), answers_of(row)[:choices]
    return cast_votes([Ballot(who.pk, 1, first, cast_as=cast_as, more=tuple(more)) for who in people])


def seat(session, number: int):
    return [take_seat(session.code, uuid.uuid4(), "inwoner") for _ in range(number)]


def test_a_round_is_read_as_it_was_kept(asked, session):
    current = read_state(session).current
    assert (current.kind, current.subject) == (asked.kind, asked.subject)
    assert current.options == (() if asked.kind in OF_A_TREE else KEPT)


def test_three_phones_and_raised_hands_give_a_result(asked, session):
    people = seat(session, 3)
    assert cast(asked, *people) == [None] * 3
    assert cast(asked, people[0]) == [None]  # the same vote counts once
    count_hands(session.code, Count(1, {("wijkprofessional", answer_of(asked)): 2}), actor=LEADER)
    keep_result(asked, load_library(session.edition_id, BASE))
    tally = convert_result(asked.result)
    assert (tally.totals[0], tally.phones, tally.hands, tally.held_back) == (5, 3, 2, 0)


def test_hands_alone_do(asked, session):
    count_hands(session.code, Count(1, {("inwoner", answer_of(asked)): 4}), actor=LEADER)
    keep_result(asked, load_library(session.edition_id, BASE))
    assert convert_result(asked.result).totals[0] == 4


def test_two_phones_are_held_back_however_many_choices_each_makes(asked, session):
    people = seat(session, 2)
    assert cast(asked, *people, choices=MOST_PLACES.get(asked.kind, 1)) == [None] * 2
    keep_result(asked, load_library(session.edition_id, BASE))
    tally = convert_result(asked.result)
    assert (sum(tally.totals), tally.phones, tally.held_back) == (0, 0, 2)


def test_a_choice_too_many_is_refused_whole_and_a_ballot_takes_the_place_of_the_one_before(asked, session):
    people = seat(session, 1)
    places = MOST_PLACES.get(asked.kind, 1)
    assert cast(asked, *people, choices=places) == [None]
    assert cast(asked, *people, choices=places + 1) == [Reason.TOO_MANY_CHOICES]
    assert list_votes() == answers_of(asked)[:places]
    assert cast(asked, *people) == [None]
    assert list_votes() == answers_of(asked)[:1]
    assert cast_votes([Ballot(people[0].pk, 1, "")]) == [None]
    assert list_votes() == []


def list_votes() -> list[str]:
    return list(Vote.objects.order_by("place").values_list("answer", flat=True))


def test_a_vote_knows_its_source_and_the_role_it_is_cast_as(asked, session):
    (person,) = seat(session, 1)
    ballot = Ballot(person.pk, 1, answer_of(asked), cast_as=OF_A_TREE.get(asked.kind, ""), source="table")
    assert cast_votes([ballot]) == [None]
    vote = Vote.objects.get()
    assert (vote.role, vote.source, vote.cast_as) == ("inwoner", "table", ballot.cast_as)
