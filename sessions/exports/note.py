"""Plan -> a small note, four on a sheet, for the letterboxes of those who were not there."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sessions.exports.pdf import Paper
from sessions.exports.sheet import Sheet, SheetStep, say_left_out
from sessions.exports.way import DrawnWay, WayToPlan, draw_way


class Note(Paper, frozen=True):
    """What was agreed, when the group meets again, and the way to the plan where there is one."""

    drawing: ClassVar[str] = "note"
    overline: str
    goal: str
    steps: tuple[SheetStep, ...]
    words: dict[str, str | tuple[str, ...]]
    way: DrawnWay | None = None


def make_note(sheet: Sheet, way: WayToPlan | None) -> Note:
    """The note of a plan, in the language that its caller made active."""
    steps = tuple(step for step in sheet.steps if not step.over)
    return Note(
        language=sheet.language,
        title=sheet.title,
        made=sheet.made,
        overline=sheet.overline,
        goal=sheet.goal,
        steps=steps,
        next=sheet.next,
        place=sheet.place,
        words={
            "again": sheet.words["again"],
            "come": _("Was je er niet bij? Kom de volgende keer ook."),
            "more": say_left_out(len(steps)),
        },
        way=draw_way(way),
    )
