"""A plan that was kept as a file becomes a trajectory of its own."""

from collections.abc import Sequence

from sessions.models import PlanChange, PlanLine, Team, Trajectory
from sessions.rules.actors import Actor, need_leader
from sessions.rules.plan import NextTime, Words
from sessions.rules.refusals import Reason, Refused
from sessions.writing.transactions import write

KeyedLine = tuple[int, str, str, Words, int | None]  # key within the file, kind, prompt, words, key of its goal


def import_plan(team: Team, buurt: str, lines: Sequence[KeyedLine], next_time: NextTime, *, actor: Actor) -> Trajectory:
    """Make a trajectory with this plan, all of it or nothing. Raises Refused where the team has that buurt already."""
    need_leader(actor)
    with write():
        if Trajectory.objects.filter(team=team, buurt=buurt, is_practice=False).exists():
            raise Refused(Reason.KNOWN_BUURT)
        made = Trajectory.objects.create(
            team=team, buurt=buurt, next_day=next_time.day, next_hour=next_time.hour, next_place=next_time.place
        )
        rows: dict[int, PlanLine] = {}
        for rank, (key, kind, prompt, words, _) in enumerate(lines, 1):
            row = PlanLine(trajectory=made, kind=kind, prompt=prompt, rank=rank)
            row.words = words
            row.save()
            rows[key] = row
        for key, _, _, _, goal in lines:
            if goal is not None:
                rows[key].goal = rows[goal]
                rows[key].save(update_fields=["goal"])
        for row in rows.values():
            step = PlanChange(line=row, by=actor.name, is_closed=True)
            step.words = row.words
            step.save()
    return made
