"""What phones proposed for a line of the plan."""

from sessions.models import Proposal
from sessions.rules.state import Idea


def read_ideas(session: int, number: int) -> tuple[Idea, ...]:
    """The proposals of one round of a meeting, as they came in."""
    rows = Proposal.objects.filter(round__session=session, round__number=number)
    return tuple(
        Idea(row.pk, row.handle, row.words, row.text, row.status, row.to_id)  # type: ignore[arg-type]
        for row in rows
    )
