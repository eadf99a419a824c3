"""The shape of the code: short functions, and templates that a person can read."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MOST_LINES, MOST_COLUMNS = 40, 120


def find_functions(*folders: str) -> dict[str, int]:
    """Every function with its number of lines."""
    found = {}
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1
    return found


def test_no_function_is_longer_than_a_screen() -> None:
    functions = find_functions("content", "sessions", "facilitation", "scripts", "tests")
    assert len(functions) > 500
    assert {name: lines for name, lines in functions.items() if lines > MOST_LINES} == {}


def test_no_line_of_a_template_is_wider_than_a_screen() -> None:
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert len(files) > 80
    wide = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > MOST_COLUMNS
    ]
    assert wide == []


def test_no_two_browser_tests_name_the_same_buurt() -> None:
    """They share a server, and a buurt has one plan: what one writes is on the screens of the other."""
    files = [file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "e2e").glob("*.py")]
    named = re.findall(r'(?:order|make)_session\("[^"]*", "([^"]*)"', "".join(files))
    assert len(named) > 8
    assert sorted(named) == sorted(set(named))
