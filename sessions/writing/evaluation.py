"""What a group counted and was told, at the lines of its plan that ask for it."""

from datetime import date
from decimal import Decimal

from sessions.models import Measurement, PlanLine, Tale
from sessions.rules.actors import Actor
from sessions.rules.evaluation import COUNTED, MOST_AT_A_LINE, TOLD
from sessions.rules.refusals import Reason, Refused
from sessions.writing.links import forget_in_links
from sessions.writing.plan import lock_plan, raise_revision
from sessions.writing.transactions import write


def keep_measurement(trajectory: int, line: int, value: Decimal, *, unit: str, day: date, actor: Actor) -> None:
    """A number of a day; the same once more is harmless. Raises Refused, also where that day has another number."""
    with write():
        lock_plan(trajectory, actor)
        row = _find_open(trajectory, line, COUNTED)
        there = row.measurements.filter(day=day).first()
        if there and (there.value, there.unit) != (value, unit):
            raise Refused(Reason.COUNTED_ALREADY)
        if there:
            return
        if row.measurements.count() >= MOST_AT_A_LINE:
            raise Refused(Reason.TOO_MUCH_KEPT)
        Measurement.objects.create(line=row, day=day, value=value, unit=unit)
        raise_revision(trajectory)


def keep_tale(trajectory: int, line: int, text: str, *, actor: Actor) -> None:
    """A story of which the teller agreed that it is shown; the same words once more are harmless. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        row = _find_open(trajectory, line, TOLD)
        if row.tales.filter(text=text).exists():
            return
        if row.tales.count() >= MOST_AT_A_LINE:
            raise Refused(Reason.TOO_MUCH_KEPT)
        Tale.objects.create(line=row, text=text)
        raise_revision(trajectory)


def drop_evidence(trajectory: int, line: int, key: int, *, actor: Actor) -> None:
    """Take a number or a story away for good, also from a line that was crossed out, and a story from every link.

    Who told it may ask for that at any time. Twice is harmless. Raises Refused.
    """
    with write():
        lock_plan(trajectory, actor)
        row = PlanLine.objects.filter(trajectory=trajectory, pk=line).first()
        if row is None:
            raise Refused(Reason.UNKNOWN_LINE)
        if row.kind == COUNTED:
            row.measurements.filter(pk=key).delete()
        for tale in row.tales.filter(pk=key):
            forget_in_links(trajectory, tale.text)
            tale.delete()
        raise_revision(trajectory)


def _find_open(trajectory: int, line: int, kind: str) -> PlanLine:
    """The line, as long as it is in the plan of now."""
    lines = PlanLine.objects.filter(trajectory=trajectory, struck=False, is_earlier=False, kind=kind)
    row = lines.filter(pk=line).first()
    if row is None:
        raise Refused(Reason.UNKNOWN_LINE)
    return row
