"""Waar staan we: the steps of the plan, one by one, with two presses each; or skipped with one."""

from datetime import UTC, datetime

import pytest

from content.graph import Library
from sessions.rules import machine
from sessions.rules.commands import Again, Back, Command, Conclude, Decide, Open, Reveal, Start, Stop, TakeStock, Undo
from sessions.rules.commands.stock import MOST_STEPS, OUTCOMES, count_steps, list_unasked
from sessions.rules.refusals import Refused
from sessions.rules.state import OpenStep, State

NOW = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def begin(number: int) -> State:
    return State(phase="actiefase", open_steps=tuple(OpenStep(key, f"stap {key}") for key in range(1, number + 1)))


def play(library: Library, state: State, *commands: Command) -> State:
    """As `run_command`: the steps of the plan are read again before each command."""
    steps = state.open_steps
    for command in commands:
        state = machine.apply(state, command, seen=state.version, library=library, now=NOW)
        state = State(**{name: getattr(state, name) for name in state.__struct_fields__} | {"open_steps": steps})
    return state


def test_without_open_steps_the_meeting_begins_as_ever(library: Library) -> None:
    assert machine.next_step(begin(0), library) == "start"
    assert "takestock" not in machine.allowed(begin(0), library)


def test_the_first_step_is_asked_at_once_with_an_open_vote(library: Library) -> None:
    assert machine.next_step(begin(2), library) == "takestock"
    current = play(library, begin(2), TakeStock()).current
    assert (current.kind, current.subject, current.asked, current.status) == ("progress", "1", "stap 1", "open")
    assert [(option.slug, option.text) for option in current.options] == list(OUTCOMES)
    assert {option.roles for option in current.options} == {tuple(role.slug for role in library.roles)}


def test_two_presses_a_step_and_then_the_walk(library: Library) -> None:
    state = play(library, begin(2), TakeStock())
    pressed = []
    while not state.has_begun:
        name = machine.next_step(state, library)
        pressed.append(name)
        state = play(library, state, {"reveal": Reveal(), "conclude": Conclude("busy"), "start": Start()}[name])
    assert pressed == ["reveal", "conclude", "reveal", "conclude", "start"]
    assert [(round_.subject, round_.decision and round_.decision.answer) for round_ in state.rounds] == [
        ("1", "busy"),
        ("2", "busy"),
        ("", None),
    ]


def test_its_result_is_shown_whole_and_at_once(library: Library) -> None:
    current = play(library, begin(1), TakeStock(), Reveal()).current
    assert (current.status, current.split, current.closed_at, current.revealed_at) == ("revealed", True, NOW, NOW)


def test_six_steps_are_asked_and_the_rest_is_a_list(library: Library) -> None:
    state = play(library, begin(9), TakeStock(), *[Reveal(), Conclude("done")] * MOST_STEPS)
    assert [step.line for step in list_unasked(state)] == [7, 8, 9]
    assert count_steps(state) == MOST_STEPS
    assert machine.next_step(state, library) == "start"
    assert "conclude" not in machine.allowed(state, library)


@pytest.mark.parametrize("before", [(), (TakeStock(),), (TakeStock(), Reveal())])
def test_it_is_skipped_with_one_press(library: Library, before: tuple[Command, ...]) -> None:
    state = play(library, begin(3), *before, Start())
    assert state.current.place == library.start("actiefase")
    left = [(round_.withdrawn, round_.status != "open") for round_ in state.rounds[:-1]]
    assert left == [(True, True)] * bool(before)


def test_nobody_goes_back_from_the_first_question_to_a_step(library: Library) -> None:
    state = play(library, begin(1), TakeStock(), Reveal(), Conclude("done"), Start())
    assert "back" not in machine.allowed(state, library)
    with pytest.raises(Refused):
        play(library, state, Back())


def test_a_step_is_voted_on_again_as_it_was_asked(library: Library) -> None:
    state = play(library, begin(1), TakeStock(), Reveal(), Again(), Open())
    one, two = state.rounds
    assert (one.asked, one.options, one.subject) == (two.asked, two.options, two.subject)
    assert (two.attempt, two.status) == (2, "open")


def test_what_is_no_outcome_is_refused_and_a_step_is_not_decided(library: Library) -> None:
    state = play(library, begin(1), TakeStock(), Reveal())
    for wrong in (Conclude("probleem"), Decide(answer="done", how="vote", why="Zo is het.")):
        with pytest.raises(Refused):
            play(library, state, wrong)


def test_an_undo_asks_the_step_again(library: Library) -> None:
    state = play(library, begin(2), TakeStock(), Reveal(), Conclude("failed", "Anders."), Undo())
    assert (state.current.subject, state.current.status, state.current.decision) == ("1", "revealed", None)
    assert (state.draft.answer, state.draft.why) == ("failed", "Anders.")


def test_what_comes_instead_is_kept_of_a_step_that_failed_alone(library: Library) -> None:
    for answer, kept in (("failed", "Anders."), ("busy", ""), ("done", "")):
        state = play(library, begin(1), TakeStock(), Reveal(), Conclude(answer, "Anders."))
        assert state.rounds[0].decision.why == kept


def test_a_meeting_that_stops_there_goes_on_there(library: Library) -> None:
    state = play(library, begin(1), TakeStock(), Stop())
    assert state.current.status == "closed"
    assert machine.next_step(state, library) == "reopen"
