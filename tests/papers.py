"""Papers as somebody else's reader opens them: the words of a PDF, and what its tags say."""

from io import BytesIO
from typing import Any

import msgspec
import pikepdf
import typst
from pypdf import PdfReader

from sessions.exports.pdf import FONTS, HERE, Paper


def read_text(pdf: bytes) -> str:
    """All words of all pages, with one space between."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def draw_pages(paper: Paper, *, ppi: int) -> list[bytes]:
    """The pages as somebody sees them, as PNG."""
    drawn = typst.compile(
        str(HERE / f"{paper.drawing}.typ"), font_paths=[str(FONTS)], ignore_system_fonts=True,
        sys_inputs={"paper": msgspec.json.encode(paper).decode()}, format="png", ppi=ppi,
    )  # fmt: skip
    return drawn if isinstance(drawn, list) else [drawn]


def list_tags(pdf: bytes) -> list[str]:
    """The kinds of elements in the structure tree, in reading order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return list(_walk(document.Root.StructTreeRoot))


def _walk(element: Any):
    if "/S" in element:
        yield str(element.S).removeprefix("/")
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _walk(child)
