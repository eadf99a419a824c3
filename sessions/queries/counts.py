"""Counting people and votes."""

from django.db import connection

from content.graph import Role
from sessions import machine
from sessions.models import Participant, Round, Vote
from sessions.queries.present import present_since
from sessions.queries.shapes import People, RoleTurnout, Turnout, Walk
from sessions.statements import ask, table

# Written out: a room counts several times a second.
_PEOPLE = (
    "SELECT person.role, CASE WHEN person.waits_round = %s AND person.waits_turn >= %s THEN 1 ELSE 0 END AS waits,"
    f" COUNT(*), COUNT(*) - COUNT(vote.id) FROM {table(Participant)} AS person LEFT JOIN {table(Vote)} AS vote"
    f" ON vote.participant_id = person.id AND vote.round_id ="
    f" (SELECT id FROM {table(Round)} WHERE session_id = %s AND number = %s)"
    " WHERE person.session_id = %s AND person.seen_at >= %s GROUP BY person.role, waits ORDER BY person.role, waits"
)


def count_people(session: int, current: machine.Round | None) -> tuple[People, ...]:
    """Who is here, per role."""
    number, let_ins = (current.number, current.let_ins) if current else (0, 0)
    since = connection.ops.adapt_datetimefield_value(present_since())
    rows = ask(_PEOPLE, [number, let_ins, session, number, session, since])
    return tuple(People(role, bool(waits), here, silent) for role, waits, here, silent in rows)


def count_able(walk: Walk) -> dict[str, int]:
    """The phones of each role that voted in this round or still can. Who voted and went home counts."""
    return {
        role.slug: sum(vote.number for vote in walk.votes if vote.role == role.slug) + walk.count_silent(role.slug)
        for role in walk.library.roles
    }


def show_turnout_per_role(walk: Walk) -> tuple[RoleTurnout, ...]:
    able = count_able(walk)

    def count(role: Role) -> RoleTurnout:
        hands = sum(hand.number for hand in walk.hands if hand.role == role.slug)
        voted = able[role.slug] - walk.count_silent(role.slug)
        # A counted hand is a person without a phone.
        return RoleTurnout(role, walk.count_here(role.slug), voted + hands, able[role.slug] + hands)

    return tuple(count(role) for role in walk.library.roles)


def show_turnout(walk: Walk) -> Turnout:
    roles = show_turnout_per_role(walk)
    phones, hands = sum(vote.number for vote in walk.votes), sum(hand.number for hand in walk.hands)
    return Turnout(sum(role.voted for role in roles), sum(role.entitled for role in roles), phones, hands)
