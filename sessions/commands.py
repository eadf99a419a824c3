"""The writers of what happens in a session: lock, load, machine, save, and tell the outside after the commit.

What phones send is written by `votes` and `seats`; nobody else writes.

Every function is one transaction. A refusal raises `Refused` before anything is written, so nothing is half applied.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from content.editions import load_library, newest_edition
from content.graph import Library, Place
from content.structs import learn
from sessions.models import Decision, GroupSession, HandCount, PlanLine, Round, Team, Trajectory, Vote
from sessions.results import keep_result
from sessions.rules import machine
from sessions.rules.commands import Command, Undo
from sessions.rules.kept import read_kept
from sessions.rules.plan import KINDS, draft_lines
from sessions.rules.refusals import Refused
from sessions.rules.state import Asking, Choice, State
from sessions.signals import tell_after_commit
from sessions.transactions import write

learn(State)

MOST_HANDS = 999
MOST_PLAN_LINES = 200

Hands = Mapping[tuple[str, str], int]  # (role, answer) -> count


class Count(NamedTuple):
    """Raised hands as they stand in the fields of a device. `seen` is what stood there before anybody typed."""

    round: int
    hands: Hands
    seen: Hands = {}  # a field that is not in it counts whatever was there


def open_session(
    *,
    team: Team,
    facilitator: User | None,
    title: str,
    buurt: str,
    phase: str,
    practice: bool = False,
    form: UUID | None = None,
) -> GroupSession:
    """Make a session in its lobby, pinned to the newest edition. Raises Refused for an unknown phase.

    The same `form` sent twice makes one; with other words, as after a way back in the browser, it makes another.
    """
    edition = newest_edition()
    if phase not in {tree.phase for tree in load_library(edition.pk).trees}:
        raise Refused("unknown-phase")
    trajectory, _ = Trajectory.objects.get_or_create(team=team, buurt=" ".join(buurt.split()))
    words = {"trajectory": trajectory, "title": " ".join(title.split()), "phase": phase, "is_practice": practice}
    for _ in range(20):
        if form and GroupSession.everything.filter(form=form).exists():
            if made := GroupSession.objects.filter(form=form, **words).first():
                return made
            form = None
        try:
            with write():
                return GroupSession.objects.create(
                    edition=edition, facilitator=facilitator, form=form, **words, **_copy_wifi(trajectory)
                )
        except IntegrityError:
            continue  # a double click, at the very same moment; or the code was taken: one chance in 400 million
    raise RuntimeError("no free code")


def _copy_wifi(trajectory: Trajectory) -> dict[str, str]:
    """The wifi of last time: a group that meets again does so in the same hall, most of the time."""
    known = GroupSession.objects.filter(trajectory=trajectory).exclude(wifi_name="").order_by("-pk")
    (name, password) = known.values_list("wifi_name", "wifi_password").first() or ("", "")
    return {"wifi_name": name, "wifi_password": password}


def run_command(code: str, command: Command, *, seen: int, count: Count | None = None, by: str = "") -> State:
    """Carry out a facilitator's command. Raises Refused, and GroupSession.DoesNotExist.

    What was typed in the fields for hands and not kept yet, `count`, is kept with it.
    """
    with write():
        session = _lock(code)
        library = load_library(session.edition_id)
        state = read_state(session)
        changed = machine.apply(state, command, seen=seen, library=library, now=timezone.now(), by=by)
        if isinstance(command, Undo) and state.previous and state.previous.hands is not None:
            _replace_hands(session, {(role, answer): number for role, answer, number in state.previous.hands})
        elif count and count.hands:
            _write_hands(session, library, count)
        _save_state(session, state, changed, library)
        tell_after_commit(session.code, "state")
    return changed


def read_state(session: GroupSession) -> State:
    """The machine's state of a session, from its rows."""
    rounds = tuple(_read_round(row) for row in session.rounds.select_related("decision"))
    previous = session.previous_state
    return State(
        phase=session.phase,
        version=session.version,
        rounds=rounds,
        paused=session.paused,
        ended=session.ended_at is not None,
        screen=session.screen,
        door_shut=session.door_shut,
        chairs=session.chairs,
        draft=read_kept(Choice, session.draft) if session.draft else None,
        previous=read_kept(State, bytes(previous)) if previous else None,
    )


def count_hands(code: str, count: Count, *, by: str = "") -> None:
    """Keep the raised hands of a round. Raises Refused.

    The unit is the field: what this device did not change stays as it is by now. `hands-late` when somebody else
    changed the same field meanwhile.
    """
    with write():
        session = _lock(code)
        library = load_library(session.edition_id)
        before = _write_hands(session, library, count)
        if before is None:
            return
        state = read_state(session)
        counted = tuple((role, answer, number) for (role, answer), number in sorted(before.items()))
        _save_state(session, state, machine.count(state, counted, by), library)
        tell_after_commit(session.code, "state")  # another device has the numbers in its form


def write_plan_line(
    code: str,
    line_id: int,
    *,
    texts: list[str],
    who: str = "",
    due: date | None = None,
    seen: str | None = None,
    struck: bool | None = None,
) -> PlanLine:
    """Fill in a line of the plan. Raises Refused: `late` when it no longer holds what was `seen`, a `PlanLine.mark`.

    The same words sent again are harmless. Without `seen` they replace whatever is there. `struck` crosses the line out
    at once.
    """
    with write():
        session = _lock(code)
        line = _find_line(session, line_id)
        there = line.mark
        line.texts, line.who, line.due = texts, who, due
        line.struck = line.struck if struck is None else struck
        if line.mark == there:
            return line
        if seen not in (None, there):
            raise Refused("late")
        line.save()
        tell_after_commit(session.code, "state")
    return line


