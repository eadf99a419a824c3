"""Blocks -> plain text: for a mail, a message or a note, in any editor."""

import textwrap
from collections.abc import Iterable, Iterator

from sessions import words
from sessions.exports.report import Action, Block, Chart, Heading, Line, Table, Text, make_report
from sessions.reading import Summary

WIDTH = 78  # columns: a line that no mail program breaks
UNDER = {1: "=", 2: "-", 3: "~"}  # what stands under a heading of each level


def write_text(summary: Summary) -> str:
    """The whole summary as text."""
    return write_blocks(make_report(summary))


def write_blocks(blocks: Iterable[Block]) -> str:
    """A list stands together, and under a heading of the lowest level; all else has an empty line between."""
    text, before = "", None
    for block in blocks:
        lines = "\n".join(_write(block))
        text += ("\n" if _is_point(block) and _takes_points(before) else "\n\n" if text else "") + lines
        before = block
    return text + "\n"


def _is_point(block: Block | None) -> bool:
    return isinstance(block, Line | Action | Chart)


def _takes_points(block: Block | None) -> bool:
    """Whether a point stands directly under it."""
    if isinstance(block, Heading):
        return block.level not in UNDER
    return _is_point(block) or (isinstance(block, Text) and block.text.endswith(":"))


def _write(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield text
            if level in UNDER:
                yield UNDER[level] * min(len(text), WIDTH)
        case Text(text):
            yield text
        case Line(text, label):
            yield _bullet(text, label)
        case Action(kind, text, who, due):
            extra = ", ".join(filter(None, (who, words.say_full_day(due) if due else "")))
            yield _bullet(f"{text} ({extra})" if extra else text, kind)
        case Chart():
            yield from _write_chart(block)
        case Table(columns, rows):
            for row in rows:
                yield _bullet(", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=True)))


def _write_chart(chart: Chart) -> Iterator[str]:
    if not chart.totals:
        yield _bullet(" ".join(chart.notes), chart.name)
        return
    yield _bullet(_count(chart.totals), chart.name)
    for name, counts in chart.groups:
        yield _bullet(_count(counts), name)
    yield from map(_bullet, chart.notes)


def _count(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{letter} {count}" for letter, count in counts)


def _bullet(text: str, label: str = "") -> str:
    words_of_it = f"- {label}: {text}" if label else f"- {text}"
    return textwrap.fill(words_of_it, WIDTH, subsequent_indent="  ", break_long_words=False)
