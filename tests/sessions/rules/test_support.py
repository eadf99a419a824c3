"""Proposals for a line of the plan, and the vote on them: asked beside the walk."""

import msgspec
import pytest

from content.graph import Library
from sessions.rules import machine
from sessions.rules.commands import Adopt, Again, Command, Conclude, Gather, Open, Pause, Reveal, Skip, Start, Undo
from sessions.rules.ideas import MOST_OF_ROUND, judge_fate, judge_proposal, judge_text, list_same, list_shown
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Choice, Idea, State
from tests.sessions.rules.playing import play as play_with

IDEAS = (
    Idea(1, "a1", "zebra pad!!", "een zebrapad", "shown"),
    Idea(2, "b2", "een zebra", "een zebra", "shown", to=1),
    Idea(3, "c3", "meer licht", "meer licht", "shown"),
    Idea(4, "d4", "weg met de burgemeester", "weg met de burgemeester", "parked"),
    Idea(5, "e5", "een bankje", "een bankje"),
)


def play(library: Library, state: State, *commands: Command, ideas: tuple[Idea, ...] = IDEAS) -> State:
    return play_with(library, state, *commands, ideas=ideas, wanted="Onze eerste stap:")


@pytest.fixture
def gathering(library: Library) -> State:
    return play(library, State(phase="richtfase"), Start(), Gather("17"))


def test_proposals_are_gathered_beside_the_walk_for_a_line_that_waits(library: Library, gathering: State) -> None:
    current = gathering.current
    assert (current.kind, current.subject, current.asked, current.status) == (
        "support", "17", "Onze eerste stap:", "reading",
    )  # fmt: skip
    assert (current.gathers, current.options, machine.next_step(gathering, library)) == (True, (), "open")


@pytest.mark.parametrize(("subject", "asked"), [("doel", "Wat is ons doel?"), ("actie", "Welke stap zetten we?")])
def test_a_goal_and_a_step_can_be_asked_for_without_a_line(library: Library, subject: str, asked: str) -> None:
    assert play(library, State(phase="richtfase"), Start(), Gather(subject)).current.asked == asked


@pytest.mark.parametrize("subject", ["", "a b", "1" * 10, "DOEL"])
def test_what_is_no_line_is_refused(library: Library, subject: str) -> None:
    with pytest.raises(Refused, match="unknown-line"):
        play(library, State(phase="richtfase"), Start(), Gather(subject))


def test_the_vote_is_on_what_was_let_through_in_the_words_of_the_facilitator(
    library: Library, gathering: State
) -> None:
    opened = play(library, gathering, Open())
    assert [(option.slug, option.text) for option in opened.current.options] == [
        ("p1", "een zebrapad"),
        ("p3", "meer licht"),
    ]
    assert (opened.current.gathers, machine.next_step(opened, library)) == (False, "reveal")


def test_without_a_proposal_on_the_wall_the_vote_does_not_open(library: Library, gathering: State) -> None:
    with pytest.raises(Refused, match="nothing-shown"):
        play(library, gathering, Open(), ideas=IDEAS[3:])


def test_the_group_takes_several_in_the_order_of_their_letters_and_walks_on(library: Library, gathering: State) -> None:
    shown = play(library, gathering, Open(), Reveal())
    assert (machine.next_step(shown, library), Conclude.fits(shown, library)) == ("adopt", False)
    after = play(library, shown, Adopt(("p3", "p1")))
    assert after.rounds[-1].decision == Choice("p1", "talk", "", more=("p3",))
    assert after.rounds[-1].decision.taken == ("p1", "p3")
    assert (after.current.number, after.screen) == (1, "plan")


@pytest.mark.parametrize(("answers", "reason"), [((), Reason.ANSWER_MISSING), (("p1", "p9"), Reason.UNKNOWN_ANSWER)])
def test_none_or_an_unknown_one_is_refused(
    library: Library, gathering: State, answers: tuple[str, ...], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        play(library, gathering, Open(), Reveal(), Adopt(answers))
    assert refused.value.code == reason


def test_it_is_left_with_one_press_and_taken_back_with_one(library: Library, gathering: State) -> None:
    left = play(library, gathering, Skip())
    assert (left.rounds[-1].withdrawn, left.rounds[-1].gathers, left.current.number) == (True, False, 1)
    again = play(library, play(library, gathering, Open()), Undo())
    assert (again.current.gathers, again.previous) == (True, None)


def test_a_second_vote_is_on_the_same_proposals(library: Library, gathering: State) -> None:
    again = play(library, gathering, Open(), Reveal(), Again())
    assert (again.current.gathers, len(again.current.options)) == (False, 2)
    assert play(library, again, Open(), ideas=()).current.options == again.current.options


def test_an_undo_keeps_no_proposals(library: Library, gathering: State) -> None:
    assert play(library, gathering, Pause()).previous.ideas == ()


def test_what_says_the_same_is_one_on_the_wall() -> None:
    assert [idea.key for idea in list_shown(IDEAS)] == [1, 3]
    assert [idea.key for idea in list_same(IDEAS[::-1], 1)] == [1, 2]


ASKED = Asking(2, None, kind="support")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "role", "asked", "own", "reason"),
    [
        ("een bankje", "inwoner", ASKED, 2, None),
        ("een bankje", "inwoner", ASKED, 3, Reason.TOO_MANY_PROPOSALS),
        ("een bankje", "", ASKED, 0, Reason.WATCHING),
        ("", "inwoner", ASKED, 0, Reason.PROPOSAL_EMPTY),
        ("a" * 120, "inwoner", ASKED, 0, None),
        ("a" * 121, "inwoner", ASKED, 0, Reason.PROPOSAL_LONG),
        ("een bankje", "inwoner", msgspec.structs.replace(ASKED, status="open"), 0, Reason.NOT_GATHERING),
        ("een bankje", "inwoner", msgspec.structs.replace(ASKED, kind="question"), 0, Reason.NOT_GATHERING),
    ],
)
def test_a_proposal_is_judged(text: str, role: str, asked: Asking, own: int, reason: Reason | None) -> None:
    assert judge_proposal(text, role, asked, own) == reason


def test_a_round_takes_no_end_of_proposals() -> None:
    assert judge_proposal("a", "inwoner", ASKED, 0, all_=MOST_OF_ROUND) == Reason.TOO_MANY_PROPOSALS
    assert judge_text("a") is None


FULL = tuple(Idea(key, "", "a", "a", "shown") for key in range(1, 6))


@pytest.mark.parametrize(
    ("ideas", "key", "fate", "to", "reason"),
    [
        (IDEAS, 5, "shown", None, None),
        (IDEAS, 5, "shown", 1, None),
        (IDEAS, 5, "shown", 2, Reason.PROPOSAL_GONE),  # it is gathered itself
        (IDEAS, 1, "shown", 1, Reason.PROPOSAL_GONE),
        (IDEAS, 9, "parked", None, Reason.PROPOSAL_GONE),
        ((*FULL, Idea(6, "", "b", "b")), 6, "shown", None, Reason.WALL_FULL),
        ((*FULL, Idea(6, "", "b", "b")), 6, "shown", 1, None),
        (FULL, 3, "shown", None, None),  # other words for one that stands there
    ],
)  # fmt: skip
def test_what_can_be_done_with_a_proposal(
    ideas: tuple[Idea, ...], key: int, fate: str, to: int | None, reason: Reason | None
) -> None:
    assert judge_fate(ideas, key, fate, to) == reason  # type: ignore[arg-type]
