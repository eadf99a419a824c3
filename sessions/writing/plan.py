"""The lines of the plan: drafted by decisions, filled in by the group, put in order, crossed out.

A plan is that of a trajectory, and goes on between its meetings.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone

from content.graph import Answer
from sessions.models import GroupSession, PlanChange, PlanClash, PlanHand, PlanLine, Round, Trajectory, order_lines
from sessions.models.plan_hand import RESTS_AFTER
from sessions.rules.actors import Actor, need_leader
from sessions.rules.plan import KINDS, Value, Words, draft_lines, join_texts, merge_words, read_value, write_value
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking
from sessions.signals import name_plan, tell_after_commit
from sessions.writing.transactions import keep_from_deletion, write

MOST_PLAN_LINES, MOST_WITH_STRUCK = 200, 600
MOST_OF_A_NAME = 80  # characters
BURST = timedelta(minutes=1)  # what one hand writes in a line with no longer pause is one step, and one undo


def draft_plan_lines(row: Round, answer: Answer) -> None:
    """The lines that a decided answer leaves behind, to fill in. Within the transaction of the decision."""
    trajectory = row.session.trajectory_id
    last = dict(PlanLine.objects.filter(trajectory=trajectory).values_list("kind").annotate(Max("rank")))
    made = [
        # What the group wrote stays when a decision is taken back and taken again.
        PlanLine.objects.get_or_create(
            round=row,
            answer=answer.slug,
            position=draft.position,
            defaults={
                "trajectory_id": trajectory,
                "session_id": row.session_id,
                "kind": draft.kind,
                "prompt": draft.prompt,
                "rank": last.get(draft.kind, 0),
            },
        )[1]
        for draft in draft_lines(answer)
    ]
    if any(made):
        raise_revision(trajectory)


def write_plan_line(
    trajectory: int, key: int, typed: Mapping[str, Value], *, was: Mapping[str, str], page: str = "", actor: Actor
) -> frozenset[str]:
    """Fill in fields of a line of the plan; `typed` and `was` as in `merge_words`. Raises Refused.

    Where somebody else wrote meanwhile, both texts stay until one is picked: those fields are given back. `page` says
    which device this is. The same words sent again are harmless.
    """
    with write():
        lock_plan(trajectory, actor)
        line = _find_line(trajectory, key)
        words, clashes = merge_words(line.words, typed, was)
        if words.who != line.who and "may_name" not in typed:
            words = words._replace(may_name=False)  # another person was not asked
        now = timezone.now()
        for field, value in clashes.items():
            kept = {"value": write_value(value), "by": actor.name, "at": now}
            PlanClash.objects.update_or_create(line=line, field=field, page=page, defaults=kept)
        if words != line.words:
            before, line.words = line.words, words
            _keep(line, actor)
            if line.kind == "trekker":
                _name_doer(line, before, actor)
        elif clashes:
            raise_revision(trajectory)
    return frozenset(clashes)


def pick_plan_text(trajectory: int, key: int, clash: int, *, take: bool, actor: Actor) -> None:
    """Of two texts for one field take the one that was typed, or leave what stands there. Raises Refused.

    `late` when somebody picked already.
    """
    with write():
        lock_plan(trajectory, actor)
        line = _find_line(trajectory, key)
        found = line.clashes.filter(pk=clash).first()
        if found is None:
            raise Refused(Reason.LATE)
        if take:
            line.words = line.words.put({found.field: read_value(found.field, found.value)})
            _keep(line, actor, is_closed=True)
        else:
            raise_revision(trajectory)
        found.delete()


def strike_plan_line(trajectory: int, key: int, *, struck: bool, actor: Actor) -> None:
    """Cross a line out, or bring it back; its words stay as they are. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        line = _find_line(trajectory, key)
        line.struck = struck
        _keep(line, actor, is_closed=True)


def undo_plan_change(trajectory: int, key: int, *, seen: str, actor: Actor) -> None:
    """Bring back what a line held before its last step; done once more, what it held after. Raises Refused.

    `late` when it no longer holds what was `seen`, a `PlanLine.mark`. A name that went meanwhile does not come back.
    """
    with write():
        lock_plan(trajectory, actor)
        line = _find_seen(trajectory, key, seen)
        steps = line.changes.order_by("-pk")[:2]
        if len(steps) < 2:
            raise Refused(Reason.NOTHING_TO_UNDO)
        line.words = steps[1].words
        _keep(line, actor, is_closed=True)


