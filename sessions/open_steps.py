"""The steps of a plan that a group may look back on before it walks on."""

from datetime import date

from django.utils import timezone

from sessions.models import GroupSession, PlanLine, order_lines
from sessions.rules.commands.sort import FIELDS
from sessions.rules.plan import Words, is_settled, join_texts
from sessions.rules.state import OpenStep, Unsorted


def read_open_steps(session: GroupSession) -> tuple[OpenStep, ...]:
    """The steps of the plan that other meetings agreed on and that are not settled, most urgent first.

    That is: whose day has passed, the longest ago first; to look back on by now; then by the day they are due; and last
    those without a day, in the order of the plan.
    """
    rows = PlanLine.objects.filter(trajectory=session.trajectory_id, kind="actie", struck=False, is_earlier=False)
    before = [row for row in order_lines(rows.exclude(session=session)) if row.stands and any(row.texts)]
    today = timezone.localdate()
    steps = sorted((row for row in before if not is_settled(row.words)), key=lambda row: _rank(row.words, today))
    return tuple(OpenStep(row.pk, join_texts(row.words)) for row in steps)


def list_open_steps(trajectory: int) -> list[PlanLine]:
    """The steps that are still to be done, in the order of the plan."""
    rows = PlanLine.objects.filter(trajectory=trajectory, kind="actie", struck=False, is_earlier=False)
    return [row for row in order_lines(rows) if row.stands and any(row.texts) and not is_settled(row.words)]


def read_unsorted(trajectory: int) -> tuple[Unsorted, ...]:
    """The steps that are still to be done and that the group gave no place yet, in the order of the plan."""
    steps = list_open_steps(trajectory)
    lacking = ((row, tuple(field for field in FIELDS if not row.words.fields[field])) for row in steps)
    return tuple(Unsorted(row.pk, join_texts(row.words), fields) for row, fields in lacking if fields)


def _rank(words: Words, today: date) -> tuple[int, date]:
    days = [day for day in (words.due, words.look_back) if day]
    passed = [day for day in days if day <= today]
    if passed:
        return 0, min(passed)
    return (1, min(days)) if days else (2, today)
