"""The lines of the plan: drafted by decisions, filled in by the group, crossed out."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from content.graph import Answer
from sessions.models import GroupSession, PlanChange, PlanLine, Round, Trajectory
from sessions.rules.actors import Actor, need_leader
from sessions.rules.plan import KINDS, NextTime, Words, draft_lines, merge_words
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.transactions import keep_from_deletion, write

MOST_PLAN_LINES, MOST_WITH_STRUCK = 200, 600
BURST = timedelta(minutes=1)  # what one hand writes in a line with no longer pause is one step, and one undo


def draft_plan_lines(row: Round, answer: Answer) -> None:
    """The lines that a decided answer leaves behind, to fill in. Within the transaction of the decision."""
    made = [
        # What the group wrote stays when a decision is taken back and taken again.
        PlanLine.objects.get_or_create(
            round=row,
            answer=answer.slug,
            position=draft.position,
            defaults={
                "trajectory_id": row.session.trajectory_id,
                "session_id": row.session_id,
                "kind": draft.kind,
                "prompt": draft.prompt,
            },
        )[1]
        for draft in draft_lines(answer)
    ]
    if any(made):
        _raise_revision(row.session.trajectory_id)


def write_plan_line(code: str, line_id: int, words: Words, *, seen: str | None = None, actor: Actor) -> PlanLine:
    """Fill in a line of the plan. Raises Refused: `late` when a field holds something else than what was `seen`.

    What others wrote in fields that were not touched here stays: see `merge_words`. The same words sent again are
    harmless. Without `seen`, a `PlanLine.mark`, they replace whatever is there.
    """
    with write():
        session = _lock_plan(code, actor)
        line = _find_line(session, line_id)
        there = line.words
        if seen is not None:
            words, clashes = merge_words(seen, words, there)
            if clashes:
                raise Refused(Reason.LATE)
        if words.mark == there.mark:
            return line
        line.words = words
        _keep(session, line, actor)
    return line


def strike_plan_line(code: str, line_id: int, *, struck: bool, actor: Actor) -> PlanLine:
    """Cross a line out, or bring it back; its words stay as they are. Raises Refused."""
    with write():
        session = _lock_plan(code, actor)
        line = _find_line(session, line_id)
        line.struck = struck
        _keep(session, line, actor, is_closed=True)
    return line


def undo_plan_change(code: str, line_id: int, *, seen: str, actor: Actor) -> PlanLine:
    """Bring back what a line held before its last step; done once more, what it held after. Raises Refused.

    `late` when it no longer holds what was `seen`, a `PlanLine.mark`. A name that went meanwhile does not come back.
    """
    with write():
        session = _lock_plan(code, actor)
        line = _find_seen(session, line_id, seen)
        steps = line.changes.order_by("-pk")[:2]
        if len(steps) < 2:
            raise Refused(Reason.NOTHING_TO_UNDO)
        line.words = steps[1].words
        _keep(session, line, actor, is_closed=True)
    return line


def forget_plan_steps(code: str, line_id: int, *, seen: str, actor: Actor) -> None:
    """Erase what a line held before: a name may stand in its words. Raises Refused: `late` as for an undo."""
    with write():
        line = _find_seen(_lock_plan(code, actor), line_id, seen)
        if now := line.changes.last():
            line.changes.exclude(pk=now.pk).delete()


def add_plan_line(code: str, kind: str, *, actor: Actor) -> PlanLine:
    """One more line of a kind, without a prompt from an answer. Raises Refused."""
    with write():
        session = _lock_plan(code, actor)
        if kind not in KINDS:
            raise Refused(Reason.UNKNOWN_LINE)
        if session.plan_lines.filter(struck=False).count() >= MOST_PLAN_LINES:
            raise Refused(Reason.TOO_MANY_LINES)
        if session.plan_lines.count() >= MOST_WITH_STRUCK:
            raise Refused(Reason.TOO_MANY_STRUCK)
        line = PlanLine(trajectory_id=session.trajectory_id, session=session, kind=kind, prompt="")
        _keep(session, line, actor)
    return line


def set_next_time(code: str, when: NextTime, *, seen: str, actor: Actor) -> None:
    """When and where the group meets again. Raises Refused: `late` when something else stands there than was `seen`.

    `seen` is a `NextTime.mark`. The same words sent again are harmless.
    """
    with write():
        session = _lock_plan(code, actor)
        trajectory = session.trajectory
        if trajectory.next_time == when:
            return
        if trajectory.next_time.mark != seen:
            raise Refused(Reason.LATE)
        trajectory.next_day, trajectory.next_hour, trajectory.next_place = when
        trajectory.save(update_fields=["next_day", "next_hour", "next_place"])
        _raise_revision(session.trajectory_id)
        tell_after_commit(session.code, "state")


def leave_plan_lines(sessions: Collection[int]) -> None:
    """What of the plan goes with these meetings, by their keys: all but the words that the group agreed on."""
    lines = PlanLine.objects.filter(session__in=sessions)
    agreed = lines.filter(session__leaves_plan=True, struck=False).select_related("round__decision")
    lines.exclude(pk__in=[line.pk for line in agreed if any(line.texts) and line.stands]).delete()


def _lock_plan(code: str, actor: Actor) -> GroupSession:
    """The meeting with this code, whose plan nobody else writes in until the transaction ends. Raises DoesNotExist.

    Its own row is only kept from being deleted: votes and commands hold that one, and the plan waits for neither.
    """
    need_leader(actor)
    session = GroupSession.objects.get(code=code)
    keep_from_deletion(session)
    session.trajectory = Trajectory.objects.select_for_update().get(pk=session.trajectory_id)
    return session


def _keep(session: GroupSession, line: PlanLine, actor: Actor, *, is_closed: bool = False) -> None:
    """Save a line with its history, and tell. `is_closed`: a step of its own, whatever this hand did just before."""
    line.save()
    # Who asks that a name goes is not kept in what was before.
    line.changes.exclude(who=line.who).update(who="")
    _note(line, actor, is_closed=is_closed)
    _raise_revision(session.trajectory_id)
    tell_after_commit(session.code, "state")


def _note(line: PlanLine, actor: Actor, *, is_closed: bool) -> None:
    """Add a step to the history, or go on with the one that this hand just made."""
    now = timezone.now()
    last = None if is_closed else line.changes.last()
    goes_on = last and last.by == actor.name and not last.is_closed and now - last.at < BURST
    step = last if last and goes_on else PlanChange(line=line, by=actor.name, is_closed=is_closed)
    step.at, step.words = now, line.words
    step.save()


def _raise_revision(trajectory: int) -> None:
    Trajectory.objects.filter(pk=trajectory).update(plan_revision=F("plan_revision") + 1)


def _find_line(session: GroupSession, line_id: int) -> PlanLine:
    line = session.plan_lines.filter(pk=line_id).first()
    if line is None:
        raise Refused(Reason.UNKNOWN_LINE)
    return line


def _find_seen(session: GroupSession, line_id: int, seen: str) -> PlanLine:
    """The line, which still holds what was `seen`."""
    line = _find_line(session, line_id)
    if line.mark != seen:
        raise Refused(Reason.LATE)
    return line
