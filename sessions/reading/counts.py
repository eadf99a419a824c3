"""Counting people and votes."""

from typing import NamedTuple

from django.db import connection

from content.graph import Role
from sessions.models import HandCount, Participant, Round, Vote
from sessions.reading.present import present_since
from sessions.reading.shapes import People, Reading, RoleTurnout, Turnout
from sessions.rules.state import Asking
from sessions.rules.tally import Votes
from sessions.statements import ask, table

# Written out: a room counts several times a second. One statement, so that all of it is of one moment: read after each
# other, votes that come in between would be missing here and not there, and a wall would say "0 van 10".
_HERE = f"(SELECT id FROM {table(Round)} WHERE session_id = %s AND number = %s)"
_NUMBERS = (
    # Phones, not choices: of several the first stands for all.
    f"SELECT 'phones', role, answer, COUNT(*), 0 FROM {table(Vote)}"
    f" WHERE place = 0 AND round_id = {_HERE} GROUP BY role, answer"
    f" UNION ALL SELECT 'hands', role, answer, count, 0 FROM {table(HandCount)} WHERE round_id = {_HERE}"
    " UNION ALL SELECT 'people', person.role,"
    " CASE WHEN person.waits_round = %s AND person.waits_turn >= %s THEN 'waits' ELSE '' END AS waits,"
    f" COUNT(*), COUNT(*) - COUNT(vote.id) FROM {table(Participant)} AS person LEFT JOIN {table(Vote)} AS vote"
    f" ON vote.participant_id = person.id AND vote.place = 0 AND vote.round_id = {_HERE}"
    " WHERE person.session_id = %s AND person.seen_at >= %s GROUP BY person.role, waits ORDER BY 1, 2, 3"
)


class Numbers(NamedTuple):
    """What changes with every vote: the round of now as phones and hands filled it, and who is here."""

    votes: tuple[Votes, ...]
    hands: tuple[Votes, ...]
    people: tuple[People, ...]


def count_now(session: int, current: Asking | None) -> Numbers:
    """The numbers of a session (its key), all of one moment."""
    number, let_ins = (current.number, current.let_ins) if current else (0, 0)
    since = connection.ops.adapt_datetimefield_value(present_since())
    here = [session, number]
    rows = ask(_NUMBERS, [*here, *here, number, let_ins, *here, session, since])
    return Numbers(
        tuple(Votes(role, answer, count) for kind, role, answer, count, _ in rows if kind == "phones"),
        tuple(Votes(role, answer, count) for kind, role, answer, count, _ in rows if kind == "hands"),
        tuple(People(role, bool(waits), here, silent) for kind, role, waits, here, silent in rows if kind == "people"),
    )


def count_able(reading: Reading) -> dict[str, int]:
    """The phones of each role that voted in this round or still can. Who voted and went home counts."""
    return {
        role.slug: sum(vote.number for vote in reading.votes if vote.role == role.slug)
        + reading.count_silent(role.slug)
        for role in reading.library.roles
    }


def show_turnout_per_role(reading: Reading) -> tuple[RoleTurnout, ...]:
    able = count_able(reading)

    def count(role: Role) -> RoleTurnout:
        hands = sum(hand.number for hand in reading.hands if hand.role == role.slug)
        voted = able[role.slug] - reading.count_silent(role.slug)
        # A counted hand is a person without a phone.
        return RoleTurnout(role, reading.count_here(role.slug), voted + hands, able[role.slug] + hands)

    return tuple(count(role) for role in reading.library.roles)


def show_turnout(reading: Reading) -> Turnout:
    roles = show_turnout_per_role(reading)
    phones, hands = sum(vote.number for vote in reading.votes), sum(hand.number for hand in reading.hands)
    return Turnout(sum(role.voted for role in roles), sum(role.entitled for role in roles), phones, hands)
