"""Counting, ties, and the rules that keep one person's vote from being seen."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.rules.tally import FLOOR, NO_FLOOR, Group, Pools, Tally, Votes, count_votes, find_exposed

ANSWERS = ["a", "b", "c"]
INW, PROF, AMB, OND = ROLES = ["inwoner", "wijkprofessional", "beleidsambtenaar", "ondernemer"]
THREE = ROLES[:3]
EVERYBODY = tuple(ROLES)


def count(
    *votes: tuple[str, str, int], hands: Sequence[tuple[str, str, int]] = (), pools: Pools = (), floor: int = FLOOR
) -> Tally:
    return count_votes(
        [Votes(*vote) for vote in votes],
        [Votes(*hand) for hand in hands],
        answers=ANSWERS,
        roles=ROLES,
        pools=pools,
        floor=floor,
    )


def test_no_votes_give_zeroes_no_groups_and_no_leader() -> None:
    nothing = count()
    assert nothing == Tally(("a", "b", "c"), (0, 0, 0), ())
    assert (nothing.voters, nothing.leaders, nothing.only_total) == (0, (), False)


def test_large_enough_roles_are_counted_apart() -> None:
    tally = count((INW, "a", 5), (PROF, "a", 1), (PROF, "b", 2))
    assert tally.groups == (Group((INW,), 5, (5, 0, 0)), Group((PROF,), 3, (1, 2, 0)))
    assert (tally.totals, tally.voters, tally.leaders, tally.pools) == ((6, 2, 0), 8, ("a",), ())


# ---- One or two phones in a round ----


@pytest.mark.parametrize("phones", [1, 2])
def test_one_or_two_phones_are_held_back(phones: int) -> None:
    tally = count((INW, "a", phones))
    assert (tally.totals, tally.groups, tally.leaders) == ((0, 0, 0), (), ())
    assert (tally.voters, tally.phones, tally.held_back) == (0, 0, phones)


def test_hands_beside_one_phone_are_shown_alone() -> None:
    tally = count((INW, "b", 1), hands=[(INW, "a", 8), (PROF, "c", 3)])
    assert (tally.totals, tally.voters, tally.leaders) == ((8, 0, 3), 11, ("a",))
    assert tally.groups == (Group((INW,), 8, (8, 0, 0)), Group((PROF,), 3, (0, 0, 3)))
    assert (tally.phones, tally.hands, tally.held_back) == (0, 11, 1)


def test_hands_alone_show_everything() -> None:
    tally = count(hands=[(INW, "a", 3), (PROF, "b", 1)])
    assert tally.groups == (Group((INW,), 3, (3, 0, 0)), Group((PROF,), 1, (0, 1, 0)))


def test_three_phones_are_shown() -> None:
    assert count((INW, "a", 3)).groups == (Group((INW,), 3, (3, 0, 0)),)


def test_a_practice_shows_one_phone() -> None:
    tally = count((INW, "a", 1), floor=NO_FLOOR)
    assert (tally.totals, tally.groups, tally.held_back) == ((1, 0, 0), (Group((INW,), 1, (1, 0, 0)),), 0)


# ---- Small roles ----


@pytest.mark.parametrize("residents", [4, 6, 60])
def test_a_small_role_goes_with_the_next_role_whatever_the_numbers(residents: int) -> None:
    tally = count((INW, "a", residents), (PROF, "b", 1), (AMB, "a", 5))
    assert tally.groups == (Group((INW,), residents, (residents, 0, 0)), Group((PROF, AMB), 6, (5, 1, 0)))
    assert tally.pools == ((PROF, AMB),)


def test_the_last_role_goes_with_the_one_before() -> None:
    tally = count((INW, "a", 16), (AMB, "b", 4), (OND, "a", 2))
    assert tally.groups == (Group((INW,), 16, (16, 0, 0)), Group((AMB, OND), 6, (2, 4, 0)))


def test_a_pool_that_is_still_too_small_leaves_only_the_total() -> None:
    tally = count((INW, "a", 9), (PROF, "b", 1))
    assert (tally.groups, tally.only_total, tally.totals) == ((), True, (9, 1, 0))


def test_only_the_total_stays_only_the_total_in_this_question() -> None:
    first = count((INW, "a", 9), (PROF, "b", 1))
    assert first.pools == (EVERYBODY,)
    assert count((INW, "a", 9), (PROF, "b", 3), pools=first.pools).groups == ()


def test_what_was_counted_together_stays_so_in_this_question() -> None:
    first = count((INW, "a", 4), (PROF, "b", 1), (AMB, "b", 5))
    then = count((INW, "a", 4), (PROF, "b", 4), (AMB, "b", 5), pools=first.pools)
    assert then.groups == (Group((INW,), 4, (4, 0, 0)), Group((PROF, AMB), 9, (0, 9, 0)))


def test_small_roles_in_a_row_go_together() -> None:
    tally = count((INW, "a", 5), (PROF, "b", 1), (AMB, "b", 1), (OND, "c", 4))
    assert tally.groups == (Group((INW,), 5, (5, 0, 0)), Group((PROF, AMB, OND), 6, (0, 2, 4)))


def test_one_phone_among_hands_that_everybody_saw_is_not_shown_apart() -> None:
    tally = count((INW, "a", 5), (PROF, "a", 1), (AMB, "b", 4), hands=[(PROF, "a", 2)])
    assert tally.groups == (Group((INW,), 5, (5, 0, 0)), Group((PROF, AMB), 7, (3, 4, 0)))


def test_an_answer_that_only_one_of_a_pool_may_give_does_not_tell_who_gave_it() -> None:
    votes = [Votes(INW, "a", 5), Votes(PROF, "b", 1), Votes(AMB, "a", 4)]
    tally = count_votes(votes, answers=ANSWERS, roles=THREE, bound={"b": (INW, PROF)})
    assert tally.groups == ()  # a "b" among professionals and civil servants would be of the one professional


# ---- Ties and adding up ----


def test_a_tie_names_all_leaders_in_the_order_of_the_letters() -> None:
    tally = count((INW, "c", 4), (PROF, "a", 4))
    assert (tally.leaders, tally.is_tie) == (("a", "c"), True)


def test_hands_and_phones_of_a_role_are_added() -> None:
    tally = count((INW, "a", 3), hands=[(INW, "a", 3)])
    assert (tally.totals, tally.voters, tally.phones, tally.hands) == ((6, 0, 0), 6, 3, 3)


@pytest.mark.parametrize("vote", [("onbekend", "a", 1), (INW, "z", 1)])
def test_a_vote_that_was_never_valid_is_an_error(vote: tuple[str, str, int]) -> None:
    with pytest.raises(ValueError, match="no such vote"):
        count(vote)


# ---- Answers that tell who chose them ----


def test_the_only_one_who_can_choose_an_answer_is_exposed_by_it() -> None:
    bound = {"a": (INW,), "b": (PROF, AMB), "c": (AMB,)}
    assert find_exposed(bound, {INW: 5, PROF: 1, AMB: 0}) == {"b": 1}
    assert find_exposed(bound, {INW: 5, PROF: 1, AMB: 1}) == {"b": 2, "c": 1}
    assert find_exposed(bound, {INW: 5, PROF: 1, AMB: 3}) == {}


def test_where_no_phone_is_shown_no_answer_tells_anything() -> None:
    assert find_exposed({"b": (PROF,)}, {INW: 1, PROF: 1}) == {}


# ---- Whatever the votes ----

votes = st.lists(st.builds(Votes, st.sampled_from(ROLES), st.sampled_from(ANSWERS), st.integers(1, 9)), max_size=12)
pools = st.lists(st.sets(st.sampled_from(ROLES), min_size=2), max_size=2)
bound = st.dictionaries(st.sampled_from(ANSWERS), st.sets(st.sampled_from(ROLES), min_size=1), max_size=2)


@given(votes, votes, pools)
def test_no_group_shows_one_or_two_phones_or_lets_them_be_computed(
    cast: list[Votes], hands: list[Votes], earlier: list[set[str]]
) -> None:
    tally = count_votes(cast, hands, answers=ANSWERS, roles=ROLES, pools=earlier)
    phones = {role: sum(vote.number for vote in cast if vote.role == role) for role in ROLES}
    if tally.held_back:
        assert tally.held_back == sum(phones.values()) < FLOOR
        phones = dict.fromkeys(ROLES, 0)
    for group in tally.groups:
        assert sum(phones[role] for role in group.roles) == 0 or sum(phones[role] for role in group.roles) >= FLOOR
    # What is left when the shown groups are taken from the total is nothing, or everything.
    assert sum(group.voters for group in tally.groups) in (0, tally.voters)


@given(votes, votes, pools)
def test_roles_that_were_counted_together_are_never_shown_apart_again(
    cast: list[Votes], later: list[Votes], earlier: list[set[str]]
) -> None:
    first = count_votes(cast, answers=ANSWERS, roles=ROLES, pools=earlier)
    then = count_votes(later, answers=ANSWERS, roles=ROLES, pools=first.pools)
    for pool in (*earlier, *first.pools):
        for group in then.groups:
            # All of a pool that voted is in one group.
            assert not set(group.roles) & set(pool) or set(pool) <= set(group.roles)


@given(votes, votes)
def test_groups_add_up_to_the_total_answer_by_answer(cast: list[Votes], hands: list[Votes]) -> None:
    tally = count_votes(cast, hands, answers=ANSWERS, roles=ROLES)
    if tally.groups:
        assert tuple(map(sum, zip(*(group.counts for group in tally.groups), strict=True))) == tally.totals
    assert tally.voters == tally.phones + tally.hands == sum(tally.totals)
    assert tally.phones + tally.held_back == sum(vote.number for vote in cast)


@given(votes, bound)
def test_no_answer_in_a_pool_tells_which_of_its_roles_gave_it(cast: list[Votes], able: dict[str, set[str]]) -> None:
    tally = count_votes(cast, answers=ANSWERS, roles=ROLES, bound=able)
    phones = {role: sum(vote.number for vote in cast if vote.role == role) for role in ROLES}
    for group in tally.groups:
        for roles in able.values():
            inside = sum(phones[role] for role in group.roles if role in roles)
            # Fewer than three are only there when the total says as much, and those phones were told so.
            assert inside == 0 or inside >= FLOOR or sum(phones[role] for role in roles) < FLOOR
