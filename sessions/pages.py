"""A page of a plan as the room is asked whether it is right."""

from collections.abc import Iterable

from sessions.models import PlanLine, order_lines
from sessions.rules.plan import KINDS, fill_prompt, join_pieces, join_texts, say_who_outside
from sessions.rules.state import PageLine


def read_page(trajectory: int, goal: int = 0) -> tuple[PageLine, ...]:
    """The lines that stand in the plan by now, kind by kind; with the key of a `goal` only that and the steps to it."""
    rows = PlanLine.objects.filter(trajectory=trajectory, struck=False, is_earlier=False, kind__in=KINDS)
    agreed = [row for row in order_lines(rows) if row.stands and (any(row.texts) or (row.due and row.kind == "moment"))]
    if goal:
        agreed = list(_pick_page(agreed, goal))
    return tuple(_show_line(row) for row in sorted(agreed, key=lambda row: KINDS.index(row.kind)))


def _pick_page(rows: Iterable[PlanLine], goal: int) -> Iterable[PlanLine]:
    return (
        row for row in rows if (row.kind == "doel" and row.pk == goal) or (row.kind == "actie" and row.goal_id == goal)
    )


def _show_line(row: PlanLine) -> PageLine:
    words, parts = row.words, fill_prompt(row.prompt, row.texts)
    text = join_texts(words) if row.kind in ("doel", "actie") else join_pieces(parts) or parts[0].label
    return PageLine(row.kind, text, say_who_outside(words), words.due)  # it is read on phones