def forget_plan_steps(trajectory: int, key: int, *, seen: str, actor: Actor) -> None:
    """Erase what a line held before: a name may stand in its words. Raises Refused: `late` as for an undo."""
    with write():
        lock_plan(trajectory, actor)
        line = _find_seen(trajectory, key, seen)
        first, now = line.changes.first(), line.changes.last()
        if first and now:
            # What is left stands for all that time, so that no verslag of a meeting before loses its line.
            line.changes.filter(pk=now.pk).update(at=first.at)
            line.changes.exclude(pk=now.pk).delete()


def add_plan_line(
    trajectory: int, kind: str, typed: Mapping[str, Value], *, form: UUID | None = None, actor: Actor
) -> PlanLine:
    """One more line of a kind, without a prompt from an answer, last of its kind. Raises Refused.

    The same `form` sent twice, for its answer got lost, makes one.
    """
    with write():
        session = _find_running(trajectory)  # first the meeting, then the trajectory
        lock_plan(trajectory, actor)
        if form and (made := PlanLine.objects.filter(trajectory=trajectory, form=form).first()):
            return made
        if kind not in KINDS:
            raise Refused(Reason.UNKNOWN_LINE)
        lines = PlanLine.objects.filter(trajectory=trajectory)
        if lines.filter(struck=False, is_earlier=False).count() >= MOST_PLAN_LINES:
            raise Refused(Reason.TOO_MANY_LINES)
        if lines.count() >= MOST_WITH_STRUCK:
            raise Refused(Reason.TOO_MANY_STRUCK)
        line = PlanLine(trajectory_id=trajectory, session=session, kind=kind, prompt="", form=form)
        line.words = Words().put(typed)
        line.rank = (lines.filter(kind=kind).aggregate(last=Max("rank"))["last"] or 0) + 1
        _keep(line, actor)
    return line


def move_plan_line(trajectory: int, key: int, *, before: int | None, actor: Actor) -> None:
    """Put a line before another one of its kind, or last. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        line = _find_line(trajectory, key)
        kind = PlanLine.objects.filter(trajectory=trajectory, kind=line.kind)
        order = [other for other in order_lines(kind) if other.pk != line.pk]
        places = [place for place, other in enumerate(order) if other.pk == before]
        if before is not None and not places:
            raise Refused(Reason.UNKNOWN_LINE)
        order.insert(places[0] if places else len(order), line)
        for rank, other in enumerate(order, 1):
            other.rank = rank
        PlanLine.objects.bulk_update(order, ["rank"])
        raise_revision(trajectory)


def fold_plan_line(trajectory: int, key: int, *, is_earlier: bool, actor: Actor) -> None:
    """Put a line with what was earlier, or back in the plan of now. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        line = _find_line(trajectory, key)
        PlanLine.objects.filter(pk=line.pk).update(is_earlier=is_earlier)
        raise_revision(trajectory)


def set_next_time(trajectory: int, typed: Mapping[str, Any], *, was: Mapping[str, str], actor: Actor) -> None:
    """When and where the group meets again: fields of `NextTime`. Raises Refused.

    `late` when in a field that was changed here stands something else than `was` there. The same again is harmless.
    """
    with write():
        row = lock_plan(trajectory, actor)
        there, when = row.next_time, row.next_time._replace(**typed)
        changed = [name for name in typed if when.fields[name] != there.fields[name]]
        mine = [name for name in changed if when.fields[name] != was.get(name, "")]
        if not mine:
            return
        if any(there.fields[name] != was.get(name, "") for name in mine):
            raise Refused(Reason.LATE)
        row.next_day, row.next_hour, row.next_place = there._replace(**{name: typed[name] for name in mine})
        row.save(update_fields=["next_day", "next_hour", "next_place"])
        raise_revision(trajectory)


