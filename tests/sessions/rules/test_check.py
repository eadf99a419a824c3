"""Klopt dit? Asked beside the walk, which goes on from where it stood."""

import pytest

from content.graph import Library
from sessions.rules import machine
from sessions.rules.asking import find_ticket
from sessions.rules.commands import (
    Again,
    Back,
    Check,
    Close,
    Command,
    Conclude,
    Decide,
    Next,
    Open,
    Return,
    Reveal,
    Skip,
    Start,
    Stop,
    Undo,
)
from sessions.rules.commands.check import VERDICTS
from sessions.rules.refusals import Refused
from sessions.rules.state import PageLine, State, find_node
from tests.sessions.rules.playing import play as play_with

PAGE = (PageLine("doel", "veilig naar school"), PageLine("actie", "borden aanvragen", who="de school"))


def play(library: Library, state: State, *commands: Command, page: tuple[PageLine, ...] = PAGE) -> State:
    return play_with(library, state, *commands, page=page)


@pytest.fixture
def asked(library: Library) -> State:
    return play(library, State(phase="richtfase"), Start(), Check())


def test_the_room_is_asked_at_once_about_the_plan_as_it_stands(library: Library, asked: State) -> None:
    current = asked.current
    assert (current.kind, current.subject, current.status, current.page) == ("check", "plan", "open", PAGE)
    assert [(option.slug, option.text) for option in current.options] == list(VERDICTS)
    assert find_node(current, library).question == "Klopt dit?"
    assert machine.next_step(asked, library) == "reveal"


def test_after_two_presses_the_walk_stands_where_it_stood(library: Library, asked: State) -> None:
    shown = play(library, asked, Reveal())
    assert (machine.next_step(shown, library), shown.current.split) == ("conclude", True)
    after = play(library, shown, Conclude("fits", "niets"))
    assert (after.current.number, after.current.status, after.screen) == (1, "reading", "plan")
    assert machine.next_step(after, library) == "open"
    said = after.rounds[-1].decision
    assert (said.answer, said.why) == ("fits", "")  # what was typed belongs to the other answer
    assert play(library, after, Open()).current.number == 1


def test_what_is_missing_is_kept_with_the_answer(library: Library, asked: State) -> None:
    said = play(library, asked, Reveal(), Conclude("lacks", "  wie de  borden ophangt ")).rounds[-1].decision
    assert (said.answer, said.why) == ("lacks", "wie de borden ophangt")


def test_one_goal_has_a_page_of_its_own(library: Library) -> None:
    assert play(library, State(phase="richtfase"), Start(), Check(goal=7)).current.subject == "7"


def test_an_empty_plan_is_not_asked_about(library: Library) -> None:
    with pytest.raises(Refused, match="empty-plan"):
        play(library, State(phase="richtfase"), Start(), Check(), page=())


def test_not_in_the_lobby_not_while_people_vote_and_not_twice_at_once(library: Library, asked: State) -> None:
    start = play(library, State(phase="richtfase"), Start())
    for state in (State(phase="richtfase"), play(library, start, Open()), asked, play(library, start, Stop())):
        assert "check" not in machine.allowed(state, library)


def test_it_is_left_with_one_press(library: Library, asked: State) -> None:
    left = play(library, asked, Skip())
    assert (left.current.number, left.rounds[-1].status, left.rounds[-1].withdrawn) == (1, "closed", True)
    assert "skip" not in machine.allowed(left, library)


def test_nothing_of_a_question_can_be_done_with_it(library: Library, asked: State) -> None:
    for state in (asked, play(library, asked, Reveal())):
        assert machine.allowed(state, library).isdisjoint(
            {"close", "decide", "next", "back", "return", "split", "start"}
        )
    for wrong in (Conclude("done"), Decide(answer="fits", how="vote", why="Zo is het."), Back(), Next(), Return()):
        with pytest.raises(Refused):
            play(library, asked, Reveal(), wrong)


def test_asked_again_it_asks_about_the_same_page(library: Library, asked: State) -> None:
    again = play(library, asked, Reveal(), Again())
    assert (again.current.number, again.current.attempt, again.current.page) == (3, 2, PAGE)
    after = play(library, again, Open(), Reveal(), Conclude("fits"))
    assert after.current.number == 1


def test_the_first_time_that_was_asked_again_asks_nothing_any_more(library: Library, asked: State) -> None:
    after = play(library, asked, Reveal(), Again(), Skip())
    assert after.current.number == 1


def test_an_undo_brings_it_back_and_takes_it_away(library: Library, asked: State) -> None:
    assert play(library, asked, Undo()).current.number == 1
    back = play(library, asked, Reveal(), Conclude("fits"), Undo())
    assert (back.current.number, back.current.status) == (2, "revealed")


def test_a_step_back_of_the_walk_leaves_what_the_group_said_of_its_plan(library: Library) -> None:
    walked = play(
        library, State(phase="richtfase"), Start(), *decide_first(library), Check(), Reveal(), Conclude("fits")
    )
    back = play(library, walked, Back())
    assert [round_.withdrawn for round_ in back.rounds] == [True, False, False]


def test_who_comes_while_a_vote_is_open_waits_behind_an_aside_too(library: Library) -> None:
    after = play(library, State(phase="richtfase"), Start(), Check(), Reveal(), Conclude("fits"), Open())
    assert after.rounds[0].status == "open"
    assert find_ticket(after.rounds) is not None


def decide_first(library: Library) -> tuple[Command, ...]:
    """The commands by which the first question is decided."""
    slug = library.node(library.start("richtfase")).answers[0].slug
    return (Open(), Close(), Reveal(), Decide(answer=slug, how="talk", why="Zo is het."))
