"""What a group counted and was told, at the lines of its plan that ask for it."""

from datetime import date
from decimal import Decimal

from sessions.models import Measurement, PlanLine, Tale
from sessions.rules.actors import Actor
from sessions.rules.evaluation import COUNTED, MOST_AT_A_LINE, TOLD
from sessions.rules.refusals import Reason, Refused
from sessions.writing.plan import lock_plan, raise_revision
from sessions.writing.transactions import write


def keep_measurement(trajectory: int, line: int, value: Decimal, *, unit: str, day: date, actor: Actor) -> None:
    """A number of a day; another of that day takes its place. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        row = _find(trajectory, line, COUNTED)
        if row.measurements.exclude(day=day).count() >= MOST_AT_A_LINE:
            raise Refused(Reason.TOO_MUCH_KEPT)
        Measurement.objects.update_or_create(line=row, day=day, defaults={"value": value, "unit": unit})
        raise_revision(trajectory)


def keep_tale(trajectory: int, line: int, text: str, *, actor: Actor) -> None:
    """A story of which the teller agreed that it is shown; the same words once more are harmless. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        row = _find(trajectory, line, TOLD)
        if row.tales.filter(text=text).exists():
            return
        if row.tales.count() >= MOST_AT_A_LINE:
            raise Refused(Reason.TOO_MUCH_KEPT)
        Tale.objects.create(line=row, text=text)
        raise_revision(trajectory)


def drop_evidence(trajectory: int, line: int, key: int, *, actor: Actor) -> None:
    """Take a number or a story away for good: who told it may ask for that. Twice is harmless. Raises Refused."""
    with write():
        lock_plan(trajectory, actor)
        row = _find(trajectory, line)
        kept = row.measurements if row.kind == COUNTED else row.tales
        kept.filter(pk=key).delete()
        raise_revision(trajectory)


def _find(trajectory: int, line: int, kind: str = "") -> PlanLine:
    lines = PlanLine.objects.filter(trajectory=trajectory, pk=line, struck=False)
    row = lines.filter(kind__in=[kind] if kind else [COUNTED, TOLD]).first()
    if row is None:
        raise Refused(Reason.UNKNOWN_LINE)
    return row