def note_plan_hand(trajectory: int, key: int | None, page: str, *, actor: Actor) -> None:
    """This device writes in a line now, or in none any more. What is not there is no matter: it may just have gone."""
    need_leader(actor)
    with write():
        hand = PlanHand.objects.filter(page=page).first()
        resting = PlanHand.objects.filter(at__lt=timezone.now() - RESTS_AFTER).exclude(page=page)
        rested = resting.filter(line__trajectory=trajectory).exists()
        resting.delete()
        line = PlanLine.objects.filter(trajectory=trajectory, pk=key or 0).first()
        if hand and (line is None or hand.line_id != line.pk):
            hand.delete()
        if line:
            PlanHand.objects.update_or_create(page=page, defaults={"line": line, "at": timezone.now()})
        if rested or (hand.line_id if hand else None) != (line.pk if line else None):
            raise_revision(trajectory)


def settle_step(trajectory: int, key: int, said: Mapping[str, str], *, actor: Actor) -> None:
    """Write in the fields of a step what the room says of it. Within a transaction."""
    lock_plan(trajectory, actor)
    line = PlanLine.objects.filter(trajectory=trajectory, pk=key).first()
    if line is not None:
        line.words = line.words.put(said)
        _keep(line, actor, is_closed=True)


def unsettle_step(trajectory: int, key: int, said: Collection[str], *, since: datetime, actor: Actor) -> None:
    """Take back what was settled then in these fields: they hold what they did before. Within a transaction."""
    lock_plan(trajectory, actor)
    line = PlanLine.objects.filter(trajectory=trajectory, pk=key).first()
    if line is not None:
        before = line.changes.filter(at__lt=since).last()
        words = before.words if before else Words()
        line.words = line.words.put({field: words.fields[field] for field in said})
        _keep(line, actor, is_closed=True)


def adopt_proposals(session: GroupSession, round_: Asking, *, actor: Actor) -> None:
    """Write the proposals that the group takes in the plan. Within a transaction.

    The first fills in the line they were made for, so that nothing is asked twice; each other one gets a line that
    stands by the decision of their round.
    """
    trajectory = session.trajectory_id
    lock_plan(trajectory, actor)
    row, wanted = Round.objects.get(session=session, number=round_.number), _find_wanted(trajectory, round_)
    texts = {option.slug: option.text for option in round_.options}
    taken = list(round_.decision.taken) if round_.decision else []
    if wanted and not any(wanted.texts):
        wanted.words = wanted.words.put({"text-0": texts[taken.pop(0)]})
        _keep(wanted, actor, is_closed=True)
    kind = wanted.kind if wanted else round_.subject
    last = PlanLine.objects.filter(trajectory=trajectory, kind=kind).aggregate(last=Max("rank"))["last"] or 0
    for place, slug in enumerate(taken):
        line = PlanLine(trajectory_id=trajectory, session=session, round=row, answer=slug, kind=kind)
        line.prompt, line.rank = (wanted.prompt, wanted.rank) if wanted else ("", last + 1 + place)
        line.words = Words().put({"text-0": texts[slug]})
        _keep(line, actor, is_closed=True)


def drop_proposals(session: GroupSession, round_: Asking, *, actor: Actor) -> None:
    """Take back what was adopted, as long as nobody wrote there since. Within a transaction."""
    trajectory = session.trajectory_id
    lock_plan(trajectory, actor)
    texts = {option.text for option in round_.options}
    wanted = _find_wanted(trajectory, round_)
    if wanted and join_texts(wanted.words) in texts:
        wanted.words = wanted.words.put({"text-0": ""})
        _keep(wanted, actor, is_closed=True)
    for line in PlanLine.objects.filter(round__session=session, round__number=round_.number):
        if join_texts(line.words) in texts:
            line.delete()
    raise_revision(trajectory)


def _find_wanted(trajectory: int, round_: Asking) -> PlanLine | None:
    """The line that proposals were asked for."""
    key = int(round_.subject) if round_.subject.isdecimal() else 0
    return PlanLine.objects.filter(trajectory=trajectory, pk=key, struck=False).first()


