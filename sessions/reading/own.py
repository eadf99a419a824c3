"""One participant: who holds a seat, and what they chose, for that participant alone."""

import uuid
from collections.abc import Iterable

from django.db import connection

from sessions.models import GroupSession, Participant, Proposal, Round, Vote
from sessions.rules.asking import UNCLOSED
from sessions.rules.state import Frozen
from sessions.statements import ask, table

# Written out: a hall that comes in asks these two or three times for each phone.
_SESSION = f"SELECT * FROM {table(GroupSession)} WHERE code = %s AND deleted_at IS NULL"
_PERSON = f"SELECT * FROM {table(Participant)} WHERE session_id = %s AND seat = %s"
_OWN_VOTE = (
    f"SELECT vote.answer FROM {table(Round)} asked JOIN {table(Vote)} vote ON vote.round_id = asked.id"
    " WHERE asked.session_id = %s AND asked.number = %s AND vote.participant_id = %s ORDER BY vote.place"
)
_OWN_LINES = (
    f"SELECT line.handle, line.words, line.status FROM {table(Round)} asked JOIN {table(Proposal)} line"
    " ON line.round_id = asked.id"
    " WHERE asked.session_id = %s AND asked.number = %s AND line.participant_id = %s ORDER BY line.id"
)


class OwnLine(Frozen, frozen=True):
    """A line that this phone proposed, and what became of it: `waiting`, `shown` or `parked`."""

    handle: str
    words: str
    status: str


def find_seated_person(code: str, seat: uuid.UUID) -> Participant | None:
    """Who holds this seat of the session with this code, with that session; None when it is deleted."""
    session = next(iter(GroupSession.objects.raw(_SESSION, [code])), None)
    if session is None:
        return None
    held = Participant._meta.get_field("seat").get_db_prep_value(seat, connection)
    person = next(iter(Participant.objects.raw(_PERSON, [session.pk, held])), None)
    if person:
        person.session = session
    return person


def read_own_vote(participant: Participant, round_number: int) -> tuple[str, ...]:
    """What this participant chose in this round, for that participant alone."""
    return tuple(answer for (answer,) in ask(_OWN_VOTE, [participant.session_id, round_number, participant.pk]))


def read_own_lines(participant: Participant, round_number: int) -> tuple[OwnLine, ...]:
    """What this participant proposed in this round, for that participant alone."""
    return tuple(OwnLine(*row) for row in ask(_OWN_LINES, [participant.session_id, round_number, participant.pk]))


def read_voted_round(participant: Participant) -> int | None:
    """The round that is not closed yet and has a vote of this participant: a change of role takes it back."""
    return (
        Vote.objects.filter(participant=participant, round__status__in=UNCLOSED)
        .order_by("-round__number")
        .values_list("round__number", flat=True)
        .first()
    )


def find_seated(participants: Iterable[int]) -> set[int]:
    """Those among these participants who still have their seat."""
    return set(Participant.objects.filter(pk__in=list(participants)).values_list("pk", flat=True))
