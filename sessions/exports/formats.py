"""The formats in which a plan leaves the building: one list for pages and for the command line."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sessions.exports import steps
from sessions.exports.calendar import write_calendar
from sessions.exports.markdown import write_markdown
from sessions.exports.pdf import write_pdf
from sessions.exports.plan_file import write_plan_file
from sessions.exports.plan_report import make_plan_report
from sessions.exports.sheet import Sheet, make_sheet
from sessions.exports.text import write_blocks
from sessions.exports.word import write_word
from sessions.reading import PlanPage


class PlanToWrite(NamedTuple):
    """What every format is made from: the plan, its sheet, and whether first names may stand in it."""

    page: PlanPage
    sheet: Sheet
    names: bool


class Format(NamedTuple):
    """How a plan becomes a file, and what the web calls that."""

    content_type: str
    write: Callable[[PlanToWrite], bytes]
    opens: bool = False  # in the browser, rather than being kept


def prepare_plan(page: PlanPage, *, people: int, today: date, language: str, names: bool) -> PlanToWrite:
    """A plan, ready to be written in any format, in the language that its caller made active."""
    return PlanToWrite(page, make_sheet(page, people=people, today=today, language=language, names=names), names)


def _write_xlsx(plan: PlanToWrite) -> bytes:
    rows = steps.list_rows(plan.page, names=plan.names)
    return steps.write_xlsx(steps.list_columns(), rows, title=plan.sheet.title)


FORMATS = {
    "pdf": Format("application/pdf", lambda plan: write_pdf(plan.sheet), opens=True),
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
}
