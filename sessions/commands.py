"""The only writers of what happens in a session: lock, load, machine, save, and tell the outside after the commit.

Every function is one transaction. A refusal raises `Refused` before anything is written, so nothing is half applied.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import msgspec
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.editions import load_library, newest_edition
from content.graph import Library, Place
from sessions import machine
from sessions.machine import Refused
from sessions.models import Decision, GroupSession, HandCount, Participant, PlanLine, Round, Team, Trajectory, Vote
from sessions.plan import KINDS, draft_lines
from sessions.signals import session_changed

MOST_HANDS = 999
MOST_PLAN_LINES = 200


class Ballot(NamedTuple):
    """One vote on its way in."""

    participant: int
    round: int  # the number of the round in its session
    answer: str


def open_session(
    *, team: Team, facilitator: User | None, title: str, buurt: str, phase: str, practice: bool = False
) -> GroupSession:
    """Make a session in its lobby, pinned to the newest edition. Raises Refused for an unknown phase."""
    edition = newest_edition()
    if phase not in {tree.phase for tree in load_library(edition.pk).trees}:
        raise Refused("unknown-phase")
    trajectory, _ = Trajectory.objects.get_or_create(team=team, buurt=" ".join(buurt.split()))
    for _ in range(20):
        try:
            with transaction.atomic():
                return GroupSession.objects.create(
                    trajectory=trajectory,
                    edition=edition,
                    facilitator=facilitator,
                    title=" ".join(title.split()),
                    phase=phase,
                    is_practice=practice,
                )
        except IntegrityError:
            continue  # the code was taken: one chance in 400 million
    raise RuntimeError("no free code")


def delete_old_practice(hours: int) -> int:
    """Delete practice sessions older than this. Returns how many went."""
    old = GroupSession.objects.filter(is_practice=True, created_at__lt=timezone.now() - timedelta(hours=hours))
    count = old.count()
    old.delete()
    return count


def run_command(code: str, command: machine.Command, *, seen: int) -> machine.State:
    """Carry out a facilitator's command. Raises Refused, and GroupSession.DoesNotExist."""
    with transaction.atomic():
        session = _lock(code)
        library = load_library(session.edition_id)
        state = read_state(session)
        changed = machine.apply(state, command, seen=seen, library=library, now=timezone.now())
        _save_state(session, state, changed, library)
        _tell(session, "state")
    return changed


def read_state(session: GroupSession) -> machine.State:
    """The machine's state of a session, from its rows."""
    rounds = tuple(_read_round(row) for row in session.rounds.select_related("decision"))
    previous = session.previous_state
    return machine.State(
        phase=session.phase,
        version=session.version,
        rounds=rounds,
        paused=session.paused,
        ended=session.ended_at is not None,
        screen=session.screen,
        previous=msgspec.json.decode(bytes(previous), type=machine.State) if previous else None,
    )


def take_seat(code: str, seat: uuid.UUID, role: str) -> Participant:
    """Join in a role, or change it. The same seat stays the same participant, however often it asks.

    Raises Refused for an unknown role and for a change after the end, and GroupSession.DoesNotExist.
    """
    with transaction.atomic():
        session = _lock(code)  # a vote that is being written is in the old role, and goes
        if role and role not in {known.slug for known in load_library(session.edition_id).roles}:
            raise Refused("unknown-role")
        if session.ended_at and not session.participants.filter(seat=seat, role=role).exists():
            raise Refused("ended")
        participant, _ = Participant.objects.update_or_create(
            session=session, seat=seat, defaults={"role": role, "seen_at": timezone.now()}
        )
        # A vote belongs to the role it was given in: in the round that is still open it does not move along.
        Vote.objects.filter(participant=participant, round__status__in=("reading", "open")).exclude(role=role).delete()
        _tell(session, "counts")
    return participant


def mark_seen(participants: Iterable[int]) -> None:
    """These participants are still here."""
    Participant.objects.filter(pk__in=list(participants)).update(seen_at=timezone.now())


def cast_votes(session_id: int, ballots: Iterable[Ballot]) -> list[str | None]:
    """Write ballots of one session in one transaction. Returns per ballot None, or the code of its refusal.

    A vote is an upsert on (round, participant), so sending it again is harmless. When this returns, every accepted
    vote is on disk.
    """
    ballots = list(ballots)
    with transaction.atomic():
        # The lock keeps the round open until these votes are written: none slips in behind a close.
        session = GroupSession.objects.select_for_update().get(pk=session_id)
        library = load_library(session.edition_id)
        current = session.rounds.order_by("-number").first()
        people = {
            person.pk: person
            for person in Participant.objects.filter(session=session, pk__in={ballot.participant for ballot in ballots})
        }
        refusals = [_judge(ballot, session, current, people.get(ballot.participant), library) for ballot in ballots]
        now = timezone.now()
        accepted = {  # the last one counts when somebody sent two at once
            ballot.participant: Vote(
                round=current,
                participant_id=ballot.participant,
                role=people[ballot.participant].role,
                answer=ballot.answer,
                cast_at=now,
            )
            for ballot, refusal in zip(ballots, refusals, strict=True)
            if refusal is None
        }
        if accepted:
            Vote.objects.bulk_create(
                accepted.values(),
                update_conflicts=True,
                unique_fields=("round", "participant"),
                update_fields=("answer", "role", "cast_at"),
            )
            _tell(session, "counts")
    return refusals


def cast_vote(session_id: int, ballot: Ballot) -> None:
    """Write one vote. Raises Refused."""
    (refusal,) = cast_votes(session_id, [ballot])
    if refusal:
        raise Refused(refusal)


