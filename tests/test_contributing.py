"""CONTRIBUTING says how to add something, in at most five files; and what is there was added so."""

import re
from pathlib import Path

import pytest

from facilitation.access import RIGHTS
from facilitation.urls import urlpatterns
from sessions.rules.commands import COMMANDS

ROOT = Path(__file__).parent.parent
WORDS = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
DESK = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "templates").rglob("*.html")))


def read_recipe(thing: str) -> list[str]:
    """The numbered steps of `To add a ...`."""
    (section,) = re.findall(rf"^## To add {thing}\n(.*?)(?=^## )", WORDS, re.DOTALL | re.MULTILINE)
    return re.findall(r"^\d\. (.*?)(?=^\d\. |\Z)", section, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("thing", ["a command", "a screen", "an export"])
def test_a_recipe_has_at_most_five_steps_and_each_leads_to_a_place_that_is_there(thing: str) -> None:
    steps = read_recipe(thing)
    assert 3 <= len(steps) <= 5
    for step in steps:
        named = re.findall(r"`([\w.]+/[\w./]*)`", step)
        assert named, step
        assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_stands_where_the_recipe_says(name: str) -> None:
    kind = COMMANDS[name]
    file = "sessions/rules/commands/" + kind.__module__.rpartition(".")[2] + ".py"
    assert f"class {kind.__name__}(" in (ROOT / file).read_text(encoding="utf-8")
    assert f'value="{name}"' in DESK or f'next_step == "{name}"' in DESK  # a button of its own, or the big one
    assert name == "undo" or f'step == "{name}"' in (ROOT / "templates/console/_step.html").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{name}` \|", PROTOCOL, re.MULTILINE)
    writers = (ROOT / "tests/facilitation/live/test_writers.py").read_text(encoding="utf-8")
    assert re.search(rf'["\s]{name}"', writers)


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_each_screen_stands_where_the_recipe_says(pattern) -> None:
    # An account's own pages are classes of Django that live beside the logins.
    assert pattern.callback.__module__.startswith(("facilitation.views.", "facilitation.logins"))
    assert pattern.name in RIGHTS
    has_row = re.search(rf"^\| `{pattern.name}` \|", PROTOCOL, re.MULTILINE)
    assert has_row or pattern.name in READING, pattern.name


# No screens of a session: `docs/protocol.md` names them in one sentence.
READING = {
    "health", "busy", "password_change", "summary", "summary-text", "alone", "alone-node", "alone-answer", "alone-path",
    "library", "element", "intervention", "handbook", "home", "login", "logout", "overview",
}  # fmt: skip
