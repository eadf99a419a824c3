"""Nu, straks of later; wij, samen of de gemeente: asked beside the walk, step by step."""

import pytest

from content.graph import Library
from sessions.rules import machine
from sessions.rules.commands import Command, Conclude, Reveal, Skip, Sort, Start, Undo
from sessions.rules.refusals import Refused
from sessions.rules.state import State, Unsorted, find_node
from tests.sessions.rules.playing import play as play_with

STEPS = (Unsorted(7, "tellen", ("term", "doer")), Unsorted(8, "vragen", ("doer",)))


def play(library: Library, state: State, *commands: Command, steps: tuple[Unsorted, ...] = STEPS) -> State:
    return play_with(library, state, *commands, unsorted=steps)


@pytest.fixture
def asked(library: Library) -> State:
    return play(library, State(phase="richtfase"), Start(), Sort())


def say(state: State, library: Library) -> tuple[str, str, str]:
    node = find_node(state.current, library)
    return node.question, node.help, state.current.subject


def test_each_step_takes_two_taps_with_two_presses_each_and_then_the_walk_goes_on(library: Library, asked: State):
    assert say(asked, library) == ("tellen", "Wanneer doen we dit?", "7:term")
    assert [option.text for option in asked.current.options] == ["Nu", "Straks", "Later"]
    assert machine.next_step(asked, library) == "reveal"
    second = play(library, asked, Reveal(), Conclude("soon"))
    assert say(second, library) == ("tellen", "Wie is aan zet?", "7:doer")
    assert [option.slug for option in second.current.options] == ["us", "together", "council"]
    third = play(library, second, Reveal(), Conclude("us"))
    assert say(third, library) == ("vragen", "Wie is aan zet?", "8:doer")
    after = play(library, third, Reveal(), Conclude("council"))
    assert (after.current.number, after.screen) == (1, "plan")
    assert [round_.decision.answer for round_ in after.rounds[1:]] == ["soon", "us", "council"]


def test_what_was_left_can_be_asked_again(library: Library, asked: State):
    left = play(library, asked, Skip())
    assert left.current.number == 1
    assert say(play(library, left, Sort()), library)[2] == "7:term"


def test_an_undo_takes_the_last_word_back_and_asks_it_once_more(library: Library, asked: State):
    back = play(library, asked, Reveal(), Conclude("soon"), Undo())
    assert (say(back, library)[2], back.current.status, back.draft.answer) == ("7:term", "revealed", "soon")


def test_a_word_that_is_no_place_is_refused(library: Library, asked: State):
    with pytest.raises(Refused, match="unknown-answer"):
        play(library, asked, Reveal(), Conclude("done"))


def test_with_nothing_to_sort_it_says_so(library: Library):
    with pytest.raises(Refused, match="all-sorted"):
        play(library, State(phase="richtfase"), Start(), Sort(), steps=())