def count_hands(code: str, round_number: int, hands: Mapping[tuple[str, str], int]) -> None:
    """Keep the raised hands of a round: (role, answer) -> count. Replaces what was counted before. Raises Refused."""
    with transaction.atomic():
        session = _lock(code)
        library = load_library(session.edition_id)
        current = session.rounds.order_by("-number").first()
        if current is None or current.number != round_number:
            raise Refused("round-old")
        if current.status not in ("reading", "open", "closed"):
            raise Refused("round-closed")
        answers = {answer.slug: answer for answer in library.node(_place(current)).answers}
        for (role, answer), count in hands.items():
            if answer not in answers:
                raise Refused("unknown-answer")
            if role not in answers[answer].roles:
                raise Refused("other-role")
            if not 0 <= count <= MOST_HANDS:
                raise Refused("hands-number")
        current.hand_counts.all().delete()
        HandCount.objects.bulk_create(
            HandCount(round=current, role=role, answer=answer, count=count)
            for (role, answer), count in hands.items()
            if count
        )
        _tell(session, "state")  # another device has the numbers in its form


def write_plan_line(
    code: str, line_id: int, *, texts: list[str], who: str = "", due: date | None = None, struck: bool = False
) -> PlanLine:
    """Fill in a line of the plan. Raises Refused when it is not of this session."""
    with transaction.atomic():
        session = _lock(code)
        line = session.plan_lines.filter(pk=line_id).first()
        if line is None:
            raise Refused("unknown-line")
        line.texts, line.who, line.due, line.struck = texts, who, due, struck
        line.save()
        _tell(session, "state")
    return line


def add_plan_line(code: str, kind: str) -> PlanLine:
    """One more line of a kind, without a prompt from an answer. Raises Refused."""
    with transaction.atomic():
        session = _lock(code)
        if kind not in KINDS:
            raise Refused("unknown-line")
        if session.plan_lines.filter(struck=False).count() >= MOST_PLAN_LINES:
            raise Refused("too-many-lines")
        line = session.plan_lines.create(kind=kind, prompt="")
        _tell(session, "state")
    return line


def _lock(code: str) -> GroupSession:
    # Facilitators' commands are rare; one row lock keeps two devices, and votes against a close, in order.
    return GroupSession.objects.select_for_update().get(code=code)


def _tell(session: GroupSession, kind: str) -> None:
    transaction.on_commit(partial(session_changed.send, GroupSession, code=session.code, kind=kind))


def _judge(
    ballot: Ballot, session: GroupSession, current: Round | None, person: Participant | None, library: Library
) -> str | None:
    """Why this ballot cannot count, or None."""
    if session.ended_at:
        return "ended"
    if person is None:
        return "no-seat"
    if current is None or current.number != ballot.round:
        return "round-old"
    if session.paused:
        return "paused"
    if current.status != "open":
        return "round-reading" if current.status == "reading" else "round-closed"
    if not person.role:
        return "watching"
    node = library.node(_place(current))
    if ballot.answer not in {answer.slug for answer in node.answers}:
        return "unknown-answer"
    return None if ballot.answer in node.open_to(person.role) else "other-role"


def _place(row: Round) -> Place:
    return Place(row.phase, row.node)


def _read_round(row: Round) -> machine.Round:
    decision: Decision | None = getattr(row, "decision", None)
    return machine.Round(
        number=row.number,
        place=_place(row),
        visit=row.visit,
        attempt=row.attempt,
        status=row.status,  # type: ignore[arg-type]
        split=row.split,
        withdrawn=row.withdrawn,
        back_why=row.back_why,
        decision=decision
        and machine.Decision(
            answer=decision.answer,
            how=decision.how,  # type: ignore[arg-type]
            why=decision.why,
            other=decision.other,
        ),
        entered_at=row.entered_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        revealed_at=row.revealed_at,
        decided_at=row.decided_at,
    )


def _save_state(session: GroupSession, before: machine.State, after: machine.State, library: Library) -> None:
    known = {round_.number: round_ for round_ in before.rounds}
    kept = {round_.number for round_ in after.rounds}
    session.rounds.filter(number__in=known.keys() - kept).delete()  # an undone step into a question nobody voted on
    for round_ in after.rounds:
        if known.get(round_.number) != round_:
            _save_round(session, round_, library)
    session.version = after.version
    session.paused = after.paused
    session.screen = after.screen
    session.previous_state = msgspec.json.encode(after.previous) if after.previous else None
    if not after.ended:
        session.ended_at = None
    elif session.ended_at is None:
        session.ended_at = timezone.now()
    session.save()


def _save_round(session: GroupSession, round_: machine.Round, library: Library) -> None:
    row, _ = Round.objects.update_or_create(
        session=session,
        number=round_.number,
        defaults={
            "phase": round_.place.phase,
            "node": round_.place.node,
            **{
                name: getattr(round_, name)
                for name in (
                    "visit", "attempt", "status", "split", "withdrawn", "back_why",
                    "entered_at", "opened_at", "closed_at", "revealed_at", "decided_at",
                )
            },
        },
    )  # fmt: skip
    if round_.decision is None:
        Decision.objects.filter(round=row).delete()
        return
    decision = round_.decision
    Decision.objects.update_or_create(
        round=row,
        defaults={"answer": decision.answer, "how": decision.how, "why": decision.why, "other": decision.other},
    )
    answer = library.node(round_.place).answer(decision.answer)
    for draft in draft_lines(answer):
        # What the group wrote stays when a decision is taken back and taken again.
        PlanLine.objects.get_or_create(
            round=row,
            answer=answer.slug,
            position=draft.position,
            defaults={"session": session, "kind": draft.kind, "prompt": draft.prompt},
        )
