"""Sheet -> blocks: the plan in the order in which it is read. Each format only writes blocks."""

from collections.abc import Iterator

from sessions.exports.report import Block, Heading, Line, Table, Text
from sessions.exports.sheet import Sheet, SheetStep


def make_plan_report(sheet: Sheet) -> tuple[Block, ...]:
    """The whole plan: the first goal with its steps, when the group meets again, and all else."""
    return tuple(_tell(sheet))


def _tell(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, sheet.title)
    if sheet.signs:
        yield Text(sheet.signs)
    if sheet.steps:
        yield Heading(2, sheet.words["steps"])
        yield _tell_steps(sheet, sheet.steps)
    if sheet.next:
        yield Heading(2, sheet.words["again"])
        yield Text(", ".join(filter(None, (sheet.next, sheet.place))))
    for goal in sheet.goals:
        yield Heading(2, goal.text)
        if goal.steps:
            yield _tell_steps(sheet, goal.steps)
    for found in (*sheet.boxes, *sheet.more):
        yield Heading(2, found.heading)
        yield from map(Line, found.texts)
    if sheet.verdict:
        yield Text(sheet.verdict)
    yield Text(sheet.last)


def _tell_steps(sheet: Sheet, steps: tuple[SheetStep, ...]) -> Table:
    names = (sheet.words["step"], sheet.words["who"], sheet.words["when"])
    return Table(names, tuple((step.text, step.who, step.when) for step in steps))