def leave_plan_lines(sessions: Collection[int]) -> None:
    """What of the plan goes with these meetings, by their keys: all but the words that the group agreed on."""
    theirs = GroupSession.everything.filter(pk__in=sessions).values("trajectory")
    list(Trajectory.objects.select_for_update().filter(pk__in=theirs).order_by("pk"))  # nobody writes meanwhile
    lines = PlanLine.objects.filter(session__in=sessions)
    agreed = lines.filter(session__leaves_plan=True, struck=False).select_related("round__decision")
    lines.exclude(pk__in=[line.pk for line in agreed if any(line.texts) and line.stands]).delete()


def lock_plan(trajectory: int, actor: Actor) -> Trajectory:
    """The trajectory in whose plan nobody else writes until the transaction ends. Raises DoesNotExist, and Refused.

    Votes and commands hold the row of their meeting, and the plan waits for neither.
    """
    need_leader(actor)
    row = Trajectory.objects.select_for_update().get(pk=trajectory)
    if row.merged_into_id:
        raise Refused(Reason.LATE)  # it became one with another at this very moment
    return row


def raise_revision(trajectory: int) -> None:
    """The plan changed: who shows it hears it after the commit. Within a transaction."""
    Trajectory.objects.filter(pk=trajectory).update(plan_revision=F("plan_revision") + 1)
    tell_after_commit(name_plan(trajectory), "state")
    for code in GroupSession.objects.filter(trajectory=trajectory, ended_at=None).values_list("code", flat=True):
        tell_after_commit(code, "state")


def _find_running(trajectory: int) -> GroupSession | None:
    """The meeting that goes on now, in which a line is written. Nobody deletes it until the transaction ends."""
    session = GroupSession.objects.filter(trajectory=trajectory, ended_at=None).order_by("-pk").first()
    if session:
        keep_from_deletion(session)
    return session


def _keep(line: PlanLine, actor: Actor, *, is_closed: bool = False) -> None:
    """Save a line with its history, and tell. `is_closed`: a step of its own, whatever this hand did just before."""
    if line.goal_id is not None and not _is_goal(line):
        raise Refused(Reason.UNKNOWN_LINE)
    line.save()
    # Who asks that a name goes is not kept in what was before.
    line.changes.exclude(who=line.who).update(who="")
    _note(line, actor, is_closed=is_closed)
    raise_revision(line.trajectory_id)


def _name_doer(line: PlanLine, before: Words, actor: Actor) -> None:
    """Who does the first step stands with that step as well, unless somebody else is named there."""
    steps = PlanLine.objects.filter(trajectory=line.trajectory_id, kind="actie", struck=False, is_earlier=False)
    first = next((step for step in order_lines(steps) if any(step.texts) and step.stands), None)
    if first and not first.role and first.who == "".join(before.texts)[:MOST_OF_A_NAME]:
        first.who, first.may_name = "".join(line.texts)[:MOST_OF_A_NAME], False
        _keep(first, actor)


def _is_goal(line: PlanLine) -> bool:
    goals = PlanLine.objects.filter(trajectory=line.trajectory_id, kind="doel").exclude(pk=line.pk)
    return line.goal_id in goals.values_list("pk", flat=True)


def _note(line: PlanLine, actor: Actor, *, is_closed: bool) -> None:
    """Add a step to the history, or go on with the one that this hand just made."""
    now = timezone.now()
    last = None if is_closed else line.changes.last()
    goes_on = (
        last
        and last.by == actor.name
        and not last.is_closed
        and now - last.at < BURST
        # A verslag tells how the plan stood on the day that its meeting ended.
        and timezone.localdate(last.at) == timezone.localdate(now)
    )
    step = last if last and goes_on else PlanChange(line=line, by=actor.name, is_closed=is_closed)
    step.at, step.words = now, line.words
    step.save()


def _find_line(trajectory: int, key: int) -> PlanLine:
    line = PlanLine.objects.filter(trajectory=trajectory, pk=key).first()
    if line is None:
        raise Refused(Reason.UNKNOWN_LINE)
    return line


def _find_seen(trajectory: int, key: int, seen: str) -> PlanLine:
    """The line, which still holds what was `seen`."""
    line = _find_line(trajectory, key)
    if line.mark != seen:
        raise Refused(Reason.LATE)
    return line
