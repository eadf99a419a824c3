"""A plan that was kept as a file becomes a trajectory of its own."""

from collections.abc import Sequence
from typing import NamedTuple

from sessions.models import PlanChange, PlanLine, Team, Trajectory
from sessions.rules.actors import Actor, need_leader
from sessions.rules.evaluation import Findings
from sessions.rules.plan import NextTime, Words
from sessions.rules.refusals import Reason, Refused
from sessions.writing.transactions import write


class KeyedLine(NamedTuple):
    """A line as a file has it: its key within the file, and that of its goal."""

    key: int
    kind: str
    prompt: str
    words: Words
    goal: int | None
    evidence: Findings = Findings()


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
        for rank, line in enumerate(lines, 1):
            row = PlanLine(trajectory=made, kind=line.kind, prompt=line.prompt, rank=rank)
            row.words = line.words
            row.save()
            rows[line.key] = row
            for number in line.evidence.measured:
                row.measurements.update_or_create(day=number.day, defaults={"value": number.value, "unit": number.unit})
            for tale in line.evidence.told:
                row.tales.create(day=tale.day, text=tale.text)
        for line in lines:
            if line.goal is not None:
                rows[line.key].goal = rows[line.goal]
                rows[line.key].save(update_fields=["goal"])
        for row in rows.values():
            step = PlanChange(line=row, by=actor.name, is_closed=True)
            step.words = row.words
            step.save()
    return made
