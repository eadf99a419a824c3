"""Papers -> PDF. Each says which typst file beside this one draws it; all are tagged, as PDF/UA-1 asks."""

from pathlib import Path
from typing import ClassVar

import msgspec
import typst

from sessions.rules.state import Frozen

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


class Paper(Frozen, frozen=True):
    """What stands on a paper, in words: plain values, and the file that draws them."""

    drawing: ClassVar[str]
    language: str
    title: str
    made: tuple[int, int, int]  # year, month and day
    next: str  # when the group meets again, and where
    place: str


def write_pdf(paper: Paper) -> bytes:
    """The paper as a file. What the same paper gives is the same to the last byte."""
    return typst.compile(
        str(HERE / f"{paper.drawing}.typ"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"paper": msgspec.json.encode(paper).decode()},
        pdf_standards="ua-1",
        timestamp=0,
    )
