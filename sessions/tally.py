"""Votes -> counts per answer and role, with the rule that protects small groups.

Pure. A role with fewer than `FLOOR` voters is counted together with the next smallest: hiding it alone would not
help, because the total minus the other roles gives it back. If even that pool stays too small, only the total shows.
Hands are raised in public: they count as voters, but one or two phones among them have nobody to hide behind, for
whoever saw the hands could subtract them.
Whatever leaves the server about a result is made here, so beamer, phone, summary and export agree.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

FLOOR = 3


class Votes(NamedTuple):
    """`number` votes of one role for one answer. Phones and counted hands may each give their own."""

    role: str
    answer: str
    number: int


class Group(NamedTuple):
    """Roles whose votes are shown as one: usually one role, more when some were too small to show alone."""

    roles: tuple[str, ...]
    voters: int
    counts: tuple[int, ...]  # in the order of the answers

    @property
    def is_pooled(self) -> bool:
        return len(self.roles) > 1


class Tally(NamedTuple):
    """A result that may be shown. `groups` is empty when only the total may be shown."""

    answers: tuple[str, ...]
    totals: tuple[int, ...]
    voters: int
    groups: tuple[Group, ...]
    leaders: tuple[str, ...]  # the answer with most votes; several in a tie; none without votes

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
    floor: int = FLOOR,
) -> Tally:
    """Count votes (of phones) and hands for `answers`, in the order of the letters, by `roles`, in that of the content.

    Raises ValueError for a vote on an answer or by a role that is not in the list: such a vote was never valid.
    """
    counts = {role: [0] * len(answers) for role in roles}
    phones = dict.fromkeys(roles, 0)
    for source, secret in ((votes, 1), (hands, 0)):
        for role, answer, number in source:
            if role not in counts or answer not in answers:
                raise ValueError(f"no such vote: {role} for {answer}")
            counts[role][answers.index(answer)] += number
            phones[role] += secret * number
    totals = tuple(sum(column) for column in zip(*counts.values(), strict=True)) if counts else (0,) * len(answers)
    highest = max(totals, default=0)
    return Tally(
        answers=tuple(answers),
        totals=totals,
        voters=sum(totals),
        groups=_pool_small_groups(counts, phones, list(roles), floor),
        leaders=tuple(answer for answer, total in zip(answers, totals, strict=True) if total == highest > 0),
    )


def _pool_small_groups(
    counts: dict[str, list[int]], phones: dict[str, int], order: list[str], floor: int
) -> tuple[Group, ...]:
    def is_too_small(group: Group) -> bool:
        return group.voters < floor or 0 < sum(phones[role] for role in group.roles) < floor

    groups = [Group((role,), sum(counts[role]), tuple(counts[role])) for role in order if sum(counts[role])]
    while small := [group for group in groups if is_too_small(group)]:
        if len(groups) == 1:
            return ()
        smallest = min(small, key=lambda group: (group.voters, order.index(group.roles[0])))
        others = [group for group in groups if group is not smallest]
        partner = min(others, key=lambda group: (group.voters, order.index(group.roles[0])))
        groups = [group for group in others if group is not partner]
        groups.append(_merge(smallest, partner, order))
    if len(groups) == 1 and groups[0].is_pooled:
        return ()  # everybody in one pool is the total again
    return tuple(sorted(groups, key=lambda group: order.index(group.roles[0])))


def _merge(one: Group, other: Group, order: list[str]) -> Group:
    return Group(
        tuple(sorted(one.roles + other.roles, key=order.index)),
        one.voters + other.voters,
        tuple(a + b for a, b in zip(one.counts, other.counts, strict=True)),
    )
