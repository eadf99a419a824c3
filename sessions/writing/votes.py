"""Writing votes. The statements are written out: in a full hall they run a hundred times a second.

A batch may hold votes of many sessions; it is one transaction, so when it returns every accepted vote is on disk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from content.editions import load_library
from content.graph import Place
from sessions.models import GroupSession, Participant, Round, Vote
from sessions.rules.refusals import Refused
from sessions.signals import tell_after_commit
from sessions.statements import ask, table
from sessions.writing.transactions import write


class Ballot(NamedTuple):
    """One vote on its way in. The participant is of one session, so a ballot need not say which."""

    participant: int
    round: int  # the number of the round in its session
    answer: str  # empty: take my vote back
    role: str | None = None  # the role that the phone showed, when it says so


class _Session(NamedTuple):
    pk: int
    code: str
    edition: int
    paused: bool
    ended_at: datetime | None


class _Person(NamedTuple):
    pk: int
    session: int
    role: str
    waits_round: int | None
    waits_turn: int


class _Round(NamedTuple):
    pk: int
    session: int
    number: int
    status: str
    phase: str
    node: str
    let_ins: int


def cast_votes(ballots: Iterable[Ballot]) -> list[str | None]:
    """Write ballots in one transaction. Returns per ballot None, or the code of its refusal.

    A vote is an upsert on (round, participant), so sending it again is harmless.
    """
    ballots = list(ballots)
    with write():
        voters = sorted({ballot.participant for ballot in ballots})
        sessions = _lock_sessions(voters)
        people = {person.pk: person for person in _read_people(voters)}
        rounds = {round_.session: round_ for round_ in _read_current_rounds(list(sessions))}
        refusals = [_judge(ballot, people, sessions, rounds) for ballot in ballots]
        accepted = {  # the last one counts when somebody sent two at once
            ballot.participant: ballot for ballot, refusal in zip(ballots, refusals, strict=True) if refusal is None
        }
        if accepted:
            votes = [
                (rounds[people[ballot.participant].session].pk, people[ballot.participant], ballot.answer)
                for ballot in accepted.values()
            ]
            _write_votes([vote for vote in votes if vote[2]])
            _delete_votes([(round_, person) for round_, person, answer in votes if not answer])
            for pk in {people[voter].session for voter in accepted}:
                tell_after_commit(sessions[pk].code, "counts")
    return refusals


def cast_vote(ballot: Ballot) -> None:
    """Write one vote. Raises Refused."""
    (refusal,) = cast_votes([ballot])
    if refusal:
        raise Refused(refusal)


def _judge(
    ballot: Ballot, people: Mapping[int, _Person], sessions: Mapping[int, _Session], rounds: Mapping[int, _Round]
) -> str | None:
    """Why this ballot cannot count, or None."""
    person = people.get(ballot.participant)
    session = sessions.get(person.session) if person else None
    if person is None or session is None:
        return "no-seat"
    if session.ended_at:
        return "ended"
    current = rounds.get(session.pk)
    if current is None or current.number != ballot.round:
        return "round-old"
    if session.paused:
        return "paused"
    if current.status != "open":
        return "round-reading" if current.status == "reading" else "round-closed"
    if not person.role:
        return "watching"
    if person.waits_round == current.number and person.waits_turn >= current.let_ins:
        return "waits"
    if ballot.role not in (None, person.role):
        return "role-changed"
    if not ballot.answer:
        return None
    node = load_library(session.edition).node(Place(current.phase, current.node))
    if ballot.answer in node.open_to(person.role):
        return None
    return "other-role" if ballot.answer in {answer.slug for answer in node.answers} else "unknown-answer"


def _lock_sessions(voters: Sequence[int]) -> dict[int, _Session]:
    # The lock keeps a round open until these votes are written: none slips in behind a close. Votes share it, also
    # those of another process; a command takes it alone. In the order of the keys, so that nobody waits in a circle.
    rows = ask(
        f"SELECT id, code, edition_id, paused, ended_at FROM {table(GroupSession)} WHERE deleted_at IS NULL AND id IN"
        f" (SELECT session_id FROM {table(Participant)} WHERE id IN ({_places(voters)})) ORDER BY id"
        + (" FOR SHARE" if connection.features.has_select_for_update else ""),
        voters,
    )
    return {row[0]: _Session(*row) for row in rows}


def _read_people(voters: Sequence[int]) -> list[_Person]:
    rows = ask(
        f"SELECT id, session_id, role, waits_round, waits_turn FROM {table(Participant)}"
        f" WHERE id IN ({_places(voters)})",
        voters,
    )
    return [_Person(*row) for row in rows]


def _read_current_rounds(sessions: Sequence[int]) -> list[_Round]:
    if not sessions:
        return []
    rounds = table(Round)
    rows = ask(
        f"SELECT id, session_id, number, status, phase, node, let_ins FROM {rounds} AS current"
        f" WHERE session_id IN ({_places(sessions)})"
        f" AND number = (SELECT MAX(number) FROM {rounds} WHERE session_id = current.session_id)",
        sessions,
    )
    return [_Round(*row) for row in rows]


def _write_votes(votes: Sequence[tuple[int, _Person, str]]) -> None:
    if not votes:
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = [value for round_, person, answer in votes for value in (round_, person.pk, person.role, answer, now)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table(Vote)} (round_id, participant_id, role, answer, cast_at)"
            f" VALUES {', '.join(['(%s, %s, %s, %s, %s)'] * len(votes))}"
            " ON CONFLICT (round_id, participant_id) DO UPDATE"
            " SET role = excluded.role, answer = excluded.answer, cast_at = excluded.cast_at",
            values,
        )


def _delete_votes(votes: Sequence[tuple[int, _Person]]) -> None:
    for round_, person in votes:  # few people take their vote back, and never many at once
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table(Vote)} WHERE round_id = %s AND participant_id = %s", (round_, person.pk)
            )


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
