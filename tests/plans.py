"""Lines of a plan, as they stand in the database, and as a device writes in them."""

from typing import Any

from sessions.models import GroupSession, PlanLine, Trajectory
from sessions.rules.actors import Actor
from sessions.rules.plan import Words
from sessions.writing.plan import write_plan_line
from tests.actors import LEADER


def make_line(session: GroupSession, **fields: Any) -> PlanLine:
    """A line that came of this meeting, with whatever a test needs in it."""
    return PlanLine.objects.create(trajectory=session.trajectory, session=session, **fields)


def add_line(trajectory: Trajectory, kind: str, text: str, **fields: Any) -> PlanLine:
    """A line that stands in the plan of no meeting in particular, last, with these fields of `Words`."""
    row = PlanLine(trajectory=trajectory, kind=kind, prompt="", rank=PlanLine.objects.count() + 1)
    row.words = Words(texts=(text,))._replace(**fields)
    row.save()
    return row


def fill_line(line: PlanLine, *texts: str, actor: Actor = LEADER, **fields: Any) -> frozenset[str]:
    """Write these texts and fields in a line, by a device that knows what stands there. Gives back what clashed."""
    typed = {f"text-{place}": text for place, text in enumerate(texts)} | fields
    was = PlanLine.objects.get(pk=line.pk).words.fields
    return write_plan_line(line.trajectory_id, line.pk, typed, was=was, actor=actor)
