"""Sheet -> PDF: a page for the fridge, and what else was written on the next. Tagged, as PDF/UA-1 asks."""

from pathlib import Path

import msgspec
import typst

from sessions.exports.sheet import Sheet

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


def write_pdf(sheet: Sheet) -> bytes:
    """The sheet as a file. What the same sheet gives is the same to the last byte."""
    return typst.compile(
        str(HERE / "plan.typ"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"sheet": msgspec.json.encode(sheet).decode()},
        pdf_standards="ua-1",
        timestamp=0,
    )
