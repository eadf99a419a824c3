"""A database of the release before this one is migrated, and every page, summary and text of it reads the same."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.release_before.build import HERE, SECRETS, run
from tests.servers import serve_postgres

ROOT = HERE.parent.parent

# The text says it in the words of the page now.
AS_ON_THE_PAGE = {
    f"Ons buurtbeeld\n{'-' * 14}": f"Ons beeld van de buurt\n{'-' * 22}",
    "Een ander geluid: ": "Ander geluid: ",
    "(2e keer)": "(tweede keer)",
    "Stemmen, keer 2: ": "Tweede stemming: ",
    "Stemmen: te weinig": "Stemmen: Te weinig",
}

# What stands above the lines of a kind is no word of an office any more.
HEADINGS = {
    "Doel": "Dit willen we bereiken",
    "Acties": "Dit gaan we doen",
    "Wie": "Wie doet wat",
    "Wat is nodig": "Dit is nodig",
    "Voorwaarden": "Dit moet kloppen",
    "Voortgang": "Zo merken we dat het beter gaat",
}


# Buttons that are new, with what they ask.
NEW = {
    "Deel het plan", "Vraag de groep: klopt het plan?", "Vraag de groep: klopt dit?", "check",
    "Laat de groep meeschrijven", "Vraag de groep om voorstellen", "gather", "Geef de stappen een plek", "sort",
}  # fmt: skip


def read(name: str) -> str:
    return gzip.decompress((HERE / name).read_bytes()).decode()


def read_pages(name: str) -> dict[str, list[str]]:
    """The words of each page as they were, but for what this release means to say in another way."""
    pages = json.loads(read(f"{name}.json.gz"))
    offered = pages["/bijeenkomsten"]
    place = offered.index("vogelbuurt")
    assert offered[place - 1] == "Vogelbuurt"
    del offered[place - 1]  # two spellings of a buurt are offered as one
    for page in (name for name in pages if name.endswith("/verslag")):
        pages[page] = [HEADINGS.get(word, word) for word in pages[page]]
    for page in (name for name in pages if name.endswith(".txt")):
        text = "\n".join(pages[page])
        for before, after in AS_ON_THE_PAGE.items():
            text = text.replace(before, after)
        pages[page] = text.split("\n")
    return pages


def compare(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    """Every page reads the same. A plan looks different now, and holds all that people wrote in it."""
    lines = after.pop("lines")
    assert len(before) > 30
    assert after.keys() == before.keys()
    plans = {page for page in before if page.endswith("/plan")}
    same = {page: [word for word in after[page] if word not in NEW] for page in before.keys() - plans}
    offered = same["/bijeenkomsten"]
    first, last = offered.index("Met welke buurt?"), offered.index("Dan gaat het plan verder.")
    buurten = [word for word in offered[first + 2 : last] if not word.isdecimal()]  # chosen from a list now
    same["/bijeenkomsten"] = [*offered[:first], "Buurt", offered[last + 2], *buurten, *offered[last + 3 :]]
    assert {page: words for page, words in same.items() if words != before[page]} == {}
    # What a meeting before the last one left is folded away, and nothing of the last.
    assert {any(word.startswith("Eerder (") for word in after[page]) for page in plans} == {True, False}
    written = {page: [line for line in lines if line in before[page]] for page in plans}
    assert sum(map(len, written.values())) > 10
    assert [(page, line) for page in plans for line in written[page] if line not in after[page]] == []


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The name and the address of a database as it was."""
    name = request.param
    if name == "sqlite":
        file = tmp_path / "old.sqlite3"
        with sqlite3.connect(file) as connection:
            connection.executescript(read("sqlite.sql.gz"))
        yield name, f"sqlite:///{file}"
    else:
        with serve_postgres(tmp_path) as address:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(read("postgresql.sql.gz"))
            yield name, address


def migrate(address: str, folder: Path, *target: str) -> None:
    settings = {**os.environ, **SECRETS, "DATABASE_URL": address, "BUURTBOOM_DATA": str(folder)}
    command = [sys.executable, "manage.py", "migrate", *target]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def test_every_page_reads_the_same_after_the_migration(old: tuple[str, str], tmp_path: Path) -> None:
    name, address = old
    migrate(address, tmp_path)
    compare(read_pages(name), json.loads(run("read_pages.py", ROOT, tmp_path, address)))


@pytest.mark.slow
def test_a_migration_back_leaves_what_the_release_before_can_read(old: tuple[str, str], tmp_path: Path) -> None:
    """As `docs/hosting.md` tells who hosts."""
    name, address = old
    migrate(address, tmp_path)
    migrate(address, tmp_path, "live_sessions", "0009")
    migrate(address, tmp_path)
    compare(read_pages(name), json.loads(run("read_pages.py", ROOT, tmp_path, address)))
