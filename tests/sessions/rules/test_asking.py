"""What a round asks, who may answer, and whether an answer counts now."""

import pytest

from content.graph import Library, Place
from sessions.rules.asking import (
    MOST_PLACES,
    Ballot,
    Voter,
    find_bound,
    find_letter,
    find_open_to,
    is_waiting,
    judge_answer,
    judge_ballot,
    judge_round,
    list_options,
)
from sessions.rules.refusals import Reason
from sessions.rules.state import Asking, Kind, Option, Status, Ticket

INW, PROF = "inwoner", "wijkprofessional"
BOTH = (Option("samen", "Samen doen", (INW, PROF)), Option("vragen", "Navragen", (PROF,)))
VOTER = Voter(INW)
OPEN = Asking(4, Place("startfase", ""), kind="consent", status="open", options=BOTH)


def ask(kind: Kind = "consent", status: Status = "open", let_ins: int = 0) -> Asking:
    return Asking(4, Place("startfase", ""), kind=kind, status=status, options=BOTH, let_ins=let_ins)


def ballot(answer: str = "samen", role: str | None = None, cast_as: str = "", more: tuple[str, ...] = ()) -> Ballot:
    return Ballot(1, 4, answer, role, cast_as, more=more)


def test_a_question_asks_the_answers_of_its_edition_and_another_round_the_texts_it_kept(library: Library) -> None:
    place = library.start("startfase")
    answers = library.node(place).answers
    options = list_options(Asking(1, place), library)
    assert [(option.slug, option.text, option.roles) for option in options] == [
        (answer.slug, answer.text, answer.roles) for answer in answers
    ]
    assert list_options(Asking(1, place, kind="other-role"), library) == options
    assert list_options(OPEN, library) == BOTH


def test_an_option_is_open_to_its_roles_bound_where_some_miss_and_lettered_by_its_place() -> None:
    assert find_open_to(BOTH, INW) == ("samen",)
    assert find_open_to(BOTH, PROF) == ("samen", "vragen")
    assert find_open_to(BOTH, "") == ()
    assert find_bound(BOTH, [INW, PROF]) == {"vragen": (PROF,)}
    assert [find_letter(BOTH, option.slug) for option in BOTH] == ["A", "B"]


@pytest.mark.parametrize(
    ("number", "paused", "ended", "reason"),
    [
        (4, False, False, None),
        (3, False, False, Reason.ROUND_OLD),
        (4, True, False, Reason.PAUSED),
        (3, True, False, Reason.ROUND_OLD),
        (3, True, True, Reason.ENDED),
    ],
)
def test_only_the_round_of_now_takes_anything(number: int, paused: bool, ended: bool, reason: Reason | None) -> None:
    assert judge_round(number, OPEN, paused=paused, ended=ended) == reason


def test_the_lobby_takes_nothing() -> None:
    assert judge_round(1, None, paused=False, ended=False) == Reason.ROUND_OLD


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("reading", Reason.ROUND_READING),
        ("open", None),
        ("closed", Reason.ROUND_CLOSED),
        ("revealed", Reason.ROUND_CLOSED),
        ("decided", Reason.ROUND_CLOSED),
    ],
)
def test_a_vote_counts_while_it_is_open(status: Status, reason: Reason | None) -> None:
    assert judge_ballot(ballot(), VOTER, ask(status=status), BOTH) == reason


@pytest.mark.parametrize(
    ("given", "voter", "reason"),
    [
        (ballot("vragen"), VOTER, Reason.OTHER_ROLE),
        (ballot("vragen"), Voter(PROF), None),
        (ballot("niets"), VOTER, Reason.UNKNOWN_ANSWER),
        (ballot(""), VOTER, None),
        (ballot(role=PROF), VOTER, Reason.ROLE_CHANGED),
        (ballot(role=INW), VOTER, None),
        (ballot(), Voter(""), Reason.WATCHING),
        (ballot(""), Voter(""), Reason.WATCHING),
        (ballot(), Voter(INW, Ticket(4, 0)), Reason.WAITS),
        (ballot(), Voter(INW, Ticket(3, 0)), None),
        (ballot(cast_as=PROF), VOTER, Reason.OTHER_ROLE),
        (ballot(more=("vragen",)), Voter(PROF), Reason.TOO_MANY_CHOICES),
        (ballot("", more=("samen",)), VOTER, None),
    ],
)
def test_a_ballot_is_judged_by_role_seat_and_option(given: Ballot, voter: Voter, reason: Reason | None) -> None:
    assert judge_ballot(given, voter, OPEN, BOTH) == reason


def test_who_was_let_in_waits_no_more() -> None:
    late = Voter(INW, Ticket(4, 0))
    assert judge_ballot(ballot(), late, ask(let_ins=1), BOTH) is None
    assert is_waiting(ask(), late.ticket)
    assert not is_waiting(None, late.ticket)


@pytest.mark.parametrize("kind", ["question", "warm-up", "consent", "support", "sort", "check", "progress"])
def test_a_kind_takes_as_many_choices_of_one_person_as_it_has_places(kind: Kind) -> None:
    places = MOST_PLACES.get(kind, 1)
    options = tuple(Option(slug, slug, (INW,)) for slug in "abcd")
    judged = [
        judge_ballot(ballot("a", more=tuple("bcd"[:more])), VOTER, ask(kind), options) for more in range(places + 1)
    ]
    assert judged == [None] * places + [Reason.TOO_MANY_CHOICES]


def test_each_of_several_choices_is_judged_and_the_same_one_counts_once() -> None:
    assert judge_ballot(ballot(more=("niets",)), VOTER, ask("support"), BOTH) == Reason.UNKNOWN_ANSWER
    assert judge_ballot(ballot(more=("vragen",)), VOTER, ask("support"), BOTH) == Reason.OTHER_ROLE
    assert ballot(more=("samen", "samen", "samen")).choices == ("samen",)
    assert ballot("", more=("samen",)).choices == ()


def test_in_an_other_role_round_somebody_answers_as_another_role() -> None:
    round_ = ask("other-role")
    assert judge_ballot(ballot("vragen", cast_as=PROF), VOTER, round_, BOTH) is None
    assert judge_ballot(ballot("vragen", cast_as=INW), Voter(PROF), round_, BOTH) == Reason.OTHER_ROLE
    assert judge_ballot(ballot(cast_as=INW), VOTER, round_, BOTH) == Reason.OTHER_ROLE
    assert judge_ballot(ballot(), VOTER, round_, BOTH) == Reason.OTHER_ROLE


def test_a_raised_hand_is_judged_as_a_vote_is() -> None:
    assert judge_answer(BOTH, PROF, "vragen") is None
    assert judge_answer(BOTH, INW, "vragen") == Reason.OTHER_ROLE
    assert judge_answer(BOTH, INW, "niets") == Reason.UNKNOWN_ANSWER
