"""What another release wrote beside the rows: what cannot be read is not there, and no screen is a fault."""

import json

import pytest

from content.languages import BASE
from sessions.models import Round
from sessions.reading import read_session, show_console
from sessions.rows import read_state
from sessions.rules.commands import Again, Next, Start, Undo
from sessions.rules.refusals import Refused
from sessions.writing.meetings import open_session
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.sessions.writing.test_commands import decide, run

OF_ANOTHER_RELEASE = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"' + b"x" * 20,
    b"[" * 100_000,
    json.dumps({"fase": "startfase", "version": 3}).encode(),
    json.dumps({"phase": "startfase", "version": "drie"}).encode(),
]


@pytest.fixture
def decided(session):
    run(session, Start(), *decide())
    return session


def see_all(client_of, alice, session):
    """The status of every page of a meeting for its facilitator."""
    pages = ("console", "beamer", "plan", "verslag", "verslag.txt", "console/stand", "beamer/stand")
    return {client_of(alice).get(f"/b/{session.code}/{page}", follow=True).status_code for page in pages}


@pytest.mark.parametrize("kept", OF_ANOTHER_RELEASE, ids=lambda kept: repr(kept)[:24])
def test_an_undo_that_cannot_be_read_means_nothing_to_undo(client_of, alice, decided, kept):
    decided.previous_state = kept
    decided.save()
    assert read_state(decided).previous is None
    assert "undo" not in show_console(read_session(decided.code, BASE)).allowed
    assert see_all(client_of, alice, decided) == {200}
    with pytest.raises(Refused, match="nothing-to-undo"):
        run_command(decided.code, Undo(), seen=decided.version, actor=LEADER)
    run(decided, Next())
    assert read_state(decided).previous is not None


@pytest.mark.parametrize("kept", [{"keuze": "probleem"}, ["probleem"], "probleem", 7, {"answer": "probleem", "how": 3}])
def test_words_of_a_decision_that_cannot_be_read_are_not_there(client_of, alice, decided, kept):
    run(decided, Undo())
    decided.draft = kept
    decided.save()
    assert read_state(decided).draft is None
    assert see_all(client_of, alice, decided) == {200}
    run(decided, decide()[-1])


@pytest.mark.parametrize("kept", [{"answers": ["a"]}, ["a"], "a", {"answers": 1, "totals": [], "groups": []}])
def test_a_result_that_cannot_be_read_is_no_fault_and_can_be_voted_again(client_of, alice, session, kept):
    run(session, Start(), *decide()[:-1])
    Round.objects.update(result=kept)
    assert see_all(client_of, alice, session) == {200}
    run(session, Again(), *decide())
    assert see_all(client_of, alice, session) == {200}


def test_what_is_kept_now_is_read(decided, team, alice):
    assert read_state(decided).previous is not None
    assert (
        read_state(
            open_session(team=team, facilitator=alice, title="x", buurt="y", phase="startfase", actor=LEADER)
        ).draft
        is None
    )
