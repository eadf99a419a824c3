"""Votes -> counts per answer and role, with the rules that keep one person's vote from being seen.

Pure. Whatever leaves the server about a result is made here once, at its reveal, and kept as it was shown: so beamer,
phone, console, summary and text agree, also when a phone is wiped later. See `docs/adr/0003`.

1. One or two phones in a round have nobody to hide behind: their part is held back. Hands were raised for all to see.
2. A role with one or two phones is counted together with the next role in the order of the content (the last with the
   one before), whatever the numbers. A partner that depends on them would change between two votes on one question, and
   two pages subtracted would give a vote. Is that pool too small as well, then only the total shows.
3. What was counted together once stays so in every round of that question.
4. Where roles that are counted together may not give the same answers, an answer may show which of them gave it. Were
   those one or two phones, then only the total shows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

FLOOR = 3  # phones: fewer have nobody to hide behind
NO_FLOOR = 1  # a practice meeting shows everything

Pools = tuple[tuple[str, ...], ...]


class Votes(NamedTuple):
    """`number` votes of one role for one answer. Phones and counted hands may each give their own."""

    role: str
    answer: str
    number: int


class Group(msgspec.Struct, frozen=True):
    """Roles whose votes are shown as one: usually one role, more when some were too small to show alone."""

    roles: tuple[str, ...]
    voters: int
    counts: tuple[int, ...]  # in the order of the answers

    @property
    def is_pooled(self) -> bool:
        return len(self.roles) > 1


class Tally(msgspec.Struct, frozen=True):
    """A result as it may be shown. `groups` is empty when only the total may be shown.

    `pools` are the roles that are counted together from now on in this question; all roles where only the total shows.
    """

    answers: tuple[str, ...]
    totals: tuple[int, ...]  # without the phones that are held back
    groups: tuple[Group, ...]
    phones: int = 0  # that are in the totals
    hands: int = 0
    held_back: int = 0  # phones that voted, too few to show
    pools: Pools = ()

    @property
    def voters(self) -> int:
        """Phones and hands in the totals."""
        return sum(self.totals)

    @property
    def leaders(self) -> tuple[str, ...]:
        """The answer with most votes; several in a tie; none without votes."""
        highest = max(self.totals, default=0)
        return tuple(answer for answer, total in zip(self.answers, self.totals, strict=True) if total == highest > 0)

    @property
    def is_tie(self) -> bool:
        return len(self.leaders) > 1

    @property
    def is_pooled(self) -> bool:
        return any(group.is_pooled for group in self.groups)

    @property
    def only_total(self) -> bool:
        """Votes were given, but the groups are too small to show apart."""
        return bool(self.voters) and not self.groups


def count_votes(
    votes: Iterable[Votes],
    hands: Iterable[Votes] = (),
    *,
    answers: Sequence[str],
    roles: Sequence[str],
    people: Mapping[str, int] | None = None,
    pools: Iterable[Collection[str]] = (),
    bound: Mapping[str, Collection[str]] = MappingProxyType({}),
    floor: int = FLOOR,
) -> Tally:
    """Count votes (of phones) and hands for `answers`, in the order of the letters, by `roles`, in that of the content.

    `people` are the phones of each role that voted, where one phone gives several votes: the floor is one of people.
    `pools` are the roles that earlier rounds of this question counted together; `bound` are the answers that not every
    role may give, with the roles that may. Raises ValueError for a vote on an answer or by a role that is not in the
    list: such a vote was never valid.
    """
    secret, public = _count(votes, answers, roles), _count(hands, answers, roles)
    phones = {role: sum(counts) if people is None else people.get(role, 0) for role, counts in secret.items()}
    voted = sum(phones.values())
    held_back = voted if voted < floor else 0
    if held_back:
        secret, phones = _count((), answers, roles), dict.fromkeys(roles, 0)
    joined = _join_small(phones, list(roles), [set(pool) for pool in pools], floor)
    groups = [_make_group(pool, secret, public) for pool in joined]
    groups = [group for group in groups if group.voters]
    if any(_gives_away(group, phones, bound, floor) for group in groups):
        joined, groups = [tuple(roles)], []
    elif len(groups) == 1 and groups[0].is_pooled:
        groups = []  # everybody in one pool is the total again
    return Tally(
        answers=tuple(answers),
        totals=tuple(sum(column) for column in zip(*secret.values(), *public.values(), strict=True)),
        groups=tuple(groups),
        phones=voted - held_back,
        hands=_sum(public),
        held_back=held_back,
        pools=tuple(pool for pool in joined if len(pool) > 1),
    )


def find_exposed(
    bound: Mapping[str, Collection[str]], phones: Mapping[str, int], *, floor: int = FLOOR
) -> dict[str, int]:
    """The answers that give away who chose them: answer -> the one or two phones that can choose it.

    `bound` are the answers that not every role may give, with the roles that may; `phones` the phones of each role that
    can vote. Where a round has too few phones in all, nothing is shown, so nothing is given away.
    """
    if sum(phones.values()) < floor:
        return {}
    able = {answer: sum(phones.get(role, 0) for role in roles) for answer, roles in bound.items()}
    return {answer: count for answer, count in able.items() if 0 < count < floor}


def _count(votes: Iterable[Votes], answers: Sequence[str], roles: Sequence[str]) -> dict[str, list[int]]:
    counts = {role: [0] * len(answers) for role in roles}
    for role, answer, number in votes:
        if role not in counts or answer not in answers:
            raise ValueError(f"no such vote: {role} for {answer}")
        counts[role][answers.index(answer)] += number
    return counts


def _sum(counts: Mapping[str, list[int]]) -> int:
    return sum(map(sum, counts.values()))


def _join_small(
    phones: Mapping[str, int], order: list[str], pools: list[set[str]], floor: int
) -> list[tuple[str, ...]]:
    """All roles, those that are counted together in one tuple."""
    for place, role in enumerate(order[: len(order) if len(order) > 1 else 0]):
        if 0 < phones[role] < floor:
            pools = [*pools, {role, order[place + 1] if place + 1 < len(order) else order[place - 1]}]
    joined: list[set[str]] = []
    for pool in [*({role} for role in order), *pools]:
        touching = [other for other in joined if other & pool]
        joined = [other for other in joined if not other & pool] + [pool.union(*touching)]
    return [
        tuple(role for role in order if role in pool)
        for pool in sorted(joined, key=lambda pool: min(map(order.index, pool)))
    ]


def _gives_away(group: Group, phones: Mapping[str, int], bound: Mapping[str, Collection[str]], floor: int) -> bool:
    """Whether one or two phones stand alone in this group, or in it with an answer that others could give elsewhere."""
    if 0 < sum(phones[role] for role in group.roles) < floor:
        return True
    return any(
        0 < sum(phones[role] for role in group.roles if role in able) < floor <= sum(phones[role] for role in able)
        for able in bound.values()
    )


def _make_group(roles: tuple[str, ...], *sources: Mapping[str, list[int]]) -> Group:
    counts = tuple(sum(column) for column in zip(*(source[role] for source in sources for role in roles), strict=True))
    return Group(roles, sum(counts), counts)
