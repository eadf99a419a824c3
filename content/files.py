"""The library as YAML files, and back to frozen structs: strict, and an error names file, place and mend.

No Django here. This module says whether the files can be read; whether they make good trees is `content.rules`.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from content.graph import PHASES, Element, Intervention, Library, Role, Strict, Tree
from content.problems import ELEMENTS_FILE, INTERVENTIONS_FILE, ROLES_FILE, ContentError, Problem, Spot, tree_file
from content.strict_yaml import Document, Value, read_yaml
from content.strict_yaml import Path as ValuePath
from content.text_rules import is_slug, join_values

LIBRARY_FOLDER = Path(__file__).resolve().parent / "library"
MAX_BYTES = 512 * 1024

_Shape = TypeVar("_Shape")


class _RoleFile(Strict, frozen=True):
    schema: Literal[1]
    roles: tuple[Role, ...]


class _ElementFile(Strict, frozen=True):
    schema: Literal[1]
    elements: tuple[Element, ...]
    icon: str = ""


class _InterventionFile(Strict, frozen=True):
    schema: Literal[1]
    interventions: tuple[Intervention, ...]
    icon: str = ""


def read_library(folder: Path) -> Library:
    """The library in a folder. Raises ContentError with everything that keeps it from being read."""
    problems = list(_find_strangers(folder))
    roles = _load_file(folder, ROLES_FILE, _RoleFile, problems)
    trees = [tree for phase in PHASES if (tree := _load_tree(folder, phase, problems))]
    elements = _load_file(folder, ELEMENTS_FILE, _ElementFile, problems)
    interventions = _load_file(folder, INTERVENTIONS_FILE, _InterventionFile, problems)
    if problems or roles is None or elements is None or interventions is None:
        raise ContentError(problems)
    return Library(
        roles=roles.roles,
        trees=tuple(sorted(trees, key=lambda tree: tree.order)),
        elements=elements.elements,
        interventions=interventions.interventions,
    )


def _find_strangers(folder: Path) -> Iterator[Problem]:
    """YAML files that nobody would read: somebody may think they count."""
    known = {ROLES_FILE, ELEMENTS_FILE, INTERVENTIONS_FILE, *map(tree_file, PHASES)}
    try:
        names = sorted(path.name for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    except (OSError, ValueError):
        names = []  # each file that is missing says so itself
    for name in names:
        if name not in known:
            mend = f"Haal het weg, of kies een naam uit: {join_values(sorted(known))}."
            yield Problem(name, "", "Dit bestand kennen we niet.", mend)


def _load_tree(folder: Path, phase: str, problems: list[Problem]) -> Tree | None:
    tree = _load_file(folder, tree_file(phase), Tree, problems)
    if tree and tree.phase != phase:
        what = f"In dit bestand hoort de {phase}, maar er staat '{_shorten(tree.phase)}'."
        problems.append(Problem(tree_file(phase), "phase", what, f"Zet er: phase: {phase}."))
    return tree


def _load_file(folder: Path, name: str, shape: type[_Shape], problems: list[Problem]) -> _Shape | None:
    """What a file holds, or None. Every problem found is added to the list."""
    text = _read_text(folder / name, problems)
    if text is None:
        return None
    document = read_yaml(text)
    problems += [Problem(name, f"regel {line}", what, mend) for line, what, mend in document.refusals]
    if document.value is None:
        return None
    try:
        return msgspec.convert(document.value, shape)
    except msgspec.ValidationError as error:
        # msgspec stops at the first error; an editor wants to see them all, in Dutch, by slug and line.
        explained = list(_Explainer(name, document).explain(document.value, shape, Spot(), ()))
        problems += explained or [Problem(name, "", f"Dit past niet ({error}).", "Vergelijk het met SCHEMA.md.")]
        return None


def _read_text(path: Path, problems: list[Problem]) -> str | None:
    def report(place: str, what: str, mend: str) -> None:
        problems.append(Problem(path.name, place, what, mend))

    try:
        if not path.is_file():
            report("", f"Dit bestand is er niet in de map {path.parent}.", "Zet het terug, of kies een andere map.")
            return None
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        report("", f"We kunnen dit bestand niet lezen ({error.strerror}).", "Kijk of je het zelf kunt openen.")
        return None
    if len(data) > MAX_BYTES:
        report("", f"Dit bestand is groter dan {MAX_BYTES // 1024} KiB.", "Maak het kleiner.")
        return None
    try:
        return data.decode("utf-8")  # PyYAML passes over a byte order mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report(f"regel {line}", "Dit is geen UTF-8.", "Bewaar het bestand opnieuw, met de codering UTF-8.")
        return None


class _Explainer:
    """Says in plain Dutch why a value does not fit its shape."""

    def __init__(self, file: str, document: Document) -> None:
        self.file = file
        self.lines = document.lines

    def explain(self, value: Value, shape: Any, spot: Spot, path: ValuePath) -> Iterator[Problem]:
        """Every problem in a value that should have this shape: a struct, tuple, Literal, optional or plain type."""
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
            yield from self.explain_struct(value, shape, spot, path)
        elif get_origin(shape) is tuple:
            yield from self.explain_list(value, get_args(shape)[0], spot, path)
        elif get_origin(shape) is Literal:
            if value not in get_args(shape):
                known = join_values(map(str, get_args(shape)))
                yield self.problem(spot, path, f"Hier staat {_name_value(value)}.", f"Kies uit: {known}.")
        elif value is None and type(None) in get_args(shape):
            return
        elif int in (shape, *get_args(shape)):
            if not isinstance(value, int):
                mend = "Zet hier een heel getal, zonder aanhalingstekens."
                yield self.problem(spot, path, f"Hier hoort een getal, maar er staat {_name_value(value)}.", mend)
        elif not isinstance(value, str):
            what = f"Hier hoort tekst, maar er staat {_name_value(value)}."
            yield self.problem(spot, path, what, "Zet hier tekst, tussen aanhalingstekens.")

    def explain_struct(
        self, value: Value, shape: type[msgspec.Struct], spot: Spot, path: ValuePath
    ) -> Iterator[Problem]:
        fields = {field.name: field for field in msgspec.structs.fields(shape)}
        if not isinstance(value, dict):
            what = f"Hier horen sleutels met een waarde, maar er staat {_name_value(value)}."
            yield self.problem(spot, path, what, f"Gebruik de sleutels: {join_values(fields)}.")
            return
        free = set(fields) - set(value)
        for key in value:
            if key not in fields:
                guess = get_close_matches(_shorten(key), free, n=1)
                mend = f"Bedoel je '{guess[0]}'?" if guess else f"Haal hem weg, of kies uit: {join_values(fields)}."
                what = f"De sleutel '{_shorten(key)}' kennen we hier niet."
                yield self.problem(spot, (*path, key), what, mend)
        for name, field in fields.items():
            if name in value:
                yield from self.explain(value[name], field.type, spot.at(name), (*path, name))
            elif field.required:
                mend = f"Zet er een regel bij die begint met '{name}:'."
                yield self.problem(spot, path, f"De sleutel '{name}' ontbreekt.", mend)

    def explain_list(self, value: Value, shape: Any, spot: Spot, path: ValuePath) -> Iterator[Problem]:
        if not isinstance(value, list):
            what = f"Hier hoort een lijst, maar er staat {_name_value(value)}."
            yield self.problem(spot, path, what, "Begin elke regel van de lijst met een streepje.")
            return
        for index, item in enumerate(value):
            slug = item.get("slug") if isinstance(item, dict) else None
            # The list goes unnamed where its items have names: "aanleiding/probleem, next".
            inside = spot.into(slug) if isinstance(slug, str) and is_slug(slug) else spot.item(index + 1)
            yield from self.explain(item, shape, inside, (*path, index))

    def problem(self, spot: Spot, path: ValuePath, what: str, mend: str) -> Problem:
        line = f"regel {self.lines[path]}" if path in self.lines else ""
        place = f"{spot} ({line})" if line and str(spot) else line or str(spot)
        return Problem(self.file, place, what, mend)


def _name_value(value: Value) -> str:
    if value is None:
        return "niets"
    if isinstance(value, dict):
        return "een groepje sleutels"
    if isinstance(value, list):
        return "een lijst"
    return f"het getal {value}" if isinstance(value, int) else f"de tekst '{_shorten(value)}'"


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
