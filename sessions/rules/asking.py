"""What a round asks, who may answer it, and whether an answer counts now: the one place that says so. Pure.

A question of a tree asks its answers, as the pinned edition has them. Every other kind keeps the texts that it asked,
for what they are about may change later. See `docs/adr/0016`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from content.graph import LETTERS, Library, Node
from sessions.rules.refusals import Reason
from sessions.rules.state import Asking, Kind, Option, Status, Ticket, find_current, find_node

UNCLOSED: tuple[Status, ...] = ("reading", "open")  # a change of role takes back a vote in these
UNSHOWN: tuple[Status, ...] = (*UNCLOSED, "closed")  # hands can be counted, and no result is seen yet
MOST_PLACES: Mapping[Kind, int] = {"support": 3}  # choices of one person; elsewhere it is one


class Ballot(NamedTuple):
    """One vote on its way in. The participant is of one session, so a ballot need not say which.

    It holds all that somebody chooses in a round: where that can be several, `more` are those after the first.
    """

    participant: int
    round: int  # the number of the round in its session
    answer: str  # empty: take my vote back
    role: str | None = None  # the role that the phone showed, when it says so
    cast_as: str = ""  # in an other-role round: the role that somebody puts themselves in
    source: str = "phone"  # or table: a device that several people share
    more: tuple[str, ...] = ()  # see `MOST_PLACES`

    @property
    def choices(self) -> tuple[str, ...]:
        """Each answer once, in the order of the taps; none when the vote is taken back."""
        return tuple(dict.fromkeys((self.answer, *self.more))) if self.answer else ()


class Voter(NamedTuple):
    """Who votes: in which role, and what somebody got who came while a vote was open."""

    role: str
    ticket: Ticket | None = None


def list_options(round_: Asking, library: Library) -> tuple[Option, ...]:
    """What this round asks, in the order of the letters; nothing at the end of a tree."""
    return list_answers(find_node(round_, library))


def list_answers(node: Node) -> tuple[Option, ...]:
    """What a question of a tree asks."""
    return tuple(Option(answer.slug, answer.text, answer.roles) for answer in node.answers)


def find_open_to(options: Iterable[Option], role: str) -> tuple[str, ...]:
    """The options that somebody in this role may choose."""
    return tuple(option.slug for option in options if role in option.roles)


def find_bound(options: Iterable[Option], roles: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The options that not every role may choose, with the roles that may."""
    return {option.slug: option.roles for option in options if len(option.roles) < len(roles)}


def find_letter(options: Sequence[Option], slug: str) -> str:
    """The letter that an option carries on every screen: its place in the list."""
    return LETTERS[[option.slug for option in options].index(slug)]


def find_ticket(rounds: Sequence[Asking]) -> Ticket | None:
    """What somebody gets who comes in now. None when they may vote at once.

    While a vote is open a newcomer waits for the facilitator, so that nobody comes in again and again to vote. At the
    first question everybody is still coming in.
    """
    current = find_current(rounds)
    if current is None or current.status not in ("open", "closed"):
        return None
    if all((round_.place, round_.visit) == (current.place, current.visit) for round_ in rounds):
        return None
    return Ticket(current.number, current.let_ins)


def is_waiting(current: Asking | None, ticket: Ticket | None) -> bool:
    """Whether the holder of this ticket may not vote yet. At the next question nobody waits any more."""
    return bool(current and ticket and ticket.round == current.number and ticket.turn >= current.let_ins)


def judge_round(number: int, current: Asking | None, *, paused: bool, ended: bool) -> Reason | None:
    """Why nothing can be given in the round with this number, or None: it is the round of now."""
    if ended:
        return Reason.ENDED
    if current is None or current.number != number:
        return Reason.ROUND_OLD
    return Reason.PAUSED if paused else None


def judge_ballot(ballot: Ballot, voter: Voter, current: Asking, options: Sequence[Option]) -> Reason | None:
    """Why this ballot cannot count in the round of now, or None."""
    if current.status != "open":
        return Reason.ROUND_READING if current.status == "reading" else Reason.ROUND_CLOSED
    if not voter.role:
        return Reason.WATCHING
    if is_waiting(current, voter.ticket):
        return Reason.WAITS
    if ballot.role not in (None, voter.role):
        return Reason.ROLE_CHANGED
    if len(ballot.choices) > MOST_PLACES.get(current.kind, 1):
        return Reason.TOO_MANY_CHOICES
    if ballot.choices and (ballot.cast_as != "") != (current.kind == "other-role"):
        return Reason.OTHER_ROLE
    if ballot.choices and ballot.cast_as == voter.role:
        return Reason.OTHER_ROLE
    judged = (judge_answer(options, ballot.cast_as or voter.role, answer) for answer in ballot.choices)
    return next(filter(None, judged), None)


def judge_answer(options: Sequence[Option], role: str, answer: str) -> Reason | None:
    """Why somebody in this role cannot choose this, or None. For a phone and for a raised hand alike."""
    for option in options:
        if option.slug == answer:
            return None if role in option.roles else Reason.OTHER_ROLE
    return Reason.UNKNOWN_ANSWER
