"""Every template compiles, and nothing in them goes round the strict content security policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_has_no_inline_style_script_or_handler(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    inline = re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", text)
    assert inline == []


def test_every_icon_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text()))
    asked = {
        f"icon-{name}"
        for template in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', (FOLDER / template).read_text(encoding="utf-8"))
    }
    assert asked - drawn == set()
