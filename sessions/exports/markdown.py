"""Blocks -> Markdown (CommonMark, with tables), for a wiki or a note."""

import re
from collections.abc import Iterable, Iterator

from sessions.exports.report import Block, Heading, Line, Table, Text

_MARKS = re.compile(r"([\\`*_{}\[\]<>#+\-!|~&])")


def write_markdown(blocks: Iterable[Block]) -> str:
    """Headings, lists and tables; whatever somebody typed stays text."""
    parts, before = [], None
    for block in blocks:
        text = "\n".join(_write(block))
        parts.append(("\n" if isinstance(block, Line) and isinstance(before, Line) else "\n\n") + text)
        before = block
    return "".join(parts).strip() + "\n"


def _write(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_escape(text)}"
        case Text(text):
            yield _escape(text)
        case Line(text, label):
            yield f"- **{_escape(label)}:** {_escape(text)}" if label else f"- {_escape(text)}"
        case Table(columns, rows):
            yield _row(columns)
            yield _row(["---"] * len(columns), raw=True)
            yield from map(_row, rows)
        case _:
            raise TypeError(block)


def _row(cells: Iterable[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else _escape(cell) for cell in cells)} |"


def _escape(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
