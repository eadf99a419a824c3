"""The tour of the house leads through rooms that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_file_on_the_tour_is_there() -> None:
    words = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
    named = {*re.findall(r"`([\w./]+/[\w./]*)`", words), *re.findall(r"\]\(([\w./-]+)\)", words)}
    assert len(named) > 40
    missing = [name for name in named if not ((ROOT / name).exists() or (ROOT / "docs" / name).exists())]
    assert missing == []
