"""Blocks -> a Word document, with real styles, headings and tables: for the note of a council."""

import unicodedata
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from sessions.exports.report import Block, Heading, Line, Table, Text

RIGHT_TO_LEFT = ("R", "AL")


def write_word(blocks: Iterable[Block], *, title: str, language: str) -> bytes:
    """The blocks as a file."""
    document = Document()
    document.core_properties.title, document.core_properties.author = clean(title)[:255], "Buurtboom"
    document.core_properties.language = language
    _set_language(document, language)
    for block in blocks:
        _write(document, block)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _write(document: Any, block: Block) -> None:
    match block:
        case Heading(level, text):
            _put(document.add_heading(level=level), text)
        case Text(text):
            _put(document.add_paragraph(), text)
        case Line(text, label):
            _put(document.add_paragraph(style="List Bullet"), f"{label}: {text}" if label else text)
        case Table(columns, rows):
            table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
            _repeat(table.rows[0])
            for cell, name in zip(table.rows[0].cells, columns, strict=True):
                _put(cell.paragraphs[0], name).bold = True
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    _put(cell.paragraphs[0], text)
            document.add_paragraph()
        case _:
            raise TypeError(block)


def _put(paragraph: Any, text: str) -> Any:
    """Write in a paragraph, from right to left where its words are read so."""
    run = paragraph.add_run(clean(text))
    if is_right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run.font.rtl = True
    return run


def clean(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is read from the right."""
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind for kind in kinds if kind in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT


def _repeat(row: Any) -> None:
    """The row of names comes again on each page, and a screen reader knows it as such."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _set_language(document: Any, language: str) -> None:
    (mark,) = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    mark.set(qn("w:val"), "nl-NL" if language == "nl" else language)
