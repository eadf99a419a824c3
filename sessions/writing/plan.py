"""The lines of the plan: drafted by decisions, filled in by the group, crossed out."""

from datetime import date

from django.db.models import F

from content.graph import Answer
from sessions.models import GroupSession, PlanLine, Round, Trajectory
from sessions.rules.plan import KINDS, draft_lines
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.transactions import lock_session, write

MOST_PLAN_LINES, MOST_WITH_STRUCK = 200, 600


def draft_plan_lines(row: Round, answer: Answer) -> None:
    """The lines that a decided answer leaves behind, to fill in. Within the transaction of the decision."""
    made = [
        # What the group wrote stays when a decision is taken back and taken again.
        PlanLine.objects.get_or_create(
            round=row,
            answer=answer.slug,
            position=draft.position,
            defaults={"session_id": row.session_id, "kind": draft.kind, "prompt": draft.prompt},
        )[1]
        for draft in draft_lines(answer)
    ]
    if any(made):
        _raise_revision(row.session.trajectory_id)


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
        session = lock_session(code)
        line = _find_line(session, line_id)
        there = line.mark
        line.texts, line.who, line.due = texts, who, due
        line.struck = line.struck if struck is None else struck
        if line.mark == there:
            return line
        if seen not in (None, there):
            raise Refused(Reason.LATE)
        line.save()
        _note_change(session)
    return line


def strike_plan_line(code: str, line_id: int, *, struck: bool) -> PlanLine:
    """Cross a line out, or bring it back; its words stay as they are. Raises Refused."""
    with write():
        session = lock_session(code)
        line = _find_line(session, line_id)
        line.struck = struck
        line.save()
        _note_change(session)
    return line


def add_plan_line(code: str, kind: str) -> PlanLine:
    """One more line of a kind, without a prompt from an answer. Raises Refused."""
    with write():
        session = lock_session(code)
        if kind not in KINDS:
            raise Refused(Reason.UNKNOWN_LINE)
        if session.plan_lines.filter(struck=False).count() >= MOST_PLAN_LINES:
            raise Refused(Reason.TOO_MANY_LINES)
        if session.plan_lines.count() >= MOST_WITH_STRUCK:
            raise Refused(Reason.TOO_MANY_STRUCK)
        line = session.plan_lines.create(kind=kind, prompt="")
        _note_change(session)
    return line


def _note_change(session: GroupSession) -> None:
    _raise_revision(session.trajectory_id)
    tell_after_commit(session.code, "state")


def _raise_revision(trajectory: int) -> None:
    Trajectory.objects.filter(pk=trajectory).update(plan_revision=F("plan_revision") + 1)


def _find_line(session: GroupSession, line_id: int) -> PlanLine:
    line = session.plan_lines.filter(pk=line_id).first()
    if line is None:
        raise Refused(Reason.UNKNOWN_LINE)
    return line