def strike_plan_line(code: str, line_id: int, *, struck: bool) -> PlanLine:
    """Cross a line out, or bring it back; its words stay as they are. Raises Refused."""
    with write():
        session = _lock(code)
        line = _find_line(session, line_id)
        line.struck = struck
        line.save()
        tell_after_commit(session.code, "state")
    return line


def add_plan_line(code: str, kind: str) -> PlanLine:
    """One more line of a kind, without a prompt from an answer. Raises Refused."""
    with write():
        session = _lock(code)
        if kind not in KINDS:
            raise Refused("unknown-line")
        if session.plan_lines.filter(struck=False).count() >= MOST_PLAN_LINES:
            raise Refused("too-many-lines")
        line = session.plan_lines.create(kind=kind, prompt="")
        tell_after_commit(session.code, "state")
    return line


def _lock(code: str) -> GroupSession:
    # Facilitators' commands are rare; one row lock keeps two devices, and votes against a close, in order.
    return GroupSession.objects.select_for_update().get(code=code)


def _write_hands(session: GroupSession, library: Library, count: Count) -> Hands | None:
    """Write what changed. Returns what was counted before; None when nothing changed. Raises Refused."""
    current = session.rounds.order_by("-number").first()
    if session.ended_at:
        raise Refused("ended")
    if session.paused:
        raise Refused("paused")
    if current is None or current.number != count.round:
        raise Refused("round-old")
    if current.status not in ("reading", "open", "closed"):
        raise Refused("round-closed")
    answers = {answer.slug: answer for answer in library.node(_place(current)).answers}
    there = {(row.role, row.answer): row.count for row in current.hand_counts.all()}
    typed = {cell: number for cell, number in count.hands.items() if count.seen.get(cell) != number}
    for (role, answer), number in typed.items():
        if answer not in answers:
            raise Refused("unknown-answer")
        if role not in answers[answer].roles:
            raise Refused("other-role")
        if not 0 <= number <= MOST_HANDS:
            raise Refused("hands-number")
        now = there.get((role, answer), 0)
        if now not in (number, count.seen.get((role, answer), now)):
            raise Refused("hands-late")
    changed = {cell: number for cell, number in (there | typed).items() if number}
    if changed == there:
        return None
    _replace_hands(session, changed)
    return there


def _replace_hands(session: GroupSession, hands: Hands) -> None:
    current = session.rounds.order_by("-number")[0]
    current.hand_counts.all().delete()
    HandCount.objects.bulk_create(
        HandCount(round=current, role=role, answer=answer, count=number) for (role, answer), number in hands.items()
    )


def _find_line(session: GroupSession, line_id: int) -> PlanLine:
    line = session.plan_lines.filter(pk=line_id).first()
    if line is None:
        raise Refused("unknown-line")
    return line


def _place(row: Round) -> Place:
    return Place(row.phase, row.node)


def _read_round(row: Round) -> Asking:
    decision: Decision | None = getattr(row, "decision", None)
    return Asking(
        number=row.number,
        place=_place(row),
        visit=row.visit,
        attempt=row.attempt,
        status=row.status,  # type: ignore[arg-type]
        split=row.split,
        withdrawn=row.withdrawn,
        back_why=row.back_why,
        sealed=row.sealed,
        let_ins=row.let_ins,
        decision=decision
        and Choice(
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


def _save_state(session: GroupSession, before: State, after: State, library: Library) -> None:
    known = {round_.number: round_ for round_ in before.rounds}
    kept = {round_.number for round_ in after.rounds}
    if gone := known.keys() - kept:
        _take_back(session.rounds.filter(number__in=gone))
    for round_ in after.rounds:
        old = known.get(round_.number)
        if old != round_:
            row = _save_round(session, round_, library)
            if round_.status == "revealed" and not (old and old.was_revealed):
                keep_result(row, library)
    session.version = after.version
    session.paused = after.paused
    session.screen = after.screen
    session.door_shut = after.door_shut
    session.chairs = after.chairs
    session.acted_at = timezone.now()
    session.draft = msgspec.to_builtins(after.draft)
    session.previous_state = msgspec.json.encode(after.previous) if after.previous else None
    if not after.ended:
        session.ended_at = None
    elif session.ended_at is None:
        session.ended_at = timezone.now()
    session.save()


def _take_back(undone: QuerySet[Round]) -> None:
    """Delete steps into a question that nobody answered. Raises Refused."""
    if HandCount.objects.filter(round__in=undone).exists() or Vote.objects.filter(round__in=undone).exists():
        raise Refused("undo-counted")
    undone.delete()


def _save_round(session: GroupSession, round_: Asking, library: Library) -> Round:
    row, _ = Round.objects.update_or_create(
        session=session,
        number=round_.number,
        defaults={
            "phase": round_.place.phase,
            "node": round_.place.node,
            **{
                name: getattr(round_, name)
                for name in (
                    "visit", "attempt", "status", "split", "withdrawn", "back_why", "sealed", "let_ins",
                    "entered_at", "opened_at", "closed_at", "revealed_at", "decided_at",
                )
            },
        },
    )  # fmt: skip
    if round_.decision is None:
        Decision.objects.filter(round=row).delete()
        return row
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
    return row
