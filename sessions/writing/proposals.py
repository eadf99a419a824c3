"""Proposals for the plan: sent by phones, read by the facilitator, and then on the wall.

What the plan lacks, when the room is asked whether it is right, comes in the same way and stays on the desk.

What comes in is seen on the desk alone, and a batch raises its revision once. What the facilitator does with one
everybody sees.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sessions.models import GroupSession, Participant, Proposal, Round
from sessions.rows import read_round, read_state
from sessions.rules.actors import Actor, need_leader
from sessions.rules.asking import judge_round
from sessions.rules.ideas import judge_fate, judge_proposal, judge_text
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Fate
from sessions.signals import tell_after_commit
from sessions.writing.transactions import lock_session, lock_sessions, write


class Sent(NamedTuple):
    """A line on its way in, for the round with this number."""

    participant: int
    round: int
    words: str


class _Gathering(NamedTuple):
    """The round that a meeting is at, and the lines it has by now: of whom, and what they say."""

    row: Round | None
    asked: Asking | None
    lines: set[tuple[int | None, str]]


def keep_proposals(sent: Sequence[Sent]) -> list[Reason | None]:
    """Write proposals in one transaction. Returns per line None, or why it was refused.

    The same line of the same phone counts once, so sending it again is harmless.
    """
    with write():
        people = Participant.objects.filter(pk__in={line.participant for line in sent})
        lock_sessions(GroupSession.objects.filter(participants__in=people))
        known = {person.pk: person for person in people.select_related("session")}
        gatherings = {person.session_id: _read_gathering(person.session) for person in known.values()}
        refusals, made = [], []
        for line in sent:
            person = known.get(line.participant)
            gathering = gatherings[person.session_id] if person else None
            refusal = _judge(person, gathering, line) if person and gathering else Reason.NO_SEAT
            refusals.append(refusal)
            if refusal is None and gathering and (line.participant, line.words) not in gathering.lines:
                gathering.lines.add((line.participant, line.words))
                made.append(Proposal(round=gathering.row, participant=person, words=line.words, text=line.words))
        Proposal.objects.bulk_create(made)
        for session in {row.round.session_id for row in made}:
            _tell_desk(session)
    return refusals


def _read_gathering(session: GroupSession) -> _Gathering:
    row = session.rounds.filter(number=session.current_round).first()
    lines = Proposal.objects.filter(round=row).values_list("participant", "words") if row else ()
    return _Gathering(row, read_round(row) if row else None, set(lines))


def _judge(person: Participant, gathering: _Gathering, line: Sent) -> Reason | None:
    session, asked, lines = person.session, gathering.asked, gathering.lines
    if session.deleted_at:
        return Reason.NO_SEAT
    if reason := judge_round(line.round, asked, paused=session.paused, ended=session.ended_at is not None):
        return reason
    assert asked  # it is the round of now
    others = sum(of == person.pk and words != line.words for of, words in lines)
    return judge_proposal(line.words, person.role, asked, others, all_=len(lines))


def take_proposal_back(person: Participant, handle: str) -> None:
    """The sender takes a line back that still waits. Raises Refused. Twice is harmless."""
    with write():
        session = lock_session(person.session.code)
        found = Proposal.objects.filter(round__session=session, participant=person, handle=handle).first()
        if found is None:
            return
        if found.status != "waiting":
            raise Refused(Reason.PROPOSAL_SHOWN)
        found.delete()
        _tell_desk(session.pk)


def settle_proposal(code: str, key: int, fate: Fate, *, text: str = "", to: int | None = None, actor: Actor) -> None:
    """Let a proposal through, with other words or `to` one that says the same, or park it. Raises Refused.

    The sender's own words stay beside it.
    """
    need_leader(actor)
    with write():
        session = lock_session(code)
        state = read_state(session)
        if state.active is None or not state.active.has_lines:
            raise Refused(Reason.NOT_GATHERING)
        if reason := judge_fate(state.ideas, key, fate, to) or (judge_text(text) if text else None):
            raise Refused(reason)
        row = Proposal.objects.get(pk=key)
        row.status, row.to_id, row.text = fate, to, text or row.text
        row.save()
        if fate != "shown" or to is not None:
            row.same.update(to=to, status=fate)  # what said the same goes with it
        GroupSession.objects.filter(pk=session.pk).update(version=session.version + 1)
        tell_after_commit(code, "state")


def _tell_desk(session: int) -> None:
    """A line came or went: within the lock of its meeting."""
    row = GroupSession.objects.get(pk=session)
    row.desk_revision += 1
    row.save(update_fields=["desk_revision"])
    tell_after_commit(row.code, "state")
