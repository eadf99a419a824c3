"""Counting, ties, and the rule that protects small groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.tally import FLOOR, Group, Tally, Votes, count_votes

ANSWERS = ["a", "b", "c"]
ROLES = ["inwoner", "wijkprofessional", "beleidsambtenaar", "ondernemer"]


def count(*votes: tuple[str, str, int]) -> Tally:
    return count_votes([Votes(*vote) for vote in votes], answers=ANSWERS, roles=ROLES)


def test_no_votes_give_zeroes_no_groups_and_no_leader() -> None:
    assert count() == Tally(("a", "b", "c"), (0, 0, 0), 0, (), ())


def test_large_enough_roles_are_counted_apart() -> None:
    tally = count(("inwoner", "a", 5), ("wijkprofessional", "a", 1), ("wijkprofessional", "b", 2))
    assert tally.groups == (Group(("inwoner",), 5, (5, 0, 0)), Group(("wijkprofessional",), 3, (1, 2, 0)))
    assert (tally.totals, tally.voters, tally.leaders) == ((6, 2, 0), 8, ("a",))


def test_a_small_role_is_counted_together_with_the_next_smallest() -> None:
    tally = count(("inwoner", "a", 16), ("wijkprofessional", "b", 4), ("beleidsambtenaar", "a", 2))
    assert tally.groups == (
        Group(("inwoner",), 16, (16, 0, 0)),
        Group(("wijkprofessional", "beleidsambtenaar"), 6, (2, 4, 0)),
    )


def test_a_single_professional_among_residents_leaves_only_the_total() -> None:
    tally = count(("inwoner", "a", 9), ("wijkprofessional", "b", 1))
    assert (tally.groups, tally.only_total, tally.totals) == ((), True, (9, 1, 0))


def test_two_single_people_are_too_few_together_so_only_the_total_shows() -> None:
    assert count(("inwoner", "a", 9), ("wijkprofessional", "b", 1), ("beleidsambtenaar", "b", 1)).groups == ()


def test_a_role_nobody_voted_in_does_not_help_a_small_one() -> None:
    assert count(("inwoner", "a", 2)).only_total


def test_residents_alone_may_be_shown_as_residents() -> None:
    assert count(("inwoner", "a", 3)).groups == (Group(("inwoner",), 3, (3, 0, 0)),)


def test_a_tie_names_all_leaders_in_the_order_of_the_letters() -> None:
    tally = count(("inwoner", "c", 4), ("wijkprofessional", "a", 4))
    assert (tally.leaders, tally.is_tie) == (("a", "c"), True)


def test_hands_and_phones_of_a_role_are_added() -> None:
    hands = [Votes("inwoner", "a", 3)]
    tally = count_votes([Votes("inwoner", "a", 2)], hands, answers=ANSWERS, roles=ROLES)
    assert (tally.totals, tally.voters) == ((5, 0, 0), 5)


def test_one_phone_among_hands_that_everybody_saw_is_not_shown_apart() -> None:
    votes = [Votes("inwoner", "a", 5), Votes("wijkprofessional", "a", 3), Votes("beleidsambtenaar", "b", 1)]
    tally = count_votes(votes, [Votes("beleidsambtenaar", "a", 2)], answers=ANSWERS, roles=ROLES)
    assert tally.groups == (
        Group(("inwoner",), 5, (5, 0, 0)),
        Group(("wijkprofessional", "beleidsambtenaar"), 6, (5, 1, 0)),
    )


def test_a_role_of_hands_alone_has_nothing_to_hide() -> None:
    hands = [Votes("inwoner", "a", 3)]
    assert count_votes([], hands, answers=ANSWERS, roles=ROLES).groups == (Group(("inwoner",), 3, (3, 0, 0)),)


@pytest.mark.parametrize("vote", [("onbekend", "a", 1), ("inwoner", "z", 1)])
def test_a_vote_that_was_never_valid_is_an_error(vote: tuple[str, str, int]) -> None:
    with pytest.raises(ValueError, match="no such vote"):
        count(vote)


votes = st.lists(st.builds(Votes, st.sampled_from(ROLES), st.sampled_from(ANSWERS), st.integers(1, 9)), max_size=12)


@given(votes)
def test_whatever_the_votes_no_group_below_the_floor_is_shown_or_can_be_computed(cast: list[Votes]) -> None:
    tally = count_votes(cast, answers=ANSWERS, roles=ROLES)
    assert all(group.voters >= FLOOR for group in tally.groups)
    # What is left when the shown groups are taken from the total is nothing, or everything.
    assert sum(group.voters for group in tally.groups) in (0, tally.voters)


@given(votes)
def test_groups_add_up_to_the_total_answer_by_answer(cast: list[Votes]) -> None:
    tally = count_votes(cast, answers=ANSWERS, roles=ROLES)
    if tally.groups:
        assert tuple(map(sum, zip(*(group.counts for group in tally.groups), strict=True))) == tally.totals
    assert sum(tally.totals) == tally.voters == sum(vote.number for vote in cast)


@given(votes)
def test_each_role_that_voted_is_in_exactly_one_group_or_none_is(cast: list[Votes]) -> None:
    tally = count_votes(cast, answers=ANSWERS, roles=ROLES)
    shown = [role for group in tally.groups for role in group.roles]
    assert sorted(shown) == sorted({vote.role for vote in cast} if tally.groups else [])
