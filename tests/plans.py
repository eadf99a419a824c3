"""Lines of a plan, as they stand in the database."""

from typing import Any

from sessions.models import GroupSession, PlanLine


def make_line(session: GroupSession, **fields: Any) -> PlanLine:
    """A line that came of this meeting, with whatever a test needs in it."""
    return PlanLine.objects.create(trajectory=session.trajectory, session=session, **fields)
