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
from content.languages import BASE
from sessions.models import GroupSession, Participant, Round, Vote
from sessions.rows import read_options
from sessions.rules.asking import MOST_PLACES, Ballot, Voter, judge_ballot, judge_round, list_options
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import OF_A_TREE, Asking, Option, Ticket
from sessions.signals import tell_after_commit
from sessions.statements import ask, table
from sessions.writing.transactions import write


class _Meeting(NamedTuple):
    """As much of a meeting as a vote needs to know."""

    pk: int
    code: str
    edition: int
    paused: bool
    ended_at: datetime | None


class _Voter(NamedTuple):
    """A participant who votes, and of which meeting."""

    pk: int
    session: int
    voter: Voter


class _Asked(NamedTuple):
    """The round that a meeting is at, by its key, and what it asks."""

    pk: int
    round: Asking
    options: tuple[Option, ...]


def cast_votes(ballots: Iterable[Ballot]) -> list[Reason | None]:
    """Write ballots in one transaction. Returns per ballot None, or why it was refused.

    A vote is an upsert on (round, participant, place), so sending it again is harmless. A ballot is kept whole or not.
    """
    ballots = list(ballots)
    with write():
        keys = sorted({ballot.participant for ballot in ballots})
        meetings = _lock_meetings(keys)
        voters = {person.pk: person for person in _read_voters(keys)}
        asked = _read_asked(meetings)
        refusals = [_judge(ballot, voters, meetings, asked) for ballot in ballots]
        accepted = {  # the last one counts when somebody sent two at once
            ballot.participant: ballot for ballot, refusal in zip(ballots, refusals, strict=True) if refusal is None
        }
        votes = [
            _Vote(asked[voters[ballot.participant].session], voters[ballot.participant].voter.role, ballot)
            for ballot in accepted.values()
        ]
        _write_votes(votes)
        _delete_votes(votes)
        for pk in {voters[participant].session for participant in accepted}:
            tell_after_commit(meetings[pk].code, "counts")
    return refusals


def cast_vote(ballot: Ballot) -> None:
    """Write one vote. Raises Refused."""
    (refusal,) = cast_votes([ballot])
    if refusal:
        raise Refused(refusal)


def _judge(
    ballot: Ballot, voters: Mapping[int, _Voter], meetings: Mapping[int, _Meeting], asked: Mapping[int, _Asked]
) -> Reason | None:
    """Why this ballot cannot count, or None."""
    person = voters.get(ballot.participant)
    meeting = meetings.get(person.session) if person else None
    if person is None or meeting is None:
        return Reason.NO_SEAT
    now = asked.get(meeting.pk)
    current = now.round if now else None
    if reason := judge_round(ballot.round, current, paused=meeting.paused, ended=meeting.ended_at is not None):
        return reason
    assert now  # there is a round, of this number
    return judge_ballot(ballot, person.voter, now.round, now.options)


def _lock_meetings(voters: Sequence[int]) -> dict[int, _Meeting]:
    # The lock keeps a round open until these votes are written: none slips in behind a close. Votes share it, also
    # those of another process; a command takes it alone. In the order of the keys, so that nobody waits in a circle.
    rows = ask(
        f"SELECT id, code, edition_id, paused, ended_at FROM {table(GroupSession)} WHERE deleted_at IS NULL AND id IN"
        f" (SELECT session_id FROM {table(Participant)} WHERE id IN ({_places(voters)})) ORDER BY id"
        + (" FOR SHARE" if connection.features.has_select_for_update else ""),
        voters,
    )
    return {row[0]: _Meeting(*row) for row in rows}


def _read_voters(voters: Sequence[int]) -> list[_Voter]:
    rows = ask(
        f"SELECT id, session_id, role, waits_round, waits_turn FROM {table(Participant)}"
        f" WHERE id IN ({_places(voters)})",
        voters,
    )
    return [
        _Voter(pk, session, Voter(role, None if waits_round is None else Ticket(waits_round, waits_turn)))
        for pk, session, role, waits_round, waits_turn in rows
    ]


def _read_asked(meetings: Mapping[int, _Meeting]) -> dict[int, _Asked]:
    """What each of these meetings is asked now, by its key."""
    if not meetings:
        return {}
    rows = ask(
        "SELECT asked.id, session_id, number, asked.phase, node, status, let_ins, kind, options"
        f" FROM {table(Round)} asked JOIN {table(GroupSession)} meeting"
        f" ON meeting.id = asked.session_id AND meeting.current_round = asked.number"
        f" WHERE session_id IN ({_places(list(meetings))})",
        list(meetings),
    )
    asked = {}
    for pk, session, number, phase, node, status, let_ins, kind, options in rows:
        kept = () if kind in OF_A_TREE else read_options(options.encode())
        current = Asking(number, Place(phase, node), status=status, let_ins=let_ins, kind=kind, options=kept)
        asked[session] = _Asked(pk, current, list_options(current, load_library(meetings[session].edition, BASE)))
    return asked


class _Vote(NamedTuple):
    """A ballot that counts: in which round, by somebody in which role."""

    asked: _Asked
    role: str
    ballot: Ballot


_COLUMNS = ("round_id", "participant_id", "place", "role", "answer", "source", "cast_as", "cast_at")


def _write_votes(votes: Sequence[_Vote]) -> None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [
        (asked.pk, ballot.participant, place, role, answer, ballot.source, ballot.cast_as, now)
        for asked, role, ballot in votes
        for place, answer in enumerate(ballot.choices)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table(Vote)} ({', '.join(_COLUMNS)})"
            f" VALUES {', '.join([f'({_places(_COLUMNS)})'] * len(rows))}"
            f" ON CONFLICT ({', '.join(_COLUMNS[:3])}) DO UPDATE"
            f" SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[3:])}",
            [value for row in rows for value in row],
        )


def _delete_votes(votes: Sequence[_Vote]) -> None:
    for asked, _, ballot in votes:
        if len(ballot.choices) == MOST_PLACES.get(asked.round.kind, 1):
            continue  # as nearly always: few people take their vote back, and never many at once
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table(Vote)} WHERE round_id = %s AND participant_id = %s AND place >= %s",
                (asked.pk, ballot.participant, len(ballot.choices)),
            )


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
