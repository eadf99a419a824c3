"""Two trajectories that turn out to be one neighbourhood's become one, and are two again when that was a mistake."""

from django.db.models import Max, Q

from sessions.models import GroupSession, PlanLine, Trajectory
from sessions.rules.actors import Actor, need_leader
from sessions.rules.plan import NextTime
from sessions.rules.refusals import Reason, Refused
from sessions.writing.plan import raise_revision
from sessions.writing.transactions import lock_sessions, write


def merge_trajectories(into: int, other: int, *, actor: Actor) -> None:
    """The meetings and lines of `other` become those of `into`. Nothing is struck, and nothing written over.

    Raises Refused: `cannot-merge` unless they are two of one team that stand on their own and are no practice.
    """
    need_leader(actor)
    with write():
        lock_sessions(GroupSession.everything.filter(trajectory__in=(into, other)))
        locked = {key: _lock(key) for key in sorted({into, other})}
        target, source = locked[into], locked[other]
        is_fit = target.pk != source.pk and target.team_id == source.team_id
        if not is_fit or any(one.is_practice or one.merged_into_id for one in (target, source)):
            raise Refused(Reason.CANNOT_MERGE)
        for rows in (GroupSession.everything, PlanLine.objects):
            rows.filter(trajectory=source, came_from=None).update(came_from=source)
            rows.filter(trajectory=source).update(trajectory=target)
        if target.next_time == NextTime():
            when = source.next_time
            Trajectory.objects.filter(pk=target.pk).update(
                next_day=when.day, next_hour=when.hour, next_place=when.place
            )
        Trajectory.objects.filter(Q(pk=source.pk) | Q(merged_into=source)).update(merged_into=target)
        _rise_above_both(target, source)


def part_trajectories(other: int, *, actor: Actor) -> None:
    """Undo a merge: what came from `other` goes back there; what is newer stays. Raises Refused: `cannot-part`."""
    need_leader(actor)
    with write():
        lock_sessions(GroupSession.everything.filter(came_from=other))
        into = Trajectory.objects.values_list("merged_into", flat=True).get(pk=other)
        locked = {key: _lock(key) for key in sorted({other, into or other})}
        source = locked[other]
        if source.merged_into_id is None or source.merged_into_id != into:
            raise Refused(Reason.CANNOT_PART)
        target = locked[into]
        for rows in (GroupSession.everything, PlanLine.objects):
            rows.filter(came_from=source).update(trajectory=source, came_from=None)
        # A step that serves a goal of the other one serves none any more.
        for one, far in ((source, target), (target, source)):
            PlanLine.objects.filter(trajectory=one, goal__trajectory=far).update(goal=None)
        Trajectory.objects.filter(pk=source.pk).update(merged_into=None)
        _rise_above_both(target, source)


def _lock(key: int) -> Trajectory:
    """Raises DoesNotExist."""
    return Trajectory.objects.select_for_update().get(pk=key)


def _rise_above_both(one: Trajectory, other: Trajectory) -> None:
    """A meeting moved: what its screens show has a higher revision than they ever had. See ADR 0015."""
    both = Trajectory.objects.filter(pk__in=(one.pk, other.pk))
    highest = both.aggregate(highest=Max("plan_revision"))["highest"] or 0
    both.update(plan_revision=highest)
    for trajectory in (one, other):
        raise_revision(trajectory.pk)
