"""Plan -> the steps as rows of a table, for a spreadsheet: CSV and XLSX."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from sessions import words
from sessions.reading import LineView, PlanPage

Cell = str | date | Decimal | None


def list_columns() -> tuple[str, ...]:
    """The names of the columns, in the language that is active."""
    return (
        _("Doel"), _("Stap"), _("Wie"), _("Groep of organisatie"), _("Samen met"), _("Wanneer"), _("Terugkijken op"),
        _("Hoe staat het?"), _("Wat doen we nu?"), _("Soort"), _("Termijn"), _("Door wie"), _("Wat is nodig"),
        _("Bedrag"), _("Geld van"), _("Antwoord van de gemeente"), _("Antwoord op"),
    )  # fmt: skip


def list_rows(page: PlanPage, *, names: bool) -> list[tuple[Cell, ...]]:
    """A row for each step of the plan, goal by goal; a first name as on a sheet."""
    rows = [_make_row(step, words.say_line(goal.view), names=names) for goal in page.goals for step in goal.steps]
    return rows + [_make_row(step, "", names=names) for step in page.steps]


def _make_row(step: LineView, goal: str, *, names: bool) -> tuple[Cell, ...]:
    held = step.line.words
    return (
        goal, words.say_line(step), held.who if names and held.may_name else "", held.role, held.partners,
        held.due, held.look_back, words.name_state(held.state), held.follow_up, words.name_size(held.size),
        words.name_term(held.term), words.name_doer(held.doer), held.needs, held.money, held.money_from,
        words.say_reply(held), held.reply_on,
    )  # fmt: skip


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """With semicolons, as a Dutch spreadsheet reads it, and so that no cell is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutralise(_write_cell(cell)) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def _write_cell(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else cell or ""


def neutralise(text: str) -> str:
    """A text that begins as a formula does gets a mark before it: spreadsheets would carry it out."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def write_xlsx(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, title: str) -> bytes:
    """One sheet with a row of names that stays in sight. Every text is a text, whatever it begins with."""
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "author": "Buurtboom"})
        sheet = book.add_worksheet(_("Stappen"))
        head, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        day, euro = book.add_format({"num_format": "d mmm yyyy"}), book.add_format({"num_format": "€ #,##0.00"})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, head)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    _write_day(sheet, number, place, cell, day)
                elif isinstance(cell, Decimal):
                    sheet.write_number(number, place, float(cell), euro)
                elif cell:
                    sheet.write_string(number, place, cell, wrap)
        sheet.set_column(0, len(columns) - 1, 20)
        sheet.set_column(1, 1, 44)
        sheet.freeze_panes(1, 0)
    return kept.getvalue()


def _write_day(sheet: Any, row: int, column: int, day: date, form: Any) -> None:
    """A spreadsheet knows no days before 1900."""
    if day.year < 1900:
        sheet.write_string(row, column, day.isoformat())
    else:
        sheet.write_datetime(row, column, day, form)
