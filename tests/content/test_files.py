"""Bad files, each with the exact problem that comes out; and never anything but a library or a ContentError."""

import copy
import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content import files
from content.files import LIBRARY_FOLDER, MAX_BYTES, read_library
from content.graph import PHASES, Library
from content.problems import ContentError, Problem, Spot
from content.rules import find_problems
from tests.sizes import pick

SYNTAX_MEND = "Kijk of er een aanhalingsteken mist, en of de spaties vooraan kloppen."
ANSWER_KEYS = "slug, text, roles, next, reflection, elements, interventions, plan, picture, indicators"


def load_problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as error:
        read_library(folder)
    return error.value.problems


def change(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file, and tell on which line that was."""
    text = path.read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


def write_start(folder: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "startfase.yaml").write_bytes(data)


# Good files


def test_the_files_hold_the_library_they_were_written_from(folder, library):
    assert read_library(folder) == library


def test_the_shipped_files_hold_a_library():
    assert [tree.phase for tree in read_library(LIBRARY_FOLDER).trees] == list(PHASES)


def test_a_byte_order_mark_is_no_part_of_the_text(folder, texts, library):
    write_start(folder, b"\xef\xbb\xbf" + texts["startfase.yaml"].encode())
    assert read_library(folder) == library


def test_a_file_may_have_windows_line_ends(folder, texts, library):
    write_start(folder, texts["startfase.yaml"].replace("\n", "\r\n"))
    assert read_library(folder) == library


def test_a_file_may_be_json(folder, documents, library):
    write_start(folder, files.msgspec.json.encode(documents["startfase.yaml"]))
    assert read_library(folder) == library


def test_a_file_may_be_as_large_as_the_limit(folder, texts, library):
    text = texts["startfase.yaml"]
    write_start(folder, text + "#" * (MAX_BYTES - len(text.encode())))
    assert read_library(folder) == library


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "12:30", "2024-01-31", "2024-13-45", "0x1F", "1e3", "007", ".inf", "="]
)
def test_a_word_is_the_text_that_it_looks_like(folder, word):
    change(folder / "startfase.yaml", "title: Samen", f"title: {word}")
    assert read_library(folder).tree("startfase").title == word


def test_the_trees_come_in_the_order_they_are_numbered(folder):
    change(folder / "startfase.yaml", "order: 1", "order: 9")
    assert [tree.phase for tree in read_library(folder).trees] == [
        "richtfase",
        "actiefase",
        "evaluatiefase",
        "startfase",
    ]


# Files that are not there or cannot be read


def test_a_file_that_is_missing_is_named(folder):
    (folder / "richtfase.yaml").unlink()
    what = f"Dit bestand is er niet in de map {folder}."
    assert load_problems(folder) == (Problem("richtfase.yaml", "", what, "Zet het terug, of kies een andere map."),)


def test_a_folder_that_is_missing_misses_all_seven_files(tmp_path):
    problems = load_problems(tmp_path / "weg")
    assert [found.file for found in problems] == [
        "rollen.yaml",
        "startfase.yaml",
        "richtfase.yaml",
        "actiefase.yaml",
        "evaluatiefase.yaml",
        "elementen.yaml",
        "interventies.yaml",
    ]
    assert {found.what for found in problems} == {f"Dit bestand is er niet in de map {tmp_path / 'weg'}."}


def test_a_folder_that_is_a_file_misses_all_seven_files(tmp_path):
    (tmp_path / "map").write_text("geen map")
    assert len(load_problems(tmp_path / "map")) == 7


def test_a_file_that_is_a_folder_is_no_file(folder):
    (folder / "rollen.yaml").unlink()
    (folder / "rollen.yaml").mkdir()
    assert [(found.file, found.mend) for found in load_problems(folder)] == [
        ("rollen.yaml", "Zet het terug, of kies een andere map.")
    ]


def test_a_file_that_points_at_itself_is_no_file(folder):
    (folder / "rollen.yaml").unlink()
    (folder / "rollen.yaml").symlink_to(folder / "rollen.yaml")
    assert [found.file for found in load_problems(folder)] == ["rollen.yaml"]


def test_a_file_that_may_not_be_read_says_why(folder, monkeypatch):
    open_file = Path.open

    def refuse_roles(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "rollen.yaml":
            raise PermissionError(13, "Permission denied")
        return open_file(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse_roles)
    what = "We kunnen dit bestand niet lezen (Permission denied)."
    assert load_problems(folder) == (Problem("rollen.yaml", "", what, "Kijk of je het zelf kunt openen."),)


def test_a_file_that_nobody_would_read_is_named(folder):
    (folder / "startfase.yml").write_text("schema: 1")
    (folder / "lees-mij.txt").write_text("Dit mag.")
    mend = (
        "Haal het weg, of kies een naam uit: actiefase.yaml, elementen.yaml, evaluatiefase.yaml, interventies.yaml, "
        "richtfase.yaml, rollen.yaml, startfase.yaml."
    )
    assert load_problems(folder) == (Problem("startfase.yml", "", "Dit bestand kennen we niet.", mend),)


def test_a_file_over_the_limit_is_not_read(folder):
    write_start(folder, b"#" * (MAX_BYTES + 1))
    assert load_problems(folder) == (
        Problem("startfase.yaml", "", "Dit bestand is groter dan 512 KiB.", "Maak het kleiner."),
    )


def test_a_file_with_no_end_is_not_read_to_the_end(folder):
    (folder / "startfase.yaml").unlink()
    with (folder / "startfase.yaml").open("wb") as file:
        file.truncate(2**40)  # a terabyte, of holes
    assert [found.what for found in load_problems(folder)] == ["Dit bestand is groter dan 512 KiB."]


def test_a_file_that_is_not_utf_8_names_the_line(folder):
    write_start(folder, "schema: 1\ntitle: één\n".encode("latin-1"))
    mend = "Bewaar het bestand opnieuw, met de codering UTF-8."
    assert load_problems(folder) == (Problem("startfase.yaml", "regel 2", "Dit is geen UTF-8.", mend),)


@pytest.mark.parametrize("content", ["", "\n\n", "# alleen uitleg\n", "---\n", "~", "null"])
def test_a_file_with_nothing_in_it_is_empty(folder, content):
    write_start(folder, content)
    assert load_problems(folder) == (
        Problem("startfase.yaml", "regel 1", "Er staat niets in.", "Zet de inhoud terug."),
    )


# YAML that is broken, or does more than be read


def test_broken_yaml_names_the_line(folder):
    write_start(folder, "schema: 1\ntitle: 'Samen\n")
    what = "Hier is het geen goede YAML meer (found unexpected end of stream)."
    assert load_problems(folder) == (Problem("startfase.yaml", "regel 3", what, SYNTAX_MEND),)


def test_a_key_that_is_there_twice_is_refused(folder):
    line = change(folder / "startfase.yaml", "title: Samen", "title: Samen\ntitle: Alleen") + 1
    what = "De sleutel 'title' staat er twee keer."
    assert load_problems(folder) == (Problem("startfase.yaml", f"regel {line}", what, "Haal er één weg."),)


def test_anchors_aliases_and_merge_keys_are_refused_each_on_its_line(folder):
    write_start(folder, "schema: &een 1\norder: *een\n<<: {phase: startfase}\n")
    assert load_problems(folder)[:3] == (
        Problem("startfase.yaml", "regel 1", "Hier staat een anker (&een).", "Haal het anker weg."),
        Problem("startfase.yaml", "regel 2", "Hier staat een verwijzing (*een).", "Schrijf de tekst zelf uit."),
        Problem("startfase.yaml", "regel 3", "Hier wordt iets ingevoegd (<<).", "Schrijf de regels zelf uit."),
    )


def test_what_is_refused_comes_in_the_order_of_the_lines(folder):
    write_start(folder, "schema: 1\nschema: 1\norder: &een 1\norder: 1\n")
    assert [found.place for found in load_problems(folder)[:3]] == ["regel 2", "regel 3", "regel 4"]


def test_anchors_that_explode_are_refused_and_never_unfolded(folder):
    bomb = "a0: &a0 [boem, boem]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 40))
    write_start(folder, bomb)
    problems = load_problems(folder)
    assert sum("anker" in found.what for found in problems) == 40
    assert sum("verwijzing" in found.what for found in problems) == 39 * 10


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.mkdir",
        "!!python/object/new:os.mkdir",
        "tag:yaml.org,2002:python/object/apply:os.mkdir",
    ],
)
def test_a_tag_that_would_run_code_is_refused_and_runs_nothing(folder, tmp_path, tag):
    trace = tmp_path / "code-ran"
    written = f"!<{tag}>" if tag.startswith("tag:") else tag
    text = f"{written} ['{trace}']\n"
    # The bomb is live: a loader that trusts its files does run it.
    yaml.unsafe_load(text)
    assert trace.is_dir()
    trace.rmdir()

    write_start(folder, text)
    full = tag.replace("!!", "tag:yaml.org,2002:")
    assert load_problems(folder)[0] == Problem(
        "startfase.yaml", "regel 1", f"Hier staat een label ({full}).", "Haal het woord met het uitroepteken weg."
    )
    assert not trace.exists()


@pytest.mark.parametrize("tag", ["!!str", "!!int", "!eigen", "!!timestamp", "!"])
def test_a_tag_that_runs_nothing_is_refused_too(folder, tag):
    line = change(folder / "startfase.yaml", "title: Samen", f"title: {tag} 'Samen'")
    full = tag.replace("!!", "tag:yaml.org,2002:")
    what, mend = f"Hier staat een label ({full}).", "Haal het woord met het uitroepteken weg."
    assert load_problems(folder) == (Problem("startfase.yaml", f"regel {line}", what, mend),)


def test_a_second_document_is_refused(folder, texts):
    write_start(folder, texts["startfase.yaml"] + "---\nschema: 1\n")
    line = texts["startfase.yaml"].count("\n") + 1
    what = "Hier begint een tweede document."
    assert load_problems(folder) == (Problem("startfase.yaml", f"regel {line}", what, "Haal de regel met --- weg."),)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: ", "!x &y ["])
def test_deep_nesting_is_refused_before_the_stack_overflows(folder, opening):
    write_start(folder, opening * (MAX_BYTES // len(opening)))
    what, mend = "Hier zitten te veel lijsten in elkaar.", "Kijk of een haakje te veel openstaat."
    assert load_problems(folder)[-1] == Problem("startfase.yaml", "regel 1", what, mend)


@pytest.mark.parametrize("key", ["[a, b]", "{a: b}"])
def test_a_key_that_is_not_a_word_is_refused(folder, key):
    line = change(folder / "startfase.yaml", "title: Samen", f"title: Samen\n? {key}\n: waarde") + 1
    what = "Een sleutel moet één woord zijn."
    assert load_problems(folder) == (
        Problem("startfase.yaml", f"regel {line}", what, "Zet een woord vóór de dubbele punt."),
    )


@pytest.mark.parametrize("escape", [r"\0", r"\a", r"\e", r"\x7f"])
def test_a_text_with_a_sign_that_nobody_sees_is_refused(folder, escape):
    line = change(folder / "startfase.yaml", "title: Samen", f'title: "Sa{escape}men"')
    sign = {r"\0": r"'\x00'", r"\a": r"'\x07'", r"\e": r"'\x1b'"}.get(escape, f"'{escape}'")
    what = f"In deze tekst staat een teken dat niemand kan zien ({sign})."
    assert load_problems(folder) == (Problem("startfase.yaml", f"regel {line}", what, "Haal het weg."),)


def test_a_file_with_a_sign_that_nobody_sees_is_refused(folder):
    write_start(folder, "schema: 1\ntitle: Sa\x00men\n")
    what = r"Hier staat een teken dat niemand kan zien ('\x00')."
    assert load_problems(folder) == (Problem("startfase.yaml", "regel 2", what, "Haal het weg."),)


@pytest.mark.parametrize("text", ['"\\UFFFFFFFF"', '"\\ud800"', "%YAML 1." + "9" * 5000 + "\n---\na"])
def test_what_the_parser_itself_stumbles_over_is_refused(folder, text):
    write_start(folder, text)
    (problem,) = load_problems(folder)
    assert (problem.place, problem.mend) == ("regel 1", SYNTAX_MEND)


# Values that do not fit


def test_a_key_that_is_missing_is_named_with_its_question_and_answer(folder, documents, texts):
    tree = copy.deepcopy(documents["startfase.yaml"])
    del tree["nodes"][1]["answers"][2]["reflection"]
    write_start(folder, yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=200))
    lines = (folder / "startfase.yaml").read_text().splitlines()
    line = [number for number, text in enumerate(lines, start=1) if text.strip() == "- slug: als-buur"][1]
    assert load_problems(folder) == (
        Problem(
            "startfase.yaml",
            f"een-dieper/als-buur (regel {line})",
            "De sleutel 'reflection' ontbreekt.",
            "Zet er een regel bij die begint met 'reflection:'.",
        ),
    )


def test_a_key_that_is_nearly_right_is_guessed(folder):
    line = change(folder / "startfase.yaml", "reflection:", "reflectie:")
    assert load_problems(folder) == (
        Problem(
            "startfase.yaml",
            f"een/door (regel {line})",
            "De sleutel 'reflectie' kennen we hier niet.",
            "Bedoel je 'reflection'?",
        ),
        Problem(
            "startfase.yaml",
            f"een/door (regel {line - 7})",
            "De sleutel 'reflection' ontbreekt.",
            "Zet er een regel bij die begint met 'reflection:'.",
        ),
    )


def test_a_key_that_is_not_known_is_named(folder):
    line = change(folder / "startfase.yaml", "    next:", "    kleur: rood\n    next:")
    what, mend = "De sleutel 'kleur' kennen we hier niet.", f"Haal hem weg, of kies uit: {ANSWER_KEYS}."
    assert load_problems(folder) == (Problem("startfase.yaml", f"een/door (regel {line})", what, mend),)


@pytest.mark.parametrize(
    ("old", "new", "place", "what", "mend"),
    [
        ("schema: 1", "schema: 2", "schema", "Hier staat het getal 2.", "Kies uit: 1."),
        ("schema: 1", "schema: '1'", "schema", "Hier staat de tekst '1'.", "Kies uit: 1."),
        (
            "order: 1",
            "order: eerst",
            "order",
            "Hier hoort een getal, maar er staat de tekst 'eerst'.",
            "Zet hier een heel getal, zonder aanhalingstekens.",
        ),
        (
            "number: 1",
            "number: 9999999999",
            "een, number",
            "Hier hoort een getal, maar er staat de tekst '9999999999'.",
            "Zet hier een heel getal, zonder aanhalingstekens.",
        ),
        (
            "title: Samen",
            "title: 2024",
            "title",
            "Hier hoort tekst, maar er staat het getal 2024.",
            "Zet hier tekst, tussen aanhalingstekens.",
        ),
        (
            "title: Samen",
            "title:",
            "title",
            "Hier hoort tekst, maar er staat niets.",
            "Zet hier tekst, tussen aanhalingstekens.",
        ),
        (
            "title: Samen",
            "title: [Samen]",
            "title",
            "Hier hoort tekst, maar er staat een lijst.",
            "Zet hier tekst, tussen aanhalingstekens.",
        ),
        (
            "kind: centraal",
            "kind: hoofdvraag",
            "een, kind",
            "Hier staat de tekst 'hoofdvraag'.",
            "Kies uit: centraal, verdieping, einde.",
        ),
        (
            "kind: mensen",
            f"kind: {'a' * 50}",
            "een/door, picture 1, kind",
            f"Hier staat de tekst '{'a' * 39}…'.",
            "Kies uit: mensen, plekken, cijfers, verhalen, opdracht.",
        ),
        (
            "when: Dit werkt als iedereen meedoet.",
            "when: {dit: werkt}",
            "een/door, elements 1, when",
            "Hier hoort tekst, maar er staat een groepje sleutels.",
            "Zet hier tekst, tussen aanhalingstekens.",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(folder, old, new, place, what, mend):
    line = change(folder / "startfase.yaml", old, new)
    assert load_problems(folder) == (Problem("startfase.yaml", f"{place} (regel {line})", what, mend),)


def test_a_list_that_is_no_list_is_named(folder):
    change(
        folder / "richtfase.yaml",
        "    roles:\n    - inwoner\n    - wijkprofessional\n    - beleidsambtenaar\n",
        "    roles: inwoner\n",
    )
    (problem,) = load_problems(folder)
    assert problem.place.startswith("een/door, roles (regel ")
    assert problem.what == "Hier hoort een lijst, maar er staat de tekst 'inwoner'."
    assert problem.mend == "Begin elke regel van de lijst met een streepje."


def test_a_part_without_a_slug_is_named_by_its_number(folder, documents):
    tree = copy.deepcopy(documents["startfase.yaml"])
    tree["nodes"][3] = "twee"
    del tree["nodes"][2]["slug"]
    tree["nodes"][4]["slug"] = "Drie!"
    tree["nodes"][4]["help"] = 3
    write_start(folder, yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=200))
    places = [found.place.partition(" (")[0] for found in load_problems(folder)]
    assert places == ["nodes 3", "nodes 4", "nodes 5, help"]


@pytest.mark.parametrize("content", ["zomaar tekst", "- een\n- twee", "5"])
def test_a_file_that_is_something_else_altogether_says_what_it_needs(folder, content):
    write_start(folder, content)
    (problem,) = load_problems(folder)
    assert (problem.place, problem.mend) == (
        "regel 1",
        "Gebruik de sleutels: schema, phase, order, title, intro, start, nodes.",
    )


def test_a_tree_stands_in_the_file_of_its_phase(folder):
    change(folder / "startfase.yaml", "phase: startfase", "phase: richtfase")
    what = "In dit bestand hoort de startfase, maar er staat 'richtfase'."
    assert load_problems(folder) == (Problem("startfase.yaml", "phase", what, "Zet er: phase: startfase."),)


def test_the_other_files_are_as_strict_as_the_trees(folder):
    role = change(folder / "rollen.yaml", "tone: brick", "tone: goud")
    element = change(folder / "elementen.yaml", "source: https", "bron: https")
    year = change(folder / "interventies.yaml", "year: 2020", "year: ooit")
    change(folder / "interventies.yaml", "level: Goed beschreven", "level: null")
    change(folder / "interventies.yaml", "icon: schep", "icon: schep\nicoon: schep")
    assert [(found.file, found.place, found.what) for found in load_problems(folder)] == [
        ("rollen.yaml", f"inwoner, tone (regel {role})", "Hier staat de tekst 'goud'."),
        ("elementen.yaml", f"element-1, facts 1 (regel {element})", "De sleutel 'bron' kennen we hier niet."),
        ("elementen.yaml", f"element-1, facts 1 (regel {element - 1})", "De sleutel 'source' ontbreekt."),
        ("interventies.yaml", "regel 3", "De sleutel 'icoon' kennen we hier niet."),
        (
            "interventies.yaml",
            f"bruis, evidence, year (regel {year + 1})",
            "Hier hoort een getal, maar er staat de tekst 'ooit'.",
        ),
    ]


def test_the_problems_of_all_files_come_in_one_go_and_read_as_lines(folder):
    (folder / "rollen.yaml").unlink()
    line = change(folder / "startfase.yaml", "order: 1", "order: eerst")
    write_start(folder, (folder / "startfase.yaml").read_text())
    (folder / "elementen.yaml").write_bytes(b"\xff")
    with pytest.raises(ContentError) as error:
        read_library(folder)
    assert str(error.value) == (
        f"rollen.yaml: Dit bestand is er niet in de map {folder}. Zet het terug, of kies een andere map.\n"
        f"startfase.yaml, order (regel {line}): Hier hoort een getal, maar er staat de tekst 'eerst'. "
        "Zet hier een heel getal, zonder aanhalingstekens.\n"
        "elementen.yaml, regel 1: Dit is geen UTF-8. Bewaar het bestand opnieuw, met de codering UTF-8."
    )


def test_a_spot_reads_from_the_question_down_to_the_value():
    spot = Spot().into("een").into("door").at("elements").item(2).at("when")
    assert str(spot) == "een/door, elements 2, when"


# Anything at all


def load_or_refuse(folder: Path) -> Library | ContentError:
    """What comes of a folder. Any other error than ContentError fails the test."""
    try:
        library = read_library(folder)
    except ContentError as error:
        return error
    find_problems(library)  # gives a verdict, whatever it is
    return library


def load_with(texts: dict[str, str], name: str, content: bytes) -> Library | ContentError:
    with TemporaryDirectory() as place:
        for other, text in texts.items():
            (Path(place) / other).write_text(text, encoding="utf-8")
        (Path(place) / name).write_bytes(content)
        return load_or_refuse(Path(place))


def files_refused(content: bytes) -> set[str]:
    """The files with a problem, in a folder where only the roles are written."""
    outcome = load_with({}, "rollen.yaml", content)
    assert isinstance(outcome, ContentError)
    return {found.file for found in outcome.problems}


EVERY_FILE = {"rollen.yaml", "elementen.yaml", "interventies.yaml", *(f"{phase}.yaml" for phase in PHASES)}


def test_files_that_are_good_are_not_among_those_refused(texts):
    assert files_refused(texts["rollen.yaml"].encode()) == EVERY_FILE - {"rollen.yaml"}


@settings(max_examples=pick(10, 600))
@given(content=st.binary(max_size=200))
def test_random_bytes_are_refused(content):
    assert files_refused(content) == EVERY_FILE


PIECES = st.sampled_from(
    [
        *("a: b\n", "- ", "? ", ": ", "{", "}", "[", "]", ",", "'", '"', "|\n", ">-9\n", "#", "\n", "  ", "1", "~"),
        *("&a ", "*a", "!", "!!x ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "\\U", "\\ud800"),
        *("\t", "\r", "\0", "\x85", "\u2028", "\ufeff"),
    ]
)


@settings(max_examples=pick(10, 600))
@example(content=r'"\ud800"')
@given(content=st.lists(PIECES, max_size=25).map("".join))
def test_random_pieces_of_yaml_are_refused(content):
    assert files_refused(content.encode()) == EVERY_FILE


REPLACEMENTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from(["einde", "een", "fase:richtfase", "fase:", "centraal", "inwoner"]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)


@settings(max_examples=pick(8, 150))
@given(data=st.data(), name=st.sampled_from(["startfase.yaml", "rollen.yaml", "elementen.yaml", "interventies.yaml"]))
def test_a_file_with_a_value_deleted_or_replaced_is_a_library_or_refused(texts, documents, data, name):
    document = copy.deepcopy(documents[name])
    here: Any = document
    while True:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))), label="key")
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.integers(0, 3), label="stop") == 0:
            break
        here = here[key]
    if data.draw(st.booleans(), label="delete"):
        del here[key]
    else:
        here[key] = data.draw(REPLACEMENTS, label="value")
    load_with(texts, name, yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode(errors="surrogatepass"))


def test_the_shipped_files_with_a_line_lost_or_doubled_are_a_library_or_refused(tmp_path):
    # Fixed seeds: what a hand slips in an editor, on the real texts.
    names = sorted(path.name for path in LIBRARY_FOLDER.glob("*.yaml"))
    texts = {name: (LIBRARY_FOLDER / name).read_text(encoding="utf-8") for name in names}
    outcomes = set()
    for seed in range(pick(4, 12)):
        dice = random.Random(seed)
        name = dice.choice(names)
        lines = texts[name].splitlines(keepends=True)
        at = dice.randrange(len(lines))
        lines[at : at + 1] = dice.choice([[], [lines[at]] * 2, ["  " + lines[at]], [lines[at].strip() + os.linesep]])
        outcomes.add(type(load_with(texts, name, "".join(lines).encode())))
    assert outcomes == {Library, ContentError}
