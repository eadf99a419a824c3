"""A page of a plan as the room is asked whether it is right."""

from collections.abc import Iterable

from sessions.models import PlanLine, order_lines
from sessions.rules.plan import KINDS, fill_prompt, join_pieces, join_texts, say_who_outside, split_prompt
from sessions.rules.state import PageLine


def read_page(trajectory: int, goal: int = 0) -> tuple[PageLine, ...]:
    """The lines that stand in the plan by now, kind by kind; with the key of a `goal` only that and the steps to it."""
    rows = PlanLine.objects.filter(trajectory=trajectory, struck=False, is_earlier=False, kind__in=KINDS)
    agreed = [row for row in order_lines(rows) if row.stands and (any(row.texts) or (row.due and row.kind == "moment"))]
    if goal:
        agreed = list(_pick_page(agreed, goal))
    return tuple(_show_line(row) for row in sorted(agreed, key=lambda row: KINDS.index(row.kind)))


def read_wanted(trajectory: int, subject: str) -> str:
    """The words of the line with this key, as a room is asked to fill it in. Empty where no line waits for that."""
    if not subject.isdecimal():
        return ""
    row = PlanLine.objects.filter(trajectory=trajectory, pk=int(subject), struck=False, is_earlier=False).first()
    return split_prompt(row.prompt)[0] if row and can_be_proposed(row) else ""


def can_be_proposed(row: PlanLine) -> bool:
    """Whether proposals can fill this line: it asks for one text and has none."""
    return row.stands and not any(row.texts) and len(split_prompt(row.prompt)) == 1 and row.kind != "moment"


def _pick_page(rows: Iterable[PlanLine], goal: int) -> Iterable[PlanLine]:
    return (
        row for row in rows if (row.kind == "doel" and row.pk == goal) or (row.kind == "actie" and row.goal_id == goal)
    )


def _show_line(row: PlanLine) -> PageLine:
    words, parts = row.words, fill_prompt(row.prompt, row.texts)
    text = join_texts(words) if row.kind in ("doel", "actie") else join_pieces(parts) or parts[0].label
    return PageLine(row.kind, text, say_who_outside(words), words.due)  # it is read on phones
