"""One word, one thing: who looks for `class State` finds one, and who guesses a file from a word is right."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"migrations", "management"}  # history, and what Django wants to be called `Command` every time


def find_homes() -> dict[str, list[str]]:
    """Every public class and function that stands at the top of a file, with the files it is defined in."""
    homes: dict[str, list[str]] = defaultdict(list)
    for package in ("content", "sessions", "facilitation"):
        for file in sorted((ROOT / package).rglob("*.py")):
            if not LEFT_OUT.isdisjoint(file.relative_to(ROOT).parts):
                continue
            for found in ast.parse(file.read_text()).body:
                is_named = isinstance(found, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                if is_named and not found.name.startswith("_"):
                    homes[found.name].append(str(file.relative_to(ROOT)))
    return homes


def test_a_name_means_one_thing():
    assert {name: files for name, files in find_homes().items() if len(files) > 1} == {}


def test_the_names_are_found_at_all():
    assert {"State", "GroupSession", "read_session", "PhoneScreen"} <= find_homes().keys()
