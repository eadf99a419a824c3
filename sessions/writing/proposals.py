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
from sessions.rules.state import Fate
from sessions.signals import tell_after_commit
from sessions.writing.transactions import lock_session, lock_sessions, write


class Sent(NamedTuple):
    """A line on its way in, for the round with this number."""

    participant: int
    round: int
    words: str


def keep_proposals(sent: Sequence[Sent]) -> list[Reason | None]:
    """Write proposals in one transaction. Returns per line None, or why it was refused.

    The same line of the same phone counts once, so sending it again is harmless.
    """
    with write():
        people = Participant.objects.filter(pk__in={line.participant for line in sent})
        lock_sessions(GroupSession.objects.filter(participants__in=people))
        known = {person.pk: person for person in people.select_related("session")}
        refusals = [_keep_proposal(known.get(line.participant), line) for line in sent]
        kept = zip(sent, refusals, strict=True)
        for session in {known[line.participant].session_id for line, refusal in kept if refusal is None}:
            _tell_desk(session)
    return refusals


def _keep_proposal(person: Participant | None, line: Sent) -> Reason | None:
    if person is None or person.session.deleted_at:
        return Reason.NO_SEAT
    row = _find_round(person.session)
    if refusal := _judge(person, row, line):
        return refusal
    assert row  # it is the round of now
    Proposal.objects.get_or_create(round=row, participant=person, words=line.words, defaults={"text": line.words})
    return None


def _judge(person: Participant, row: Round | None, line: Sent) -> Reason | None:
    session, asked = person.session, read_round(row) if row else None
    if reason := judge_round(line.round, asked, paused=session.paused, ended=session.ended_at is not None):
        return reason
    assert row
    assert asked
    lines = Proposal.objects.filter(round=row)
    others = lines.filter(participant=person).exclude(words=line.words).count()
    return judge_proposal(line.words, person.role, asked, others, all_=lines.count())


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


def _find_round(session: GroupSession) -> Round | None:
    return session.rounds.filter(number=session.current_round).first()


def _tell_desk(session: int) -> None:
    """A line came or went: within the lock of its meeting."""
    row = GroupSession.objects.get(pk=session)
    row.desk_revision += 1
    row.save(update_fields=["desk_revision"])
    tell_after_commit(row.code, "state")
