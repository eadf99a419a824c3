"""Rules for any slug, text or link, in whichever file it stands. Pure: no Django, no YAML."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from urllib.parse import urlsplit

import msgspec

from content.graph import Answer, Node
from content.problems import Problem, Spot

SLUG_MAX = 40  # what the database keeps of a phase and a role

_NAMES = frozenset({"slug", "phase", "start", "next"})  # no texts to read, with rules of their own
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# A sentence ends at a mark that closes the text or comes before a capital: not in "vraag 'wat nu?' aan de buurt".
_SENTENCE_END = re.compile(r"""[.!?…]+['"’”)]*(?=\s+['"‘“(]?[A-Z0-9À-Þ]|\s*$)""")


def is_slug(text: str) -> bool:
    """Whether a text can be a slug: small letters and digits, with single dashes between."""
    return len(text) <= SLUG_MAX and _SLUG.fullmatch(text) is not None


def count_sentences(text: str) -> int:
    """How many sentences a text has."""
    return len(_SENTENCE_END.findall(text))


def check_slugs(file: str, slugs: Iterable[str], spot: Spot) -> Iterator[Problem]:
    """Slugs have the right form, and none is there twice."""
    for slug, count in Counter(slugs).items():
        if not is_slug(slug):
            mend = f"Gebruik kleine letters, cijfers en streepjes, en hoogstens {SLUG_MAX} tekens."
            yield Problem(file, str(spot.at("slug")), f"'{slug}' is geen goede slug.", mend)
        if count > 1:
            yield Problem(file, str(spot.into(slug)), f"Deze slug staat er {count} keer.", "Geef elk een eigen slug.")


def check_texts(file: str, value: msgspec.Struct, spot: Spot) -> Iterator[Problem]:
    """No text that must be there is empty, in a struct or below it. Nodes and answers are left to their own check."""
    for field in msgspec.structs.fields(value):
        here = spot.at(field.name)
        content = getattr(value, field.name)
        if isinstance(content, str):
            # A text that may be left out may be empty too.
            if field.name not in _NAMES and field.required and not content.strip():
                yield report_empty(file, here)
        elif isinstance(content, msgspec.Struct):
            yield from check_texts(file, content, here)
        elif isinstance(content, tuple):
            for number, item in enumerate(content, start=1):
                if isinstance(item, str) and not item.strip():
                    yield report_empty(file, here.item(number))
                elif isinstance(item, msgspec.Struct) and not isinstance(item, Node | Answer):
                    yield from check_texts(file, item, here.item(number))


def check_length(file: str, text: str, most: int, spot: Spot) -> Iterator[Problem]:
    """A text fits on the screen it is made for."""
    if len(text) > most:
        yield Problem(file, str(spot), f"Deze tekst heeft {len(text)} tekens.", f"Maak er hoogstens {most} van.")


def check_sentences(file: str, text: str, wanted: range, spot: Spot) -> Iterator[Problem]:
    """A text has as many sentences as wanted. An empty text is reported elsewhere."""
    if text.strip() and (count := count_sentences(text)) not in wanted:
        what = f"Aantal zinnen: {count}." if count else "Deze tekst eindigt niet met een punt."
        yield Problem(file, str(spot), what, f"Schrijf {wanted[0]} tot en met {wanted[-1]} zinnen.")


def check_link(file: str, link: str, spot: Spot) -> Iterator[Problem]:
    """A source is a page on the web that a reader can open, and no script."""
    try:
        parts = urlsplit(link)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", link)
    except ValueError:  # such as http://[
        is_page = False
    if link.strip() and not is_page:
        yield Problem(file, str(spot), f"'{link}' is geen webadres.", "Begin met https:// of http://.")


def check_doubles(file: str, values: Iterable[Hashable], spot: Spot) -> Iterator[Problem]:
    """Nothing is in a list twice."""
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(file, str(spot), f"'{value}' staat er {count} keer.", "Laat er één staan.")


def report_empty(file: str, spot: Spot) -> Problem:
    return Problem(file, str(spot), "Hier staat geen tekst.", "Vul de tekst in.")


def join_values(values: Iterable[object]) -> str:
    """The values as a list for reading."""
    return ", ".join(map(str, values)) or "niets"
