"""The formats in which a plan leaves the building: one list for pages and for the command line."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils import timezone

from sessions.exports import steps
from sessions.exports.agenda import make_agenda
from sessions.exports.calendar import write_calendar
from sessions.exports.markdown import write_markdown
from sessions.exports.note import make_note
from sessions.exports.pdf import write_pdf
from sessions.exports.plan_file import write_plan_file
from sessions.exports.plan_report import make_plan_report
from sessions.exports.poster import make_poster
from sessions.exports.sheet import Sheet, leave_out_hands, make_sheet
from sessions.exports.text import write_blocks
from sessions.exports.way import WayToPlan
from sessions.exports.word import write_word
from sessions.models import Trajectory
from sessions.reading import PlanPage, count_last_people, read_begun, read_plan_page, read_story
from sessions.rules.state import Frozen


class PlanToWrite(NamedTuple):
    """What every format is made from: the plan, its sheet, and whether first names may stand in it."""

    trajectory: Trajectory
    page: PlanPage
    sheet: Sheet
    names: bool
    way: WayToPlan | None = None  # for who holds the paper
    decisions: bool = False  # what the group decided and why: it said that this stays within the group


class Format(NamedTuple):
    """How a plan becomes a file, and what the web calls that."""

    content_type: str
    write: Callable[[PlanToWrite], bytes]
    opens: bool = False  # in the browser, rather than being kept
    ending: str = ""  # of its file, where that is not the name of the format


class FrozenPlan(Frozen, frozen=True):
    """A plan as it stood on one evening: what a link goes on to show, and the calendar of its days."""

    sheet: Sheet
    days: str


def prepare_plan(
    trajectory: Trajectory,
    *,
    language: str,
    names: bool,
    skips_hands: bool = False,
    way: WayToPlan | None = None,
    decisions: bool = False,
) -> PlanToWrite:
    """The plan as it is now, ready to be written in any format, in the language that its caller made active.

    With `skips_hands` it is without the lines in which somebody writes at this moment.
    """
    page = read_plan_page(trajectory)
    if skips_hands:
        page = leave_out_hands(page)
    people, today = count_last_people(trajectory), timezone.localdate()
    sheet = make_sheet(page, people=people, today=today, language=language, names=names)
    return PlanToWrite(trajectory, page, sheet, names, way, decisions)


def freeze_plan(plan: PlanToWrite) -> FrozenPlan:
    """The plan as it is, for later."""
    return FrozenPlan(plan.sheet, write_calendar(plan.page, names=plan.names).decode())


def _write_xlsx(plan: PlanToWrite) -> bytes:
    rows = steps.list_rows(plan.page, names=plan.names)
    return steps.write_xlsx(steps.list_columns(), rows, title=plan.sheet.title)


def _write_poster(plan: PlanToWrite) -> bytes:
    meetings = read_story(plan.trajectory, plan.sheet.language).meetings
    return write_pdf(make_poster(plan.sheet, meetings, plan.way))


def _write_agenda(plan: PlanToWrite) -> bytes:
    meetings = read_begun(plan.trajectory, plan.sheet.language)
    return write_pdf(make_agenda(plan.sheet, plan.page, meetings, decisions=plan.decisions))


PDF = "application/pdf"
FORMATS = {
    "pdf": Format(PDF, lambda plan: write_pdf(plan.sheet), opens=True),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda plan: write_word(make_plan_report(plan.sheet), title=plan.sheet.title, language=plan.sheet.language),
    ),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _write_xlsx),
    "ics": Format("text/calendar; charset=utf-8", lambda plan: write_calendar(plan.page, names=plan.names)),
    "csv": Format(
        "text/csv; charset=utf-8",
        lambda plan: steps.write_csv(steps.list_columns(), steps.list_rows(plan.page, names=plan.names)),
    ),
    "json": Format("application/json", lambda plan: write_plan_file(plan.page, names=plan.names)),
    "md": Format("text/markdown; charset=utf-8", lambda plan: write_markdown(make_plan_report(plan.sheet)).encode()),
    "txt": Format("text/plain; charset=utf-8", lambda plan: write_blocks(make_plan_report(plan.sheet)).encode()),
    "praatplaat": Format(PDF, _write_poster, opens=True, ending="pdf"),
    "briefje": Format(PDF, lambda plan: write_pdf(make_note(plan.sheet, plan.way)), opens=True, ending="pdf"),
    "buurtagenda": Format(PDF, _write_agenda, opens=True, ending="pdf"),
}
