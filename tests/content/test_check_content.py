from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from content.files import LIBRARY_FOLDER
from content.management.commands.check_content import Command


def check(**options) -> tuple[str, str]:
    """What the command says on its output and on its error output; a CommandError goes on to the test."""
    out, err = StringIO(), StringIO()
    try:
        call_command(Command(stdout=out, stderr=err, no_color=True), **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{type(error).__name__}: {error}"
    return out.getvalue(), err.getvalue()


def test_it_says_that_the_shipped_library_is_sound():
    assert check() == ("De inhoud klopt: 4 bomen, 50 vragen, 249 antwoorden.\n", "")


def test_it_counts_what_is_in_another_folder(folder):
    assert check(folder=folder) == ("De inhoud klopt: 4 bomen, 28 vragen, 84 antwoorden.\n", "")


def test_it_tells_every_broken_rule_on_a_line(folder):
    path = folder / "startfase.yaml"
    path.write_text(path.read_text().replace("next: twee-dieper", "next: nergens").replace("title: Klaar", "title: ''"))
    mend = "Kies een vraag uit dit bestand, of schrijf fase:richtfase of fase:richtfase/een-vraag."
    assert check(folder=folder) == (
        "",
        f"startfase.yaml, twee/dieper, next: 'nergens' bestaat niet. {mend}\n"
        "startfase.yaml, einde, title: Hier staat geen tekst. Vul de tekst in.\n"
        "CommandError: De inhoud klopt niet. Aantal problemen: 2.",
    )


def test_it_tells_every_file_that_cannot_be_read_on_a_line(folder):
    (folder / "rollen.yaml").write_bytes(b"\xff")
    (folder / "actiefase.yaml").write_text("")
    assert check(folder=folder) == (
        "",
        "rollen.yaml, regel 1: Dit is geen UTF-8. Bewaar het bestand opnieuw, met de codering UTF-8.\n"
        "actiefase.yaml, regel 1: Er staat niets in. Zet de inhoud terug.\n"
        "CommandError: De inhoud klopt niet. Aantal problemen: 2.",
    )


def test_it_ends_with_an_error_that_a_script_can_see(folder):
    (folder / "rollen.yaml").unlink()
    with pytest.raises(CommandError) as error:
        call_command(Command(stdout=StringIO(), stderr=StringIO()), folder=folder)
    assert error.value.returncode == 1


def test_the_default_folder_stands_beside_the_code():
    assert LIBRARY_FOLDER.parts[-2:] == ("content", "library")
